"""Nothing is said to be saved in a file that nobody will find again."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.errors import DamagedDatabase, JournalError, StorageBlocked
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """A database with one session."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        yield journal


async def test_what_was_moved_away_is_missed_at_once_and_goes_on_when_it_is_back(
    store: SqliteJournal, tmp_path: Path
):
    away = store.path.rename(tmp_path / "away.db")
    with pytest.raises(StorageBlocked, match="not there any more"):
        await keep(store, session("s2"))
    away.rename(store.path)
    await keep(store, session("s2"))
    assert await store.ids() == ["s2", "s1"]
    assert await everything(store, "s2") == session("s2")


async def test_another_file_in_its_place_is_not_taken_for_it(store: SqliteJournal, tmp_path: Path):
    shutil.copyfile(store.path, tmp_path / "copy.db")
    (tmp_path / "copy.db").rename(store.path)
    with pytest.raises(JournalError, match="Another file"):
        await keep(store, session("s2"))


async def test_an_emptied_one_is_damaged_and_nothing_is_added_to_it(store: SqliteJournal):
    with store.path.open("r+b") as file:
        file.truncate()
    with pytest.raises(DamagedDatabase, match="emptied"):
        await keep(store, session("s2"))
    assert store.path.stat().st_size == 0
