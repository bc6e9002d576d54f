"""Opening a database file: made private, recognised, brought up to date, or refused untouched."""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Sequence
from pathlib import Path

from loopdeck.errors import ForeignDatabase, JournalError, NewerDatabase
from loopdeck.journal.claims import Claims
from loopdeck.journal.faults import translate
from loopdeck.journal.migrations import MIGRATIONS, Migration
from loopdeck.journal.transaction import transaction

APPLICATION_ID = 0x4C4F4F50  # "LOOP"
PAGE_BYTES = 4096
WAIT_S = 5.0
WAL_BYTES = 16 * 1024 * 1024  # a longer log is cut back to this after it was merged


def connect(
    path: Path, *, read_only: bool = False, migrations: Sequence[Migration] = MIGRATIONS
) -> sqlite3.Connection:
    """An open connection to a database of ours. Raises `JournalError`."""
    try:
        if read_only:
            return _connect_to_read(path, len(migrations))
        _make_file(path)
        version = _recognise(path)
        return _connect(path, migrations, is_current=version == len(migrations))
    except sqlite3.Error as error:
        raise translate(error, path) from error


def live_folder(path: Path) -> Path:
    """Where the claims on sessions of this database are."""
    return path.with_name(f"{path.name}.live")


def _make_file(path: Path) -> None:
    """Make the file, readable by nobody else, unless it is there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        mode = path.stat().st_mode
    except OSError as error:
        raise JournalError(
            f"The database {path} cannot be made: {error.strerror}.",
            "Name another place with --db or LOOPDECK_HOME.",
        ) from error
    if not stat.S_ISREG(mode):
        raise JournalError(f"{path} is not a file.", "Name another place with --db.")
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
        raise JournalError(
            f"{path} cannot be written.", "Check the permissions of the file and its folder."
        )


def _recognise(path: Path) -> int:
    """The file's version, 0 for an empty one. Looks without locking or changing anything.

    Not by opening the file as such: closing it would drop the locks that another connection
    of this process has on it.
    """
    with contextlib.closing(_open(path, "immutable=1")) as db:
        try:
            if not _number(db, "page_count"):
                return 0
            found = _number(db, "application_id")
            version = _number(db, "user_version")
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
                raise _foreign(path) from error
            raise
    if found != APPLICATION_ID:
        raise _foreign(path)
    return version


def _connect(
    path: Path, migrations: Sequence[Migration], *, is_current: bool
) -> sqlite3.Connection:
    db = _open(path, "mode=rw")
    try:
        _refuse_newer(db, path, len(migrations))
        if not is_current:
            with Claims(live_folder(path)).alone():
                _set_up(db, path, migrations)
        db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}").fetchall()
        db.execute("PRAGMA secure_delete = ON").fetchall()
        db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def _connect_to_read(path: Path, newest: int) -> sqlite3.Connection:
    if not path.is_file():
        raise JournalError(
            f"There is no database {path}.", "`loopdeck demo` makes a first session."
        )
    _recognise(path)
    db = _open_to_read(path)
    try:
        _refuse_newer(db, path, newest)
        if _number(db, "user_version") < newest:
            raise JournalError(
                f"An older Loopdeck wrote {path}.", "Open it once where it can be written."
            )
    except BaseException:
        db.close()
        raise
    return db


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Beside a writer if that can be; where no side file can be made, the file as it lies."""
    db = _open(path, "mode=ro")
    try:
        _number(db, "user_version")
    except sqlite3.OperationalError:
        db.close()
        return _open(path, "immutable=1")
    return db


def _open(path: Path, how: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None, timeout=WAIT_S)
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def _set_up(db: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Make or migrate the tables. The mark that the file is ours comes first of all."""
    if not _number(db, "page_count"):
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA journal_mode = WAL").fetchall()
    version = _number(db, "user_version")
    if 0 < version < len(migrations):
        _back_up(db, path.with_name(f"{path.name}.v{version}.bak"))
    with transaction(db):
        for migrate in migrations[_number(db, "user_version") :]:
            migrate(db)
        if version < len(migrations):
            db.execute(f"PRAGMA user_version = {len(migrations)}")


def _back_up(db: sqlite3.Connection, path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    with contextlib.closing(sqlite3.connect(path)) as copy:
        db.backup(copy)


def _refuse_newer(db: sqlite3.Connection, path: Path, newest: int) -> None:
    if _number(db, "user_version") > newest:
        raise NewerDatabase(
            f"A newer Loopdeck wrote {path}.", "Update Loopdeck, or name another place with --db."
        )


def _foreign(path: Path) -> ForeignDatabase:
    return ForeignDatabase(
        f"{path} is not a database of Loopdeck.", "Name another file with --db; it was not changed."
    )


def _number(db: sqlite3.Connection, pragma: str) -> int:
    (value,) = db.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
