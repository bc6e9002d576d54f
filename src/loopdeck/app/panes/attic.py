"""The sessions that were put away, to bring one back."""

from collections.abc import Sequence
from typing import ClassVar

from loopdeck.app.paint.home import attic_heading, attic_line
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.choosing import ChoosingScreen
from loopdeck.ports.journal import PutAway


class AtticScreen(ChoosingScreen[PutAway]):
    """Gives back the session to restore; `None` leaves all where it is."""

    DEFAULT_CSS = """
    AtticScreen { #frame { width: 100; } }
    """
    TITLE_WORDS: ClassVar[str] = "The archive"
    DOES: ClassVar[str] = "brings it back"

    def __init__(self, kept: Sequence[PutAway], now: int) -> None:
        super().__init__(kept)
        self._now = now

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        return attic_heading(cells)

    def painted(self, thing: PutAway, cells: int) -> Line:
        """One session."""
        return attic_line(thing, self._now, cells)
