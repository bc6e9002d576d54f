"""The sessions table: one line a session, so that listing them never reads a log."""

import sqlite3
from dataclasses import astuple, fields

from loopdeck.journal.rows import SEQ_MAX, key_of, place
from loopdeck.journal.transaction import transaction
from loopdeck.session.summary import Summary

_COLUMNS = [field.name for field in fields(Summary)]
_ALL = ", ".join(_COLUMNS)
_SET = ", ".join(f"{name} = ?" for name in _COLUMNS[1:])  # the id never changes


def add(db: sqlite3.Connection, session: str, summary: Summary) -> int:
    """A new line; returns the session's key."""
    holes = ", ".join("?" * len(_COLUMNS))
    values = (session, *astuple(summary)[1:])
    cursor = db.execute(f"INSERT INTO sessions ({_ALL}) VALUES ({holes})", values)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(db: sqlite3.Connection, key: int, summary: Summary) -> None:
    """The line as it is now."""
    db.execute(f"UPDATE sessions SET {_SET} WHERE key = ?", (*astuple(summary)[1:], key))


def summaries(db: sqlite3.Connection) -> list[Summary]:
    """Every line, newest first."""
    rows = db.execute(f"SELECT {_ALL} FROM sessions ORDER BY started DESC, key DESC").fetchall()
    return [Summary(*row) for row in rows]


def ids(db: sqlite3.Connection) -> list[str]:
    """Every id, newest first."""
    rows = db.execute("SELECT id FROM sessions ORDER BY started DESC, key DESC").fetchall()
    return [session for (session,) in rows]


def remove(db: sqlite3.Connection, session: str) -> bool:
    """Delete a session and everything of it, from the file and its log; false if there is none."""
    with transaction(db):
        key = key_of(db, session)
        if key is None:
            return False
        whole = (place(key, 0), place(key, SEQ_MAX))
        for table in ("records", "marks", "keyframes"):
            db.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", whole)
        db.execute("DELETE FROM mailbox WHERE session = ?", (key,))
        db.execute("DELETE FROM sessions WHERE key = ?", (key,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True
