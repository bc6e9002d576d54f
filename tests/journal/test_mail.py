"""Commands in the database survive who asked for them, and what cannot be read."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Say
from tests.journal.conformance import session
from tests.journal.keeping import keep


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """A database with a session."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        yield journal


async def test_a_command_is_not_lost_with_the_task_that_was_taking_it(store: SqliteJournal):
    letters = [Say(text="one"), Say(text="two")]
    for letter in letters:
        await store.post("s1", letter)
    taking = asyncio.ensure_future(store.collect("s1"))
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert await store.collect("s1") == letters


async def test_a_command_outlives_the_process_that_posted_it(tmp_path: Path):
    path = tmp_path / "other.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.post("s1", Say(text="later"))
    async with await SqliteJournal.open(path) as journal:
        assert await journal.collect("s1") == [Say(text="later")]


async def test_a_command_of_a_newer_version_is_skipped_and_logged(
    store: SqliteJournal, caplog: pytest.LogCaptureFixture
):
    await store.post("s1", Say(text="one"))
    await store.run(
        lambda db: db.execute(
            'INSERT INTO mailbox (session, body) SELECT session, \'{"type": "sing"}\' FROM mailbox'
        )
    )
    await store.post("s1", Say(text="two"))
    assert await store.collect("s1") == [Say(text="one"), Say(text="two")]
    assert "sing" in caplog.text
