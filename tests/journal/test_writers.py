"""Only the last process that claimed a session writes it, whatever an earlier one thinks."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.errors import SessionBusy, TakenOver
from loopdeck.harness.inbox import Inbox, pump
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Approve
from loopdeck.session.events import NoteAdded
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep
from tests.journal.test_processes import child, line
from tests.support.clock import FakeClock
from tests.support.records import recording

YES = Approve(call_id="c1", binding="b")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """A database with a short session."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        yield journal


def notes(after: int, *texts: str) -> list[Record]:
    """Some more records of the session."""
    return recording([NoteAdded(at=1, text=text) for text in texts], after=after)


async def test_a_writer_that_was_taken_over_is_refused_before_and_after_the_new_one_wrote(
    store: SqliteJournal,
):
    async with await SqliteJournal.open(store.path) as late:
        store.claim("s1")
        await keep(store, notes(3, "mine"))
        with pytest.raises(SessionBusy) as caught:
            late.claim("s1")
        assert "--take-over" in caught.value.hint
        late.disown("s1")
        late.claim("s1")
        with pytest.raises(TakenOver):
            await keep(store, notes(4, "too late"))
        await keep(late, notes(4, "theirs"))
        with pytest.raises(TakenOver):
            await keep(store, notes(5, "too late"))
        assert [record.seq for record in await everything(store)] == [1, 2, 3, 4, 5]
        store.release("s1")
        with pytest.raises(SessionBusy):
            store.claim("s1")  # what it released was its own, not the lock of the new one
        await keep(late, notes(5, "theirs again"))


async def test_a_writer_that_was_taken_over_takes_no_mail_of_the_new_one(store: SqliteJournal):
    async with await SqliteJournal.open(store.path) as late:
        store.claim("s1")
        late.disown("s1")
        late.claim("s1")
        await store.post("s1", YES)
        with pytest.raises(TakenOver):
            await store.collect("s1")
        with pytest.raises(TakenOver):
            await asyncio.wait_for(pump(store, "s1", Inbox(), FakeClock()), 5)
        assert await late.collect("s1") == [YES]


async def test_the_number_in_the_row_refuses_a_writer_whose_lock_looks_well(store: SqliteJournal):
    store.claim("s1")
    await keep(store, notes(3, "mine"))
    await store.run(lambda db: db.execute("UPDATE sessions SET epoch = epoch + 1"))
    late = notes(4, "too late")
    with pytest.raises(TakenOver, match="taken over session s1"):
        await store.append(late, project([*await everything(store), *late]))
    assert await store.head("s1") == 4


async def test_each_claim_makes_a_new_writer_and_a_failed_write_none(store: SqliteJournal):
    async def epoch() -> int:
        return await store.run(lambda db: db.execute("SELECT epoch FROM sessions").fetchone()[0])

    assert await epoch() == 0
    for number in (1, 2):
        store.claim("s1")
        head = await store.head("s1")
        await store.run(lambda db: db.execute("PRAGMA query_only = ON"))
        with pytest.raises(Exception, match="cannot be written"):
            await keep(store, notes(head, "one"))
        await store.run(lambda db: db.execute("PRAGMA query_only = OFF"))
        await keep(store, notes(head, "one", "two"))
        assert await epoch() == number
        store.release("s1")


async def test_point_22_a_process_that_was_stopped_and_wakes_up_later_writes_no_more(
    store: SqliteJournal,
):
    async with child(store, "hold") as hung:
        assert await line(hung) == "4"
        os.kill(hung.pid, signal.SIGSTOP)
        with pytest.raises(SessionBusy, match=str(hung.pid)):
            store.claim("s1")
        store.disown("s1")
        store.claim("s1")
        await keep(store, notes(4, "theirs"))
        os.kill(hung.pid, signal.SIGCONT)
        assert hung.stdin is not None
        hung.stdin.write(b"go on\n")
        assert (await line(hung)).startswith("TakenOver: Another process has taken over")
    assert await store.head("s1") == 5
