"""The database obeys the rules every journal obeys."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import LibraryRules, LogRules, MailRules


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """An empty database."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        yield journal


class TestLog(LogRules):
    """The log."""


class TestLibrary(LibraryRules):
    """The library."""


class TestMail(MailRules):
    """The mailbox."""
