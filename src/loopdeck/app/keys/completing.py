"""The slash commands that a text may become."""

from collections.abc import Callable, Container, Sequence

from loopdeck.app.keys.offering import Offering
from loopdeck.app.keys.slash import MARK, Place, Slash, matching


class Completion(Offering[Slash]):
    """The commands that are offered.

    `more` gives commands that are in no table, those that others bring along; `without` names
    those of the table that could do nothing now.
    """

    def __init__(self, place: Place = Place.DECK) -> None:
        super().__init__()
        self.more: Callable[[], Sequence[Slash]] = tuple
        self.without: Callable[[], Container[str]] = tuple
        self._place = place

    def fitting(self) -> list[Slash]:
        """The commands whose names begin so."""
        return matching(self.text, self._place, self.more(), self.without())

    def is_whole(self, one: Slash) -> bool:
        """Whether enter runs what was typed: another key would add nothing to its name."""
        return self.text.removeprefix(MARK).split(" ")[0].lower() == one.name

    def with_it(self, one: Slash) -> str:
        """The command by its whole name, with room for what it takes."""
        return f"{MARK}{one.name}" + " " * bool(one.takes)
