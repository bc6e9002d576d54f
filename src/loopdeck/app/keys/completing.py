"""The slash commands that a text may become, and the keys that choose one of them."""

from collections.abc import Callable, Container, Sequence

from loopdeck.app.keys.slash import MARK, Place, Slash, matching

_KEYS = frozenset({"up", "down", "tab", "enter", "escape"})


class Completion:
    """Belongs to a box that is typed into; the first command is chosen until keys say another.

    `more` gives commands that are in no table, those that others bring along; `without` names
    those of the table that could do nothing now.
    """

    def __init__(self, place: Place = Place.DECK) -> None:
        self.more: Callable[[], Sequence[Slash]] = tuple
        self.without: Callable[[], Container[str]] = tuple
        self.found: list[Slash] = []
        self.chosen = 0
        self._place = place
        self._text = ""

    def read(self, text: str) -> bool:
        """Take in what the box holds; false where that is known already."""
        if text == self._text:
            return False
        self._text = text
        self.found = matching(text, self._place, self.more(), self.without())
        self.chosen = 0
        return True

    def turn(self, key: str) -> str | None:
        """What the box holds after a key of the list; `None` where the key is not the list's."""
        if not self.found or key not in _KEYS:
            return None
        slash = self.found[self.chosen]
        match key:
            case "up" | "down":
                step = -1 if key == "up" else 1
                self.chosen = (self.chosen + step) % len(self.found)
            case "escape":
                self.found = []
            case "enter" if self._is_whole(slash):
                return None
            case _:
                return f"{MARK}{slash.name}" + " " * bool(slash.takes)
        return self._text

    def _is_whole(self, slash: Slash) -> bool:
        """Whether enter runs what was typed: another key would add nothing to its name."""
        return self._text.removeprefix(MARK).split(" ")[0].lower() == slash.name
