"""The question which rows of the loop to show, asked over the deck."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.filtering import Filter
from loopdeck.app.paint.filters import choice_line, heading_line
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.cursor import CursorList


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter, or `None` for every row, and how many rows pass it."""

    filter: Filter | None
    passing: int


class ChoiceList(CursorList):
    """One line a filter."""

    DEFAULT_CSS = """
    ChoiceList { height: auto; max-height: 24; background: $surface; }
    """

    def __init__(self, choices: Sequence[Choice], opened: Callable[[], None]) -> None:
        super().__init__()
        self.choices = choices
        self._opened = opened

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.choices)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One filter."""
        choice = self.choices[at]
        return choice_line(choice.filter, choice.passing, cells)

    def opened(self) -> None:
        """A double click chooses as enter does."""
        self._opened()


class SieveScreen(ModalScreen[Choice | None]):
    """Gives back what was chosen; `None` leaves the loop as it is."""

    DEFAULT_CSS = """
    SieveScreen {
        align: center middle;
        background: $background 60%;
        #frame {
            width: 48; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 0 1;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        LineList { background: $surface; scrollbar-background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("o", "leave", show=False, id="only"),
        Binding("enter", "choose", show=False),
        Binding("question_mark", "app.help", show=False, id="help"),
        Binding("ctrl+q", "app.quit", show=False, id="quit"),
    ]

    def __init__(self, choices: Sequence[Choice], now: Filter | None) -> None:
        super().__init__()
        self._choices = choices
        self._now = now

    def compose(self) -> ComposeResult:
        """The filters in a frame."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content("Show in the loop")
            frame.border_subtitle = Content("enter shows · escape")
            yield ChoiceList(self._choices, self.action_choose)

    def on_mount(self) -> None:
        """The cursor stands on what is shown now."""
        filters = [choice.filter for choice in self._choices]
        self._list.focus()
        self._list.renew(filters.index(self._now) if self._now in filters else 0)

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    def action_choose(self) -> None:
        """Show only these."""
        self.dismiss(self._choices[self._list.cursor])

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
