"""The file of the full-text index: made, recognised, or thrown away and made anew."""

import contextlib
import os
import sqlite3
from pathlib import Path

from loopdeck.errors import JournalError
from loopdeck.journal.texts import TEXTS_VERSION
from loopdeck.journal.transaction import transaction

WAIT_S = 5.0

SCHEMA = (
    "CREATE TABLE sessions (key INTEGER PRIMARY KEY, id TEXT, started INTEGER, upto INTEGER)",
    "CREATE VIRTUAL TABLE texts USING fts5(text, content='', prefix='2 3',"
    ' tokenize="unicode61 remove_diacritics 2")',
)


class _Stale(sqlite3.DatabaseError):
    """An index that an older or a newer Loopdeck made."""


def index_path(log: Path) -> Path:
    """Where the index of a database is."""
    return log.with_name(f"{log.name}.index")


def can_search() -> bool:
    """Whether SQLite was built with full-text search."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute(SCHEMA[-1])
        except sqlite3.OperationalError:
            return False
    return True


def open_index(log: Path) -> sqlite3.Connection:
    """The index of a database, with the database attached as `log`, to be read only.

    Raises `JournalError` or an error of SQLite.
    """
    if not log.exists():
        raise JournalError(f"There is no database {log}.", "`loopdeck demo` makes one.")
    path = index_path(log)
    try:
        return _open(path, log)
    except sqlite3.DatabaseError as error:
        if not _is_worthless(error):
            raise _explained(error) from error
    _throw_away(path)
    return _open(path, log)


def _open(path: Path, log: Path) -> sqlite3.Connection:
    _make_file(path)
    db = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=WAIT_S,
        check_same_thread=False,  # one job at a time, whatever thread it is in
    )
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("PRAGMA secure_delete = ON").fetchall()
        _set_up(db)
        db.execute("ATTACH ? AS log", (f"{log.as_uri()}?mode=ro",))
    except BaseException:
        db.close()
        raise
    return db


def _make_file(path: Path) -> None:
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise JournalError(
            f"The index {path} cannot be made: {error.strerror}.",
            "Check the permissions of its folder.",
        ) from error


def _set_up(db: sqlite3.Connection) -> None:
    with transaction(db, durable=False):
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, TEXTS_VERSION):
            raise _Stale("another version")
        if not version:
            for statement in SCHEMA:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {TEXTS_VERSION}")


def _is_worthless(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorname", "")
    return isinstance(error, _Stale) or code in ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def _throw_away(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _explained(error: sqlite3.DatabaseError) -> Exception:
    if "fts5" in str(error):
        return JournalError(
            "This Python's SQLite was built without full-text search (FTS5).",
            "Use a Python whose sqlite3 has it: that of python.org, or of a large distribution.",
        )
    return error
