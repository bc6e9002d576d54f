"""What SQLite complains about, as a sentence with a next step."""

import sqlite3
from pathlib import Path

from loopdeck.errors import JournalError


def translate(error: Exception, path: Path) -> JournalError:
    """The error a person should see for a failure of the database at `path`."""
    name: str = getattr(error, "sqlite_errorname", None) or ""
    kind = name.removeprefix("SQLITE_").split("_")[0]
    match kind:
        case "FULL":
            return JournalError(
                f"The disk is full: {path} cannot grow.",
                "Free some space, then go on; nothing that was saved is lost.",
            )
        case "BUSY" | "LOCKED":
            return JournalError(
                f"Another program keeps {path} locked.",
                "Close what else uses the file, then try again.",
            )
        case "READONLY" | "PERM" | "AUTH":
            return JournalError(
                f"{path} cannot be written.", "Check the permissions of the file and its folder."
            )
        case "CANTOPEN":
            return JournalError(
                f"{path} cannot be opened.", "Check the permissions of the file and its folder."
            )
        case "CORRUPT" | "NOTADB":
            return JournalError(
                f"{path} is damaged.",
                "Copy the file and its -wal away before anything else; nothing more was written.",
            )
        case "IOERR":
            return JournalError(
                f"The disk failed while {path} was in use.", "Check the disk and its free space."
            )
        case _:
            return _other(error, path)


def _other(error: Exception, path: Path) -> JournalError:
    if isinstance(error, OverflowError):
        return JournalError("A record holds a number that is too large to keep.")
    if isinstance(error, sqlite3.Error):
        return JournalError(f"The database {path} failed: {error}.")
    return JournalError(f"The database {path} is closed.", "Open it again.")
