"""The `Library` over SQL, and the claims of running processes beside it."""

from collections.abc import Sequence

from loopdeck.errors import JournalError, SessionBusy
from loopdeck.journal import shelf
from loopdeck.journal.claims import Claims
from loopdeck.journal.naming import choose, missing
from loopdeck.journal.worker import Worker
from loopdeck.session.plain import plain_text
from loopdeck.session.summary import Summary


class SqlLibrary:
    """All sessions of one database."""

    def __init__(self, worker: Worker, claims: Claims, *, read_only: bool) -> None:
        self._worker = worker
        self._claims = claims
        self._read_only = read_only

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        return await self._worker.run(shelf.summaries)

    async def summaries_of(self, sessions: Sequence[str]) -> list[Summary]:
        """The lines of these sessions, in this order. Raises `UnknownSession`."""
        lines = {summary.id: summary for summary in await self.summaries()}
        for session in sessions:
            if session not in lines:
                raise missing(session)
        return [lines[session] for session in sessions]

    async def find(self, name: str) -> str:
        """The id that `name` means: an id, a unique prefix, or `last`."""
        return choose(plain_text(name), await self._worker.run(shelf.ids))

    async def delete(self, session: str) -> None:
        """Remove a session and everything of it. Raises `SessionBusy` while it is live."""
        if self.is_live(session):
            raise SessionBusy(f"Session {session} is live.", "Stop it first.")
        if not await self._worker.run(lambda db: shelf.remove(db, session)):
            raise missing(session)

    def is_live(self, session: str) -> bool:
        """True while some process, this one included, holds the session's claim."""
        return self._claims.held(session)

    def claim(self, session: str) -> None:
        """Become the session's one writer until the process ends. Raises `SessionBusy`."""
        if self._read_only:
            raise JournalError(
                "The database was opened to be read only.", "Open it where it can be written."
            )
        self._claims.claim(session)

    def release(self, session: str) -> None:
        """Stop being the session's writer."""
        self._claims.release(session)
