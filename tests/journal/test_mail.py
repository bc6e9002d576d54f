"""Commands in the database survive who asked for them, and what cannot be read."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Approve, Say
from tests.journal.conformance import session
from tests.journal.keeping import keep

SECRET = "hunter2-hunter2"


def traces(path: Path) -> list[str]:
    """The files of a database that hold the secret."""
    files = path.parent.glob(f"{path.name}*")
    return [file.name for file in files if file.is_file() and SECRET.encode() in file.read_bytes()]


def edited(padding: int = 0) -> Approve:
    """An answer that holds a secret."""
    command = f"login {SECRET} {'x' * padding}"
    return Approve(call_id="c1", binding="b", args={"command": command})


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


async def test_nothing_of_a_command_that_cannot_be_read_is_logged_but_its_kind(
    store: SqliteJournal, caplog: pytest.LogCaptureFixture
):
    await store.post("s1", Say(text="one"))
    body = f'{{"type": "sing", "text": "{SECRET}"}}'
    await store.run(lambda db: db.execute("UPDATE mailbox SET body = ?", (body,)))
    assert await store.collect("s1") == []
    assert "sing" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("padding", [0, 30_000])
async def test_a_secret_in_a_command_is_in_no_file_once_it_was_taken(tmp_path: Path, padding: int):
    path = tmp_path / "loopdeck.db"
    async with (
        await SqliteJournal.open(path) as deck,
        await SqliteJournal.open(path) as harness,
    ):
        await keep(harness, session("s1"))
        await deck.post("s1", edited(padding))
        assert traces(path)
        assert await deck.peek("s1") == [edited(padding)]
        assert await harness.collect("s1") == [edited(padding)]
        assert traces(path) == []
        assert await deck.peek("s1") == []
    assert traces(path) == []


async def test_a_command_that_was_merged_into_the_database_leaves_nothing_there(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.post("s1", edited())
        await journal.run(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        assert traces(path) == ["loopdeck.db"]
        await journal.collect("s1")
        assert traces(path) == []


async def test_what_a_reader_holds_up_is_forgotten_as_soon_as_it_has_left(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.post("s1", edited())
        with contextlib.closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM mailbox").fetchall()
            assert await journal.collect("s1") == [edited()]
            assert traces(path)
        assert not await journal.mail_waits("s1")
        assert traces(path) == []
