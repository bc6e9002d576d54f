"""The tables, as numbered steps: a database's `user_version` is how many of them it has seen."""

import sqlite3
from collections.abc import Callable, Sequence
from json import loads

from loopdeck.errors import CodecError
from loopdeck.journal.packing import unpack

Migration = Callable[[sqlite3.Connection], None]

_SESSIONS = """
    CREATE TABLE sessions (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        goal TEXT NOT NULL,
        model TEXT NOT NULL,
        level INTEGER NOT NULL,
        state TEXT NOT NULL,
        steps INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        cost_usd REAL,
        started INTEGER NOT NULL,
        ended INTEGER,
        workspace TEXT NOT NULL,
        pending INTEGER NOT NULL
    )"""
_RECORDS = """
    CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        ts INTEGER NOT NULL,
        mono INTEGER NOT NULL,
        v INTEGER NOT NULL,
        body NOT NULL
    )"""
_MARKS = "CREATE TABLE marks (id INTEGER PRIMARY KEY, type TEXT NOT NULL, ref TEXT, ok INTEGER)"
_CALLS = "CREATE INDEX marks_of_calls ON marks (ref) WHERE type = 'call_proposed'"
_KEYFRAMES = """
    CREATE TABLE keyframes (id INTEGER PRIMARY KEY, reducer INTEGER NOT NULL, state NOT NULL)"""
_MAILBOX = """
    CREATE TABLE mailbox (id INTEGER PRIMARY KEY, session INTEGER NOT NULL, body TEXT NOT NULL)"""

_IMPORTED = """
    CREATE TABLE imported (session TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID"""

_COUNT_CUT = """
    UPDATE sessions SET cut = (
        SELECT count(*) FROM marks
        WHERE type = 'model_chunk' AND id BETWEEN key << 32 AND key << 32 | 4294967295)"""

_PAID = """
    SELECT records.body FROM records JOIN marks USING (id)
    WHERE marks.type IN ('model_replied', 'model_chunk', 'call_finished')
    AND id BETWEEN ? << 32 AND ? << 32 | 4294967295"""


def m001_log(db: sqlite3.Connection) -> None:
    """Sessions, their records, stored folds, and commands that wait.

    A record's id is its session's key and its number in one integer: a session lies together,
    in order, in a plain table (without rowids, rows of a kilobyte would take twice the room).
    The marks, the small part of a record that an outline needs, have a table of their own: an
    index over the records would hold them a second time.
    """
    for statement in (_SESSIONS, _RECORDS, _MARKS, _CALLS, _KEYFRAMES, _MAILBOX):
        db.execute(statement)


def m002_labels(db: sqlite3.Connection) -> None:
    """What people call a session, and the text that a list is narrowed down by."""
    for column in ("name", "tags", "sought"):
        db.execute(f"ALTER TABLE sessions ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    rows = db.execute("SELECT key, id, goal, model, workspace FROM sessions").fetchall()
    found = [(" ".join(texts).casefold(), key) for key, *texts in rows]
    db.executemany("UPDATE sessions SET sought = ? WHERE key = ?", found)


def m003_forks(db: sqlite3.Connection) -> None:
    """Which session a fork left, and after which event."""
    db.execute("ALTER TABLE sessions ADD COLUMN parent TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE sessions ADD COLUMN parent_seq INTEGER NOT NULL DEFAULT 0")


def m004_imported(db: sqlite3.Connection) -> None:
    """Up to which event a session came from elsewhere: said beside the log, which cannot deny it.

    A table of its own, so that it is said before the first of these events is there.
    """
    db.execute(_IMPORTED)


def m005_writers(db: sqlite3.Connection) -> None:
    """How many writers a session has had: one that is not the last of them is refused."""
    db.execute("ALTER TABLE sessions ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0")


def m006_cut(db: sqlite3.Connection) -> None:
    """How many replies were cut, of which nobody told all they took: the cost is the least then."""
    db.execute("ALTER TABLE sessions ADD COLUMN cut INTEGER NOT NULL DEFAULT 0")
    db.execute(_COUNT_CUT)


def m007_partly(db: sqlite3.Connection) -> None:
    """Of a cost that nobody knows whole, the part that is known."""
    db.execute("ALTER TABLE sessions ADD COLUMN partly INTEGER NOT NULL DEFAULT 0")
    for (key,) in db.execute("SELECT key FROM sessions WHERE cost_usd IS NULL").fetchall():
        known = sum(_cost(body) for (body,) in db.execute(_PAID, (key, key)))
        if known:
            db.execute("UPDATE sessions SET cost_usd = ?, partly = 1 WHERE key = ?", (known, key))


def _cost(body: object) -> float:
    """What an event says that it cost; nothing where that cannot be read."""
    try:
        cost = loads(unpack(body)).get("cost_usd")
    except (CodecError, ValueError, AttributeError):
        return 0.0
    return cost if isinstance(cost, int | float) else 0.0


MIGRATIONS: Sequence[Migration] = (
    m001_log,
    m002_labels,
    m003_forks,
    m004_imported,
    m005_writers,
    m006_cut,
    m007_partly,
)
