"""A screen over the whole deck that sums a session up to a moment: a list, and more about one."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.paint.lines import Line, prose
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.lines import Build, LineView

R = TypeVar("R")
T = TypeVar("T")

READING = "Reading the session …"


class OverviewList(CursorList, Generic[T]):
    """Its list: it says to the screen which row is chosen, and where a double click goes."""

    none = ""
    """What stands there while there are no rows."""

    def __init__(self, chosen: Callable[[], None], opened: Callable[[], None]) -> None:
        super().__init__(id="list")
        self.things: Sequence[T] = ()
        self._chosen = chosen
        self._opened = opened

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.things)

    @property
    def thing(self) -> T | None:
        """The one under the cursor."""
        return self.things[self.cursor] if self.cursor < len(self.things) else None

    def nothing(self, cells: int) -> Sequence[Line]:
        """Why it is empty."""
        return prose(self.none, cells, "muted")

    def moved(self) -> None:
        """The chosen one is shown below."""
        self._chosen()

    def opened(self) -> None:
        """A double click goes where enter goes."""
        self._opened()


class Overview(ModalScreen[R]):
    """The frame, a line of sums, the list and the view of the chosen one."""

    DEFAULT_CSS = """
    Overview {
        background: $background;
        #frame {
            border: round $loop-border-focus; padding: 0 1;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        #list { height: 1fr; margin: 1 0 0 0; }
        #more { height: 1fr; margin: 1 0 0 0; border-top: solid $loop-border; }
        #sums {
            height: auto; max-height: 3; overflow: hidden hidden; scrollbar-gutter: auto;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("enter", "open", show=False),
        Binding("tab,shift+tab", "app.focus_next", show=False),
        Binding("t", "app.next_theme", show=False, id="theme"),
        Binding("question_mark", "app.help", show=False, id="help"),
        Binding("ctrl+q", "app.quit", show=False, id="quit"),
    ]

    _title = ""
    ticks = False
    """Whether it says something else each second, though nothing happens."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="frame"):
            yield LineView(id="sums")
            yield self.make_list()
            more = LineView(id="more")
            more.can_focus = True
            yield more

    def make_list(self) -> CursorList:
        """The list, with the id `list`."""
        raise NotImplementedError

    @property
    def more(self) -> LineView:
        """What stands under the list."""
        return self.query_one("#more", LineView)

    def entitle(self, title: str, keys: str) -> None:
        """Say in the frame what this is and which keys work."""
        self._title = title
        frame = self.query_one("#frame")
        frame.border_title = Content(title)
        frame.border_subtitle = Content(keys)

    def upto(self, words: str) -> None:
        """Say in the title which moment this is; nothing at the end."""
        self.query_one("#frame").border_title = Content(f"{self._title}{words}")

    def say(self, build: Build) -> None:
        """Put words above the list."""
        self.query_one("#sums", LineView).show_lines(build)

    def reading(self) -> None:
        """Say that the session is being read."""
        self.say(lambda cells: prose(READING, cells, "muted"))

    def action_leave(self) -> None:
        """Close it; the deck is as it was."""
        self.dismiss(None)

    def action_open(self) -> None:
        """Go to where the chosen one happened."""
        raise NotImplementedError
