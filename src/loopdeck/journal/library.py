"""The `Library` over SQL, and the claims of running processes beside it."""

from collections.abc import Sequence

from loopdeck.errors import DamagedDatabase, JournalError, LoopdeckError, SessionBusy
from loopdeck.journal import shelf
from loopdeck.journal.claims import Claims
from loopdeck.journal.index import SearchIndex
from loopdeck.journal.naming import choose, missing
from loopdeck.journal.worker import Worker
from loopdeck.session.plain import plain_text
from loopdeck.session.summary import CRASHED, Label, Summary


class SqlLibrary:
    """All sessions of one database."""

    def __init__(
        self, worker: Worker, claims: Claims, index: SearchIndex, *, read_only: bool
    ) -> None:
        self._worker = worker
        self._claims = claims
        self._index = index
        self._read_only = read_only

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        return await self._worker.run(shelf.summaries)

    async def lines(self, sessions: Sequence[str]) -> dict[str, Summary]:
        """The lines of these sessions, as far as they exist."""
        return await self._worker.run(lambda db: shelf.lines(db, sessions))

    async def summaries_of(self, sessions: Sequence[str]) -> list[Summary]:
        """The lines of these sessions, in this order. Raises `UnknownSession`."""
        lines = await self.lines(sessions)
        for session in sessions:
            if session not in lines:
                raise await self._absent(session)
        return [lines[session] for session in sessions]

    async def ids(self, text: str = "") -> list[str]:
        """The ids of the sessions whose line holds every word of a text, newest first."""
        words = folded(text)
        asked = ["running" if word == CRASHED else word for word in words]
        found = await self._worker.run(lambda db: shelf.ids(db, asked))
        if CRASHED not in words:
            return found
        return [session for session in found if not self.is_live(session)]

    async def forks(self) -> dict[str, str]:
        """The parent of every session that is a fork."""
        return await self._worker.run(shelf.forks)

    async def version(self) -> tuple[int, int]:
        """Differs from what it was as soon as anybody has written to the database."""
        return await self._worker.run(shelf.version)

    async def find(self, name: str) -> str:
        """The id that `name` means: an id, a unique prefix or name, or `last`."""
        said = plain_text(name)
        named = await self._worker.run(lambda db: shelf.named(db, said))
        session = choose(said, await self.ids(), named)
        if not await self.lines([session]):
            raise await self._absent(session)
        return session

    async def _absent(self, session: str) -> LoopdeckError:
        """Why an id has no line: it was removed meanwhile, or pages that list it have changed."""
        if session not in await self.ids():
            return missing(session)
        return DamagedDatabase(
            f"Session {session} is listed, and nothing of it is found: the database is damaged.",
            "`loopdeck sessions salvage` copies what can be read into a new file.",
        )

    async def relabel(self, session: str, label: Label) -> None:
        """Call a session something else. Raises `UnknownSession`."""
        if not await self._worker.run(lambda db: shelf.relabel(db, session, label)):
            raise missing(session)

    async def mark_imported(self, session: str, upto: int) -> None:
        """Remember, before it is kept, that a session came from elsewhere up to this event."""
        await self._worker.run(lambda db: shelf.mark_imported(db, session, upto))

    async def imported(self, session: str) -> int:
        """Up to which event a session came from elsewhere; 0 for one that was made here."""
        return await self._worker.run(lambda db: shelf.imported(db, session))

    async def delete(self, session: str) -> None:
        """Remove a session and everything of it. Raises `SessionBusy` while it is live."""
        if self.is_live(session):
            raise SessionBusy(f"Session {session} is live.", "Stop it first.")
        await self.remove(session)

    async def remove(self, session: str) -> None:
        """Remove a session and everything of it, claimed or not. Raises `UnknownSession`."""
        await self._index.forget(session)
        if not await self._worker.run(lambda db: shelf.remove(db, session)):
            raise missing(session)

    def is_live(self, session: str) -> bool:
        """True while some process, this one included, holds the session's claim."""
        return self._claims.held(session)

    def holder(self, session: str) -> str:
        """The number of the process that holds the session's claim; empty where none does."""
        return self._claims.holder(session)

    def claim(self, session: str) -> None:
        """Become the session's one writer until the process ends. Raises `SessionBusy`."""
        if self._read_only:
            raise JournalError(
                "The database was opened to be read only.", "Open it where it can be written."
            )
        self._claims.claim(session)

    def disown(self, session: str) -> int:
        """Take a session from a process that hangs: whoever claims it next is its writer."""
        return self._claims.disown(session)

    def release(self, session: str) -> None:
        """Stop being the session's writer."""
        self._claims.release(session)


def folded(text: str) -> list[str]:
    """The words of a text, as they are compared."""
    return plain_text(text).casefold().split()
