"""The database: one file, one thread that owns it, and everything Loopdeck keeps in it."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

import aiosqlite

from loopdeck.errors import JournalError, StorageBlocked, Unwritable
from loopdeck.journal.claims import Claims
from loopdeck.journal.faults import translate
from loopdeck.journal.footing import Footing
from loopdeck.journal.index import SearchIndex
from loopdeck.journal.library import SqlLibrary
from loopdeck.journal.log import SqlLog
from loopdeck.journal.mail import SqlMail
from loopdeck.journal.opening import connect, live_folder, look
from loopdeck.journal.watch import Pulse, written
from loopdeck.journal.writers import Writers

T = TypeVar("T")


class _Thread(aiosqlite.Connection):
    """A connection that runs whole jobs in its thread.

    A transaction statement by statement costs a trip to the thread each, and a caller that is
    cancelled between two of them leaves it open. As a job it is one trip, all or nothing.
    """

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """The job's result."""
        execute = cast("Callable[..., Awaitable[T]]", self._execute)  # has no types of its own
        return await execute(job, self._conn)

    @property
    def is_open(self) -> bool:
        """False once it was closed."""
        return self._connection is not None

    async def begin(self) -> None:
        """Open the connection; where that fails, see the thread end before saying so."""
        try:
            await self
        except BaseException:
            await asyncio.to_thread(self._thread.join)
            raise


class SqliteJournal(SqlLog, SqlLibrary, SqlMail):
    """A `Journal`, a `Library` and a `Mailbox` in one SQLite file."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Use `open`."""
        pulse = Pulse(written(path))
        self.path = path
        self.caveat = ""  # what a person should know of what is read here
        self._claims_held = Claims(live_folder(path))
        self._thread = _Thread(self._open_reader if read_only else self._connect, 64)
        self._stands_on = Footing(path)
        writers = Writers(self._claims_held)
        SqlLog.__init__(self, self, pulse, writers, self._stands_on)
        self.index = SearchIndex(path)
        SqlLibrary.__init__(self, self, self._claims_held, self.index, read_only=read_only)
        SqlMail.__init__(self, self, pulse, writers)

    @classmethod
    async def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the database, and make or migrate it where need be. Raises `JournalError`."""
        journal = cls(_resolved(path), read_only=read_only)
        await journal._thread.begin()
        return journal

    @classmethod
    async def open_to_read(cls, path: Path) -> Self:
        """Open the database for who only reads, also where nothing can be written now.

        `caveat` says so. Raises `JournalError`.
        """
        try:
            return await cls.open(path)
        except (Unwritable, StorageBlocked) as error:
            journal = await cls.open(path, read_only=True)
            journal.caveat = " ".join((f"{error} It is only read.", journal.caveat)).rstrip()
            return journal

    async def close(self) -> None:
        """Release every claim and close the file, also for who is cancelled meanwhile."""
        closing = asyncio.ensure_future(self._close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing  # a thread that nobody ends keeps the process for good
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job in the thread that owns the database. Raises `JournalError`."""
        try:
            return await self._thread.run(job)
        except (sqlite3.Error, OverflowError) as error:
            raise translate(error, self.path) from error
        except ValueError as error:
            if self._thread.is_open:
                raise
            raise translate(error, self.path) from error

    async def _close(self) -> None:
        self._claims_held.release_all()
        await self.index.close()
        await self._thread.close()

    def _connect(self) -> sqlite3.Connection:
        db = connect(self.path)
        self._stands_on.take()
        return db

    def _open_reader(self) -> sqlite3.Connection:
        reader = look(self.path)
        self.caveat = reader.caveat
        return reader.db


def _resolved(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError) as error:  # a loop of links, a user that does not exist
        raise JournalError(
            f"The database {path} cannot be found: {error}.", "Name another place with --db."
        ) from error
