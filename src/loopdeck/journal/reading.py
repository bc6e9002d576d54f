"""Opening a database only to look at it: beside its writer, from a copy, or as it lies."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WAIT_S = 5.0
_TRIES = 3

IGNORED = "Its newest events may be missing: the log beside it could not be read."


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection that never writes; `caveat` is what a person should know of what it shows."""

    db: sqlite3.Connection
    caveat: str = ""


def open_uri(path: Path, how: str) -> sqlite3.Connection:
    """A connection in one of SQLite's ways, its schema not trusted to run anything."""
    db = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None, timeout=WAIT_S)
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def open_reader(path: Path, scratch: Callable[[], str] = tempfile.mkdtemp) -> Reader:
    """Beside a writer if that can be. Raises an error of SQLite.

    Where no side file can be made (a full disk, a folder that cannot be written), what was
    committed may lie in the log alone, which nobody reads without one: so a copy is read.
    """
    with contextlib.suppress(sqlite3.OperationalError):
        return Reader(_beside(path))
    if not has_log(path):
        return Reader(open_uri(path, "immutable=1"))
    copied = _read_copy(path, scratch)
    return Reader(copied) if copied else Reader(open_uri(path, "immutable=1"), IGNORED)


def _beside(path: Path) -> sqlite3.Connection:
    db = open_uri(path, "mode=ro")
    try:
        db.execute("PRAGMA user_version").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def log_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(f"{path.name}-wal")


def copy_with_log(path: Path, folder: Path) -> Path:
    """Copy a database and its log, as they were at one moment. Raises `OSError`."""
    copy = folder / "copy.db"
    for _ in range(_TRIES):
        seen = looks(path)
        shutil.copyfile(path, copy)
        if has_log(path):
            shutil.copyfile(log_of(path), log_of(copy))
        if looks(path) == seen:
            return copy
    raise OSError("the file changes all the time")


def _read_copy(path: Path, scratch: Callable[[], str]) -> sqlite3.Connection | None:
    """The database as its log leaves it, in a copy whose files have no name any more."""
    with contextlib.suppress(OSError, sqlite3.Error):
        folder = Path(scratch())
        try:
            copy = copy_with_log(path, folder)
            with contextlib.closing(open_uri(copy, "mode=rw")) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return open_uri(copy, "immutable=1")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return None


def has_log(path: Path) -> bool:
    """Whether something was written to the log of a database and not merged yet."""
    try:
        return log_of(path).stat().st_size > 0
    except OSError:
        return False


def looks(path: Path) -> list[tuple[int, int]]:
    """What differs once somebody has written."""
    found: list[tuple[int, int]] = []
    for file in (path, log_of(path)):
        with contextlib.suppress(OSError):
            status = file.stat()
            found.append((status.st_mtime_ns, status.st_size))
    return found
