"""The list of bookmarks and notes, to go to one of them."""

from dataclasses import dataclass
from typing import ClassVar

from loopdeck.app.paint.lines import Line, Part, cut_line
from loopdeck.app.panes.choosing import ChoosingScreen


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked moment: its name, the event and the step it is about, and the safe words."""

    name: str
    at: int
    step: int
    words: str


class MarksScreen(ChoosingScreen[Marked]):
    """Gives back the mark to go to; `None` stays."""

    TITLE_WORDS: ClassVar[str] = "Bookmarks and notes"
    DOES: ClassVar[str] = "goes there"

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        return cut_line((Part(f"{'':<6}{'step':>5}   what it says", "muted"),), cells)

    def painted(self, thing: Marked, cells: int) -> Line:
        """One mark."""
        step = Part(f"{thing.step:>5}   ")
        return cut_line((Part(f"{thing.name:<6}", "accent"), step, Part(thing.words)), cells)
