"""Whether the file that is written is still the one that has its name: what has none is lost."""

import os
from pathlib import Path

from loopdeck.errors import DamagedDatabase, JournalError, StorageBlocked


class Footing:
    """The database of one connection, as it was found when that was opened.

    The system lets a program write to a file that was removed, and to one that was emptied. All
    would look saved, and none of it would be there afterwards.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: os.stat_result | None = None

    def take(self) -> None:
        """Remember the file that was opened just now."""
        self._found = self._path.stat()

    def check(self) -> None:
        """Before a commit. Raises `StorageBlocked` for a file that may come back."""
        if self._found is None:
            return
        try:
            now = self._path.stat()
        except OSError as error:
            raise StorageBlocked(
                f"{self._path} is not there any more: it was moved or removed.",
                "Put it back, and it goes on. Nothing can be saved without it.",
            ) from error
        if not os.path.samestat(now, self._found):
            raise JournalError(
                f"Another file lies at {self._path} now, so nothing more is written here.",
                "Start Loopdeck again: it goes on with what that file holds.",
            )
        if not now.st_size:
            raise DamagedDatabase(
                f"{self._path} was emptied while it was in use.",
                "`loopdeck sessions salvage` copies what can be read into a new file.",
            )
