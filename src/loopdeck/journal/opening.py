"""Opening a database file: made private, recognised, brought up to date, or refused untouched."""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Sequence
from pathlib import Path

from loopdeck.errors import DamagedDatabase, ForeignDatabase, JournalError, NewerDatabase
from loopdeck.journal.claims import Claims
from loopdeck.journal.faults import damaged, kind_of, translate, unwritable
from loopdeck.journal.migrations import MIGRATIONS, Migration
from loopdeck.journal.reading import Reader, has_log, open_reader, open_uri
from loopdeck.journal.transaction import transaction

APPLICATION_ID = 0x4C4F4F50  # "LOOP"
PAGE_BYTES = 4096
WAL_BYTES = 16 * 1024 * 1024  # a longer log is cut back to this after it was merged


def connect(path: Path, *, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """An open connection to a database of ours. Raises `JournalError`."""
    try:
        _make_file(path)
        _recognise(path)
        return _connect(path, migrations)
    except sqlite3.Error as error:
        raise translate(error, path) from error


def live_folder(path: Path) -> Path:
    """Where the claims on sessions of this database are."""
    return path.with_name(f"{path.name}.live")


def _make_file(path: Path) -> None:
    """Make the file, readable by nobody else, unless it is there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():  # taken away on purpose, whatever was kept in it
            _kept(path).unlink(missing_ok=True)
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
        raise unwritable(path)


def _recognise(path: Path) -> None:
    """Refuse a file of another program. Looks without locking or changing anything.

    A file that the disk had no room for to the end is whole together with its log, which is not
    looked at here: that is for whoever opens it. This is not done by opening the file as such:
    closing it would drop the locks that another connection of this process has on it.
    """
    with contextlib.closing(open_uri(path, "immutable=1")) as db:
        try:
            if not _number(db, "page_count"):
                _refuse_emptied(path)
                return
            _refuse_foreign(db, path)
        except sqlite3.DatabaseError as error:
            if kind_of(error) == "NOTADB":
                raise _foreign(path) from error
            if kind_of(error) != "CORRUPT" or not has_log(path):
                raise


def _kept(path: Path) -> Path:
    """Says that there was a database at `path` whose file nobody took away since."""
    return live_folder(path) / "kept"


def _refuse_emptied(path: Path) -> None:
    """An empty file is a new one, unless there is a sign of what was in it.

    SQLite would throw away the log that lies beside an empty file, which may be all that is left.
    """
    if has_log(path) or _kept(path).exists():
        raise DamagedDatabase(
            f"{path} is empty, though sessions were kept in it.",
            "Put a copy of it back, try `loopdeck sessions salvage`, or remove it to begin anew.",
        )


def _connect(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    db = open_uri(path, "mode=rw")
    try:
        if _number(db, "page_count"):
            _refuse_foreign(db, path)
        _refuse_newer(db, path, len(migrations))
        if _number(db, "user_version") < len(migrations):
            with Claims(live_folder(path)).alone():
                _set_up(db, path, migrations)
                _kept(path).touch(0o600)
        db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}").fetchall()
        db.execute("PRAGMA secure_delete = ON").fetchall()
        db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def look(path: Path, *, newest: int = len(MIGRATIONS)) -> Reader:
    """A connection that never writes, to a database of ours. Raises `JournalError`."""
    if not path.is_file():
        raise JournalError(
            f"There is no database {path}.", "`loopdeck demo` makes a first session."
        )
    try:
        _recognise(path)
        reader = open_reader(path)
        try:
            _refuse_unmade(reader.db, path)
            _refuse_foreign(reader.db, path)
            _check_version(reader.db, path, newest)
        except BaseException:
            reader.db.close()
            raise
    except sqlite3.Error as error:
        raise translate(error, path) from error
    return reader


def _check_version(db: sqlite3.Connection, path: Path, newest: int) -> None:
    _refuse_newer(db, path, newest)
    if _number(db, "user_version") < newest:
        raise JournalError(
            f"An older Loopdeck wrote {path}.", "Open it once where it can be written."
        )


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


def _refuse_unmade(db: sqlite3.Connection, path: Path) -> None:
    """A file in which the first start found no room, or no time, for its tables."""
    if not _number(db, "page_count"):
        raise JournalError(
            f"There are no sessions in {path} yet.", "`loopdeck demo` makes a first one."
        )


def _refuse_newer(db: sqlite3.Connection, path: Path, newest: int) -> None:
    if _number(db, "user_version") > newest:
        raise NewerDatabase(
            f"A newer Loopdeck wrote {path}.", "Update Loopdeck, or name another place with --db."
        )


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    if _number(db, "application_id") != APPLICATION_ID:
        raise _foreign(path)


def _foreign(path: Path) -> JournalError:
    if _kept(path).exists():
        return damaged(path, "does not begin like a database any more")
    return ForeignDatabase(
        f"{path} is not a database of Loopdeck.", "Name another file with --db; it was not changed."
    )


def _number(db: sqlite3.Connection, pragma: str) -> int:
    (value,) = db.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
