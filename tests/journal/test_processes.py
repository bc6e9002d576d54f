"""Several processes at one database: conflicts, claims, kills, mail."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.errors import SequenceConflict, SessionBusy
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Say
from loopdeck.session.events import NoteAdded
from loopdeck.session.reducer import project
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep
from tests.support.records import recording

ROOT = Path(__file__).parents[2]
Child = asyncio.subprocess.Process


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """A database with a short session."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        yield journal


@contextlib.asynccontextmanager
async def child(store: SqliteJournal, *words: str) -> AsyncGenerator[Child]:
    """Another process, gone when this is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.journal.child", str(store.path), *words),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Child) -> str:
    """The next line it says; empty when it has ended."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def test_a_record_of_another_process_is_seen_and_not_written_over(store: SqliteJournal):
    waiting = asyncio.ensure_future(store.wait("s1", 3))
    async with child(store, "append", "2") as other:
        assert await line(other) == "4"
        assert await asyncio.wait_for(waiting, 10) >= 4
        assert await line(other) == "5"
    late = recording([NoteAdded(at=1, text="mine")], after=3)
    with pytest.raises(SequenceConflict):
        await store.append(late, project(late))
    assert [record.seq for record in await everything(store)] == [1, 2, 3, 4, 5]
    assert [len(await store.marks("s1")), await store.head("s1")] == [5, 5]


async def test_two_processes_that_write_at_once_leave_no_gap_and_lose_nothing(
    store: SqliteJournal,
):
    async with child(store, "append") as one, child(store, "append") as two:
        kept: list[int] = []
        said = await _race(one, two, kept)
        assert "SequenceConflict" in said
    seqs = [record.seq for record in await everything(store)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert set(kept) <= set(seqs)
    assert len(kept) == len(set(kept))


async def _race(one: Child, two: Child, kept: list[int]) -> str:
    """What ends the first of the two; the numbers both say go to `kept`."""

    async def listen(process: Child) -> str:
        while (said := await line(process)).isdigit():
            kept.append(int(said))
        return said

    ears = [asyncio.ensure_future(listen(process)) for process in (one, two)]
    done, _ = await asyncio.wait(ears, return_when=asyncio.FIRST_COMPLETED, timeout=30)
    said = done.pop().result()
    for process in (one, two):
        if process.returncode is None:
            process.kill()
    await asyncio.gather(*ears)
    return said


async def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_kept(store: SqliteJournal):
    head = 3
    for goal in (60, 9, 33):
        async with child(store, "append") as writer:
            last = head
            while last < head + goal:
                last = int(await line(writer))
            writer.kill()
        head = await store.head("s1")
        assert head >= last
    records = await everything(store)
    assert [record.seq for record in records] == list(range(1, head + 1))
    assert [found.seq for found in await store.marks("s1")] == list(range(1, head + 1))
    (row,) = await store.run(lambda db: db.execute("PRAGMA integrity_check").fetchall())
    assert row == ("ok",)


async def test_a_claim_names_its_holder_and_dies_with_it(store: SqliteJournal):
    async with child(store, "claim") as holder:
        assert await line(holder) == "claimed"
        assert store.is_live("s1")
        with pytest.raises(SessionBusy, match=str(holder.pid)):
            store.claim("s1")
        holder.kill()
        await holder.wait()
        assert not store.is_live("s1")
        store.claim("s1")
    async with child(store, "claim") as late:
        assert await line(late) == f"SessionBusy: Session s1 is live in process {os.getpid()}."
    store.release("s1")


async def test_looking_at_a_session_never_makes_a_claim_fail(store: SqliteJournal):
    async with await SqliteJournal.open(store.path) as other:
        looking = True

        async def look() -> None:
            while looking:
                await asyncio.to_thread(other.is_live, "s1")

        lookers = [asyncio.ensure_future(look()) for _ in range(2)]
        for _ in range(50):
            store.claim("s1")
            assert await asyncio.to_thread(other.is_live, "s1")
            store.release("s1")
        looking = False
        await asyncio.gather(*lookers)


async def test_every_command_reaches_exactly_one_of_two_processes(store: SqliteJournal):
    async with child(store, "collect") as one, child(store, "collect") as two:
        assert [await line(one), await line(two)] == ["ready", "ready"]
        said: list[str] = []
        whole = asyncio.Event()

        async def listen(process: Child) -> None:
            while text := await line(process):
                said.append(text)
                if len(said) == 30:
                    whole.set()

        ears = {asyncio.ensure_future(listen(process)) for process in (one, two)}
        for number in range(30):
            await store.post("s1", Say(text=str(number)))
        await asyncio.wait_for(whole.wait(), 30)
        for _ in range(2):  # one after the other, so that each of the two gets its own
            await store.post("s1", Say(text="end"))
            done, ears = await asyncio.wait(ears, return_when=asyncio.FIRST_COMPLETED, timeout=30)
            assert len(done) == 1
    assert sorted(map(int, said)) == list(range(30))


async def test_mail_from_another_process_ends_the_wait(store: SqliteJournal):
    waiting = asyncio.ensure_future(store.wait_mail("s1"))
    async with child(store, "post", "hello") as other:
        await asyncio.wait_for(waiting, 30)
        assert await store.collect("s1") == [Say(text="hello")]
        assert await line(other) == ""
