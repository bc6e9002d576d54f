"""Where sessions are kept: the log, the library of all sessions, the mailbox between processes."""

from collections.abc import Collection, Sequence
from typing import Protocol

from loopdeck.session.commands import Command
from loopdeck.session.records import Mark, Record
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Label, Summary


class Journal(Protocol):
    """The append-only log of every session. Raises `JournalError` and its leaves."""

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write records of one session in one transaction; `state` is the fold after the last.

        Durable ones survive a power cut once this returns. Raises `SequenceConflict` when the
        first record's seq is not the head + 1.
        """
        ...

    async def read(
        self, session: str, *, after: int = 0, until: int | None = None, limit: int = 500
    ) -> list[Record]:
        """Records with `after < seq <= until`, in order, at most `limit`."""
        ...

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers, as far as they exist."""
        ...

    async def call_records(self, session: str, call_id: str) -> list[Record]:
        """Every event of one call, in order, to its end."""
        ...

    async def marks(
        self, session: str, *, after: int = 0, until: int | None = None, kinds: Collection[str] = ()
    ) -> list[Mark]:
        """The session's index, `after < seq <= until`, in order; of some kinds alone if named."""
        ...

    async def find_in(self, session: str, words: str, *, after: int, until: int) -> list[int]:
        """The records with `after < seq <= until` that say these words, in any case, in order."""
        ...

    async def head(self, session: str) -> int:
        """The newest seq; 0 for a session that does not exist."""
        ...

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """A stored fold at or before `seq` to start from, if there is one."""
        ...

    async def approach(
        self, session: str, seq: int, near: SessionState | None = None
    ) -> SessionState:
        """The fold after event `seq`, or as far towards it as is read at once: then ask again.

        `near` is a fold at hand, not later than `seq`. Past the end, that of the newest event.
        """
        ...

    async def wait(self, session: str, after: int) -> int:
        """Return the head as soon as it is beyond `after`, whoever wrote; cancel to give up."""
        ...


class Library(Protocol):
    """All sessions of one database."""

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        ...

    async def lines(self, sessions: Sequence[str]) -> dict[str, Summary]:
        """The lines of these sessions, as far as they exist."""
        ...

    async def ids(self, text: str = "") -> list[str]:
        """The ids of the sessions whose line holds every word of a text, newest first."""
        ...

    async def forks(self) -> dict[str, str]:
        """The parent of every session that is a fork."""
        ...

    async def version(self) -> tuple[int, int]:
        """Differs from what it was as soon as anybody has written to the database."""
        ...

    async def find(self, name: str) -> str:
        """The id that `name` means: an id, a unique prefix or name, or `last`.

        Raises `UnknownSession`.
        """
        ...

    async def relabel(self, session: str, label: Label) -> None:
        """Call a session something else; its log stays as it is."""
        ...

    async def mark_imported(self, session: str, upto: int) -> None:
        """Remember, before it is kept, that a session came from elsewhere up to this event."""
        ...

    async def imported(self, session: str) -> int:
        """Up to which event a session came from elsewhere; 0 for one that was made here."""
        ...

    async def delete(self, session: str) -> None:
        """Remove a session and everything of it. Raises `SessionBusy` while it is live."""
        ...

    async def remove(self, session: str) -> None:
        """The same for whoever has claimed it."""
        ...

    def is_live(self, session: str) -> bool:
        """True while some process, this one included, holds the session's claim."""
        ...

    def claim(self, session: str) -> None:
        """Become the session's one writer until the process ends. Raises `SessionBusy`."""
        ...

    def release(self, session: str) -> None:
        """Stop being the session's writer."""
        ...


class PutAway(Protocol):
    """A session that was put away."""

    @property
    def id(self) -> str:
        """What it is called by."""
        ...

    @property
    def goal(self) -> str:
        """What was to be done."""
        ...

    @property
    def label(self) -> Label:
        """What people call it."""
        ...

    @property
    def started(self) -> int:
        """When it began, in UTC ns."""
        ...


class Attic(Protocol):
    """Where sessions are put away, to be brought back. Raises `JournalError`."""

    def sessions(self) -> Sequence[PutAway]:
        """What was put away, newest first; reads a file for each."""
        ...

    async def restore(self, name: str) -> str:
        """Bring a session back, with its name and tags."""
        ...

    def remove(self, name: str) -> object:
        """Delete one that was put away, for good."""
        ...

    async def put_away(self, session: str) -> object:
        """Move a session out of the library. Raises `SessionBusy` while somebody runs it."""
        ...


class Mailbox(Protocol):
    """Commands for a session, left by other processes."""

    async def post(self, session: str, command: Command) -> None:
        """Leave a command, durably."""
        ...

    async def collect(self, session: str) -> list[Command]:
        """Take every command that waits, oldest first; none is handed out twice."""
        ...

    async def wait_mail(self, session: str) -> None:
        """Return as soon as a command waits, whoever left it; cancel to give up."""
        ...
