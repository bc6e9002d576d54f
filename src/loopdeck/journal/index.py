"""The full-text index: a file beside the database that can be thrown away and made again.

It is no part of the database, because writing it would hold the lock that a running agent needs
for its next step. For each session it knows up to which record it has read; whoever searches, or
has finished a session, lets it read on from there. The texts themselves stay in the log.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from loopdeck.journal.faults import translate
from loopdeck.journal.finding import find, query
from loopdeck.journal.indexfile import index_path, open_index
from loopdeck.journal.rows import SEQ_MAX, place
from loopdeck.journal.texts import searchable
from loopdeck.journal.transaction import transaction
from loopdeck.ports.search import Hit

T = TypeVar("T")

BATCH = 1_000  # records a transaction

_GONE = """
    SELECT 1 FROM main.sessions i LEFT JOIN log.sessions s USING (key, id, started)
    WHERE s.key IS NULL LIMIT 1"""
_BEHIND = f"""
    SELECT key, id, started, upto, newest FROM (
        SELECT s.key, s.id, s.started, coalesce(i.upto, 0) AS upto, {SEQ_MAX} & (
            SELECT max(r.id) FROM log.records r
            WHERE r.id BETWEEN s.key << 32 AND (s.key << 32) + {SEQ_MAX}) AS newest
        FROM log.sessions s LEFT JOIN main.sessions i USING (key))
    WHERE newest > upto ORDER BY key"""
_UPTO = "SELECT upto FROM main.sessions WHERE key = ?"
_MARK = "INSERT OR REPLACE INTO main.sessions (key, id, started, upto) VALUES (?, ?, ?, ?)"
_READ = "SELECT id, body FROM log.records WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
_ADD = "INSERT INTO texts (rowid, text) VALUES (?, ?)"
_TAKE = "INSERT INTO texts (texts, rowid, text) VALUES ('delete', ?, ?)"


@dataclass(frozen=True, slots=True)
class _Behind:
    """A session with records that were not read yet."""

    key: int
    id: str
    started: int
    upto: int
    head: int


class SearchIndex:
    """A `Finder` over the database at `path`. Nothing is opened before it is used."""

    def __init__(self, path: Path) -> None:
        self._log = path
        self._db: sqlite3.Connection | None = None
        self._todo: list[_Behind] = []  # the newest session last: it is read first
        self._alone = threading.Lock()  # a job that its caller gave up runs to its end

    async def behind(self) -> int:
        """How many records have not been read yet."""
        return await self._run(self._look)

    async def read_on(self) -> bool:
        """Read a batch of what is new; false once there is nothing left to read."""
        return await self._run(self._read_on)

    async def read_session(self, session: str) -> None:
        """Read what is new in one session."""
        while await self._run(lambda db: _read(db, _behind(db, session))):
            pass

    async def search(self, text: str, *, limit: int = 200) -> list[Hit]:
        """Where every word of a text is said, newest sessions first."""
        wanted = query(text)
        return await self._run(lambda db: find(db, wanted, limit)) if wanted else []

    async def forget(self, session: str) -> None:
        """Take out every word of a session that is about to be removed from the log."""
        if index_path(self._log).exists():
            await self._run(lambda db: _forget(db, session))

    async def close(self) -> None:
        """Close the file, after the job that runs."""
        await asyncio.to_thread(self._close)

    async def _run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.to_thread(self._job, job)

    def _job(self, job: Callable[[sqlite3.Connection], T]) -> T:
        with self._alone:
            try:
                if self._db is None:
                    self._db = open_index(self._log)
                return job(self._db)
            except sqlite3.Error as error:
                raise translate(error, index_path(self._log)) from error

    def _look(self, db: sqlite3.Connection) -> int:
        self._todo = _behind(db)
        return sum(one.head - one.upto for one in self._todo)

    def _read_on(self, db: sqlite3.Connection) -> bool:
        if not self._todo:
            self._look(db)
        return _read(db, self._todo)

    def _close(self) -> None:
        with self._alone:
            if self._db is not None:
                self._db.close()
                self._db = None


def _behind(db: sqlite3.Connection, session: str | None = None) -> list[_Behind]:
    if db.execute(_GONE).fetchone():  # deleted past the index, and only the log knew its words
        with transaction(db, durable=False):
            db.execute("INSERT INTO texts (texts) VALUES ('delete-all')")
            db.execute("DELETE FROM main.sessions")
    rows = db.execute(_BEHIND).fetchall()
    return [_Behind(*row) for row in rows if session in (None, row[1])]


def _read(db: sqlite3.Connection, todo: list[_Behind]) -> bool:
    """Read at most a batch of these sessions, the last one first; true if any was left."""
    if not todo:
        return False
    room = BATCH
    with transaction(db, durable=False):
        while todo and room > 0:
            one = todo.pop()
            upto = _upto(db, one.key)  # now, that no other process can move it
            rows = db.execute(_READ, (place(one.key, upto), place(one.key, one.head), room))
            read = _add(db, rows.fetchall())
            if len(read) == room:
                todo.append(one)
            done = read[-1] & SEQ_MAX if read else max(upto, one.head)
            db.execute(_MARK, (one.key, one.id, one.started, done))
            room -= len(read)
    return True


def _add(db: sqlite3.Connection, rows: list[tuple[int, object]]) -> list[int]:
    found = ((ident, searchable(body)[1]) for ident, body in rows)
    db.executemany(_ADD, [(ident, text) for ident, text in found if text])
    return [ident for ident, _ in rows]


def _upto(db: sqlite3.Connection, key: int) -> int:
    row = db.execute(_UPTO, (key,)).fetchone()
    return row[0] if row else 0


def _forget(db: sqlite3.Connection, session: str) -> None:
    """Leaves nothing of the session in the file: what was taken out is merged away."""
    row = db.execute("SELECT key, upto FROM main.sessions WHERE id = ?", (session,)).fetchone()
    if row is None:
        return
    key, upto = row
    with transaction(db, durable=False):
        rows = db.execute(_READ, (place(key, 0), place(key, upto), upto)).fetchall()
        found = ((ident, searchable(body)[1]) for ident, body in rows)
        db.executemany(_TAKE, [(ident, text) for ident, text in found if text])
        db.execute("DELETE FROM main.sessions WHERE key = ?", (key,))
        db.execute("INSERT INTO texts (texts) VALUES ('optimize')")
    db.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
