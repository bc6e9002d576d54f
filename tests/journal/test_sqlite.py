"""The database obeys the rules every journal obeys."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.errors import DamagedDatabase, UnknownSession
from loopdeck.journal.checking import differs
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import LibraryRules, LogRules, MailRules
from tests.journal.keeping import everything, keep
from tests.support.records import recording, started


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


async def test_who_is_cancelled_while_it_closes_leaves_no_thread_behind(tmp_path: Path) -> None:
    async def leave() -> None:
        async with await SqliteJournal.open(tmp_path / "loopdeck.db"):
            this = asyncio.current_task()
            assert this is not None
            this.cancel()  # it is heard at the next wait, which is in the closing

    before = set(threading.enumerate())
    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(leave())
    left = [one for one in threading.enumerate() if one not in before and "connection" in one.name]
    for one in left:
        await asyncio.to_thread(one.join, 10)  # it was told to end, and may still be at it
    assert not [one for one in left if one.is_alive()]


async def test_a_word_that_no_log_leads_to_is_unknown_and_found_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, recording([started()]))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE sessions SET state = 'rnning'")
    async with await SqliteJournal.open(path) as journal:
        (line,) = await journal.summaries()
        assert (line.state, line.as_seen(live=False)) == ("unknown", "unknown")
        assert "state" in differs(line, await everything(journal, "s1"))


async def test_a_session_that_is_listed_and_not_found_is_damage_and_not_a_wrong_name(
    tmp_path: Path,
) -> None:
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, recording([started()]))

        def break_lookup(db: sqlite3.Connection) -> None:
            """As a page would that was written over: the index of ids leads nowhere."""
            db.execute("CREATE TABLE other (id TEXT NOT NULL UNIQUE)")
            db.execute("PRAGMA writable_schema = ON")
            other = "(SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_other_1')"
            db.execute(
                f"UPDATE sqlite_schema SET rootpage = {other} "
                "WHERE name = 'sqlite_autoindex_sessions_1'"
            )
            db.execute("PRAGMA writable_schema = RESET")

        await journal.run(break_lookup)
        assert await journal.ids() == ["s1"]
        for name in ("s1", "last"):
            with pytest.raises(DamagedDatabase, match="listed"):
                await journal.find(name)
        with pytest.raises(DamagedDatabase):
            await journal.summaries_of(["s1"])
        with pytest.raises(UnknownSession):
            await journal.summaries_of(["s2"])
