"""The tables, as numbered steps: a database's `user_version` is how many of them it has seen."""

import sqlite3
from collections.abc import Callable, Sequence

from loopdeck.session.records import UNMARKED

Migration = Callable[[sqlite3.Connection], None]

UNMARKED_SQL = ", ".join(f"'{kind}'" for kind in sorted(UNMARKED))


def m001_log(db: sqlite3.Connection) -> None:
    """Sessions, their records, stored folds, and commands that wait.

    A record's id is its session's key and its number in one integer: a session lies together,
    in order, in a plain table (without rowids, rows of a kilobyte would take twice the room).
    """
    db.execute(
        """CREATE TABLE sessions (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
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
    )
    db.execute(
        """CREATE TABLE records (
            id INTEGER PRIMARY KEY,
            ts INTEGER NOT NULL,
            mono INTEGER NOT NULL,
            v INTEGER NOT NULL,
            type TEXT NOT NULL,
            ref TEXT,
            ok INTEGER,
            body TEXT NOT NULL
        )"""
    )
    db.execute(
        "CREATE INDEX records_marks ON records (id, type, ref, ok)"
        " WHERE type NOT IN ('call_output', 'model_chunk')"
    )
    db.execute("CREATE INDEX records_calls ON records (ref) WHERE type = 'call_proposed'")
    db.execute(
        "CREATE TABLE keyframes"
        " (id INTEGER PRIMARY KEY, reducer INTEGER NOT NULL, state TEXT NOT NULL)"
    )
    db.execute(
        "CREATE TABLE mailbox"
        " (id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL, body TEXT NOT NULL)"
    )


MIGRATIONS: Sequence[Migration] = (m001_log,)
