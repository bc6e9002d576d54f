"""The database for commands that only read: also where nothing can be written, which they say."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from loopdeck.cli.console import tell
from loopdeck.journal.sqlite import SqliteJournal


@contextlib.asynccontextmanager
async def open_to_read(path: Path) -> AsyncGenerator[SqliteJournal]:
    """Raises `JournalError`."""
    async with await SqliteJournal.open_to_read(path) as journal:
        if journal.caveat:
            tell(journal.caveat)
        yield journal
