"""Finding words in everything that was ever recorded."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where words were found: the record `seq` of a session, and the text around them.

    `text` is one line, from outside; `spans` are the found words in it.
    """

    session: str
    title: str
    seq: int
    ts: int
    kind: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Finder(Protocol):
    """The full-text index of all sessions. Raises `JournalError`."""

    async def behind(self) -> int:
        """How many records have not been read yet."""
        ...

    async def read_on(self) -> bool:
        """Read a batch of what is new; false once there is nothing left to read."""
        ...

    async def search(self, text: str, *, limit: int = 200) -> list[Hit]:
        """Where every word of a text is said, newest sessions first; the last may be a beginning.

        Words between quotation marks have to follow each other.
        """
        ...
