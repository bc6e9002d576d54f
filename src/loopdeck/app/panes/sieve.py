"""The question which rows of the loop to show, asked over the deck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.paint.filters import choice_line, heading_line
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.choosing import ChoosingScreen
from loopdeck.app.view.filtering import Filter


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter, or `None` for every row, and how many rows pass it."""

    filter: Filter | None
    passing: int


class SieveScreen(ChoosingScreen[Choice]):
    """Gives back what was chosen; `None` leaves the loop as it is."""

    DEFAULT_CSS = """
    SieveScreen { #frame { width: 48; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "leave", show=False, id="only")]
    TITLE_WORDS: ClassVar[str] = "Show in the loop"
    DOES: ClassVar[str] = "shows"

    def __init__(self, choices: Sequence[Choice], now: Filter | None) -> None:
        filters = [choice.filter for choice in choices]
        super().__init__(choices, filters.index(now) if now in filters else 0)

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def painted(self, thing: Choice, cells: int) -> Line:
        """One filter."""
        return choice_line(thing.filter, thing.passing, cells)
