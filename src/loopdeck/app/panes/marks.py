"""The list of bookmarks and notes, to go to one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.paint.lines import Line, Part, cut_line
from loopdeck.app.panes.cursor import CursorList


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked moment: its name, the event and the step it is about, and the safe words."""

    name: str
    at: int
    step: int
    words: str


class MarkList(CursorList):
    """One line a mark."""

    DEFAULT_CSS = """
    MarkList { height: auto; max-height: 24; background: $surface; }
    """

    def __init__(self, marks: Sequence[Marked], opened: Callable[[], None]) -> None:
        super().__init__()
        self.marks = marks
        self._opened = opened

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.marks)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return cut_line((Part(f"{'':<6}{'step':>5}   what it says", "muted"),), cells)

    def row(self, at: int, cells: int) -> Line:
        """One mark."""
        mark = self.marks[at]
        step = Part(f"{mark.step:>5}   ")
        return cut_line((Part(f"{mark.name:<6}", "accent"), step, Part(mark.words)), cells)

    def opened(self) -> None:
        """A double click goes there as enter does."""
        self._opened()


class MarksScreen(ModalScreen[int | None]):
    """Gives back the event to go to; `None` stays."""

    DEFAULT_CSS = """
    MarksScreen {
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

    def __init__(self, marks: Sequence[Marked]) -> None:
        super().__init__()
        self._marks = marks

    def compose(self) -> ComposeResult:
        """The marks in a frame."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content("Bookmarks and notes")
            frame.border_subtitle = Content("enter goes there · escape")
            yield MarkList(self._marks, self.action_choose)

    def on_mount(self) -> None:
        """The first one is chosen."""
        found = self.query_one(MarkList)
        self.set_focus(found)
        found.renew(0)

    def action_choose(self) -> None:
        """Go there."""
        self.dismiss(self._marks[self.query_one(MarkList).cursor].at)

    def action_leave(self) -> None:
        """Stay."""
        self.dismiss(None)
