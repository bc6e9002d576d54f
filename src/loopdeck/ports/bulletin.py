"""What a person should hear of the rules before a run: which are odd, which wait for a yes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PendingRules:
    """A project's file of rules that is not the one its human accepted.

    `accepted` is the text of that one, empty for none; `changed` says in sentences what is new.
    """

    path: str
    text: str
    accepted: str
    changed: tuple[str, ...]


async def _nothing() -> None:
    """There is nothing to accept."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Sentences, and the rules that wait; `accept` takes exactly what is in `pending`.

    It raises `ConfigError` where the file is another one by now.
    """

    sentences: tuple[str, ...] = ()
    pending: PendingRules | None = None
    accept: Callable[[], Awaitable[None]] = _nothing

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return not self.sentences and self.pending is None
