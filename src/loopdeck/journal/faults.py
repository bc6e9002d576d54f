"""What SQLite complains about, as a sentence with a next step."""

import errno
import shutil
import sqlite3
from pathlib import Path

from loopdeck.errors import DamagedDatabase, JournalError, StorageBlocked, Unwritable
from loopdeck.journal.holders import holder_of

_NO_ROOM = 1 << 20  # bytes: with less than this left, a disk that fails is a full one
_FULL = (errno.ENOSPC, errno.EDQUOT)


def translate(error: Exception, path: Path) -> JournalError:
    """The error a person should see for a failure of the database at `path`."""
    match kind_of(error):
        case "FULL":
            return _full(path)
        case "IOERR":
            return _full(path) if _is_full(path) else _failing(path)
        case "BUSY" | "LOCKED":
            return StorageBlocked(
                f"{holder_of(path) or 'Another program'} keeps {path} locked.",
                "Close what else uses the file, then try again.",
            )
        case "READONLY" | "PERM" | "AUTH":
            return unwritable(path)
        case "CANTOPEN":
            return JournalError(
                f"{path} cannot be opened.", "Check the permissions of the file and its folder."
            )
        case "CORRUPT" | "NOTADB":
            return damaged(path)
        case _:
            return _other(error, path)


def kind_of(error: Exception) -> str:
    """The first word of SQLite's name for an error; empty for one that is not SQLite's."""
    name: str = getattr(error, "sqlite_errorname", None) or ""
    return name.removeprefix("SQLITE_").split("_")[0]


def unwritable(path: Path) -> Unwritable:
    """The error for a file that can only be read."""
    return Unwritable(
        f"{path} cannot be written.", "Check the permissions of the file and its folder."
    )


def of_folder(error: OSError, path: Path) -> JournalError:
    """The error for a folder of ours in which something could not be done."""
    if error.errno in _FULL:
        return _full(path)
    return JournalError(
        f"{path} cannot be used: {error.strerror}.", "Check the permissions of the folder."
    )


def damaged(path: Path, what: str = "is damaged") -> DamagedDatabase:
    """The error for a file of which parts cannot be read."""
    return DamagedDatabase(
        f"{path} {what}.",
        "`loopdeck sessions salvage` copies what can be read into a new file.",
    )


def _full(path: Path) -> StorageBlocked:
    return StorageBlocked(
        f"The disk is full: {path} cannot grow.",
        "Free some space, then go on; nothing that was saved is lost.",
    )


def _failing(path: Path) -> StorageBlocked:
    return StorageBlocked(
        f"The disk failed while {path} was in use.", "Check the disk and its free space."
    )


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _other(error: Exception, path: Path) -> JournalError:
    if isinstance(error, OverflowError):
        return JournalError("A record holds a number that is too large to keep.")
    if isinstance(error, sqlite3.Error):
        return JournalError(f"The database {path} failed: {error}.")
    return JournalError(f"The database {path} is closed.", "Open it again.")
