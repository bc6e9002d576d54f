"""The sessions table: one line a session, so that listing them never reads a log."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, get_args

from loopdeck.journal.labels import sought_in
from loopdeck.journal.rows import SEQ_MAX, key_of, place
from loopdeck.journal.transaction import transaction
from loopdeck.session.state import Status
from loopdeck.session.summary import Label, Summary

_COLUMNS = [field.name for field in fields(Summary) if field.name != "label"]
_KEPT = ", ".join(_COLUMNS)
_ALL = f"{_KEPT}, name, tags"
_SET = ", ".join(f"{name} = ?" for name in _COLUMNS[1:])  # the id never changes
_ORDER = "ORDER BY started DESC, key DESC"

_STATES = frozenset(get_args(Status))

_AT_ONCE = 500  # older builds of SQLite take 999 parameters


def add(db: sqlite3.Connection, session: str, summary: Summary) -> int:
    """A new line; returns the session's key."""
    holes = ", ".join("?" * (len(_COLUMNS) + 1))
    sought = sought_in(session, summary.goal, summary.model, summary.workspace, Label())
    cursor = db.execute(
        f"INSERT INTO sessions ({_KEPT}, sought) VALUES ({holes})",
        (session, *_values(summary)[1:], sought),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def update(db: sqlite3.Connection, key: int, summary: Summary) -> None:
    """The line as it is now; its label is left alone."""
    db.execute(f"UPDATE sessions SET {_SET} WHERE key = ?", (*_values(summary)[1:], key))


def relabel(db: sqlite3.Connection, session: str, label: Label) -> bool:
    """Call a session something else; false if there is none."""
    with transaction(db):
        row = db.execute(
            "SELECT goal, model, workspace FROM sessions WHERE id = ?", (session,)
        ).fetchone()
        if row is None:
            return False
        goal, model, workspace = row
        sought = sought_in(session, goal, model, workspace, label)
        db.execute(
            "UPDATE sessions SET name = ?, tags = ?, sought = ? WHERE id = ?",
            (label.name, " ".join(label.tags), sought, session),
        )
    return True


def summaries(db: sqlite3.Connection) -> list[Summary]:
    """Every line, newest first."""
    return [_summary(row) for row in db.execute(f"SELECT {_ALL} FROM sessions {_ORDER}")]


def lines(db: sqlite3.Connection, sessions: Sequence[str]) -> dict[str, Summary]:
    """The lines of these sessions, as far as they exist."""
    found = (_summary(row) for row in _rows_of(db, sessions))
    return {summary.id: summary for summary in found}


def ids(db: sqlite3.Connection, words: Sequence[str] = ()) -> list[str]:
    """Every session whose line holds all of these words, newest first.

    The words have to be folded. A word may be part of the state, too.
    """
    where = " AND ".join(["(instr(sought, ?) OR instr(state, ?))"] * len(words)) or "1"
    holes = [word for word in words for _ in range(2)]
    rows = db.execute(f"SELECT id FROM sessions WHERE {where} {_ORDER}", holes).fetchall()
    return [session for (session,) in rows]


def named(db: sqlite3.Connection, name: str) -> list[str]:
    """The sessions that a person gave this very name, blanks aside."""
    kept = " ".join(name.split())
    rows = db.execute("SELECT id FROM sessions WHERE name = ? AND name != ''", (kept,)).fetchall()
    return [session for (session,) in rows]


def forks(db: sqlite3.Connection) -> dict[str, str]:
    """The parent of every session that is a fork."""
    return dict(db.execute("SELECT id, parent FROM sessions WHERE parent != ''").fetchall())


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
        db.execute("DELETE FROM imported WHERE session = ?", (session,))
        db.execute("DELETE FROM sessions WHERE key = ?", (key,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def mark_imported(db: sqlite3.Connection, session: str, upto: int) -> None:
    """Remember that a session came from elsewhere up to this event; it is never taken back."""
    with transaction(db):
        db.execute(
            "INSERT INTO imported VALUES (?, ?)"
            " ON CONFLICT (session) DO UPDATE SET upto = max(upto, excluded.upto)",
            (session, upto),
        )


def imported(db: sqlite3.Connection, session: str) -> int:
    """Up to which event a session came from elsewhere."""
    row = db.execute("SELECT upto FROM imported WHERE session = ?", (session,)).fetchone()
    return row[0] if row else 0


def version(db: sqlite3.Connection) -> tuple[int, int]:
    """Differs from what it was as soon as anybody has written to the database."""
    (others,) = db.execute("PRAGMA data_version").fetchone()
    return others, db.total_changes


def _values(summary: Summary) -> list[Any]:
    return [getattr(summary, name) for name in _COLUMNS]


def _summary(row: Any) -> Summary:
    *kept, name, tags = row
    line = Summary(*kept, label=Label(name, tuple(tags.split())))
    return line if line.state in _STATES else replace(line, state="unknown")


def _rows_of(db: sqlite3.Connection, sessions: Sequence[str]) -> Iterator[Any]:
    for at in range(0, len(sessions), _AT_ONCE):
        some = sessions[at : at + _AT_ONCE]
        holes = ", ".join("?" * len(some))
        yield from db.execute(f"SELECT {_ALL} FROM sessions WHERE id IN ({holes})", some).fetchall()
