"""What `@server:address` may attach, offered while it is typed, and the keys that choose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loopdeck.app.sanitize import sanitize
from loopdeck.ports.servers import Resource

SIGN = "@"
_KEYS = frozenset({"up", "down", "tab", "enter", "escape"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One of them: what is typed for it, and what it is."""

    usage: str
    words: str

    @property
    def begins(self) -> str:
        """As much of it as a key can type: what is in braces is the human's to say."""
        return self.usage.partition("{")[0]


class Mentions:
    """Belongs to a box that is typed into; it looks at the last word of what stands there."""

    def __init__(self, resources: Callable[[], Sequence[Resource]]) -> None:
        self.found: list[Mention] = []
        self.chosen = 0
        self._resources = resources
        self._text = ""

    def read(self, text: str) -> bool:
        """Take in what the box holds; false where that is known already."""
        if text == self._text:
            return False
        self._text = text
        self.found = self._fitting(text.rsplit(maxsplit=1)[-1] if text[-1:].strip() else "")
        self.chosen = 0
        return True

    def turn(self, key: str) -> str | None:
        """What the box holds after a key of the list; `None` where the key is not the list's."""
        if not self.found or key not in _KEYS:
            return None
        mention = self.found[self.chosen]
        match key:
            case "up" | "down":
                step = -1 if key == "up" else 1
                self.chosen = (self.chosen + step) % len(self.found)
            case "escape":
                self.found = []
            case "enter" if self._text.endswith(mention.begins):
                return None
            case _:
                word = self._text.rsplit(maxsplit=1)[-1]
                return self._text.removesuffix(word) + mention.begins
        return self._text

    def _fitting(self, word: str) -> list[Mention]:
        if not word.startswith(SIGN):
            return []
        sought = word.lower()
        known = [
            Mention(sanitize(f"{SIGN}{one.server}:{one.uri}", lines=False), sanitize(one.words))
            for one in self._resources()
        ]
        first = [one for one in known if one.usage.lower().startswith(sought)]
        rest = [one for one in known if sought[1:] in one.usage.lower() and one not in first]
        return [*first, *rest]
