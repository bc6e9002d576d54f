"""What `@server:address` may attach, offered while it is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loopdeck.app.keys.offering import Offering
from loopdeck.app.sanitize import sanitize
from loopdeck.ports.servers import Resource

SIGN = "@"


@dataclass(frozen=True, slots=True)
class Mention:
    """One of them: what is typed for it, and what it is."""

    usage: str
    words: str

    @property
    def begins(self) -> str:
        """As much of it as a key can type: what is in braces is the human's to say."""
        return self.usage.partition("{")[0]


class Mentions(Offering[Mention]):
    """The resources that are offered for the last word of what stands there."""

    def __init__(self, resources: Callable[[], Sequence[Resource]]) -> None:
        super().__init__()
        self._resources = resources

    def fitting(self) -> list[Mention]:
        """Those that hold the last word; the ones that begin with it come first."""
        word = self.text.rsplit(maxsplit=1)[-1] if self.text[-1:].strip() else ""
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

    def is_whole(self, one: Mention) -> bool:
        """Whether all of it that a key can type is there."""
        return self.text.endswith(one.begins)

    def with_it(self, one: Mention) -> str:
        """The text with it in the place of its last word."""
        word = self.text.rsplit(maxsplit=1)[-1]
        return self.text.removesuffix(word) + one.begins
