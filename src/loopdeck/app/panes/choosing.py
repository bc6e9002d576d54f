"""A list over the deck to choose one thing from: enter takes it, escape leaves."""

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.cursor import CursorList

T = TypeVar("T")


class ChoiceList(CursorList):
    """So many lines; `painted` makes each by its place."""

    DEFAULT_CSS = """
    ChoiceList { height: auto; max-height: 24; background: $surface; }
    """

    def __init__(
        self,
        size: int,
        heading: Callable[[int], Line],
        painted: Callable[[int, int], Line],
        opened: Callable[[], None],
        nothing: Callable[[int], Sequence[Line]],
    ) -> None:
        super().__init__()
        self.size_of_all = size
        self._heading = heading
        self._painted = painted
        self._opened = opened
        self._nothing = nothing

    @property
    def count(self) -> int:
        """How many there are."""
        return self.size_of_all

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return self._heading(cells)

    def row(self, at: int, cells: int) -> Line:
        """One thing."""
        return self._painted(at, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """What stands there without any."""
        return self._nothing(cells)

    def opened(self) -> None:
        """A double click chooses as enter does."""
        self._opened()

    def moved(self) -> None:
        """Another one may be looked at."""
        if self.count and isinstance(self.screen, ChoosingScreen):
            self.screen.looked_at()


class ChoosingScreen(ModalScreen[T | None]):
    """Gives back what was chosen, `None` for nothing. Who asks says what the lines look like."""

    DEFAULT_CSS = """
    ChoosingScreen {
        align: center middle;
        background: $background 60%;
        #frame {
            width: 72; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 0 1;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        LineList { background: $surface; scrollbar-background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("enter", "choose", show=False),
        Binding("question_mark", "app.help", show=False, id="help"),
        Binding("ctrl+q", "app.quit", show=False, id="quit"),
    ]
    TITLE_WORDS: ClassVar[str] = ""
    DOES: ClassVar[str] = ""

    def __init__(self, things: Sequence[T], first: int = 0) -> None:
        super().__init__()
        self._things = things
        self._first = first

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        raise NotImplementedError

    def painted(self, thing: T, cells: int) -> Line:
        """One thing as a line."""
        raise NotImplementedError

    def nothing(self, cells: int) -> Sequence[Line]:
        """What stands there while nothing is left to choose from."""
        del cells
        return ()

    def looked_at(self) -> None:
        """Called when the cursor may stand on another one."""

    def above(self) -> ComposeResult:
        """What stands over the list."""
        yield from ()

    def only(self, things: Sequence[T]) -> None:
        """Let only these be chosen from."""
        self._things = things
        found = self.query_one(ChoiceList)
        found.size_of_all = len(things)
        found.renew(0)

    @property
    def chosen(self) -> T:
        """What the cursor stands on."""
        return self._things[self.query_one(ChoiceList).cursor]

    def _line(self, at: int, cells: int) -> Line:
        return self.painted(self._things[at], cells)

    def compose(self) -> ComposeResult:
        """The list in a frame."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self.TITLE_WORDS)
            frame.border_subtitle = Content(f"enter {self.DOES} · escape")
            yield from self.above()
            yield ChoiceList(
                len(self._things), self.heading, self._line, self.action_choose, self.nothing
            )

    def on_mount(self) -> None:
        """The cursor stands where it was asked to."""
        found = self.query_one(ChoiceList)
        self.set_focus(found)
        found.renew(self._first)

    def action_choose(self) -> None:
        """Take this one."""
        if self._things:
            self.dismiss(self.chosen)

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
