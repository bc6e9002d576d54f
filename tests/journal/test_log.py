"""The log on a disk: how it is reached, how large it is, and what a failing disk does to it."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from loopdeck.errors import CodecError, JournalError
from loopdeck.journal import keyframes, rows
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import dump_record
from loopdeck.session.events import CallOutput, CallProposed, NoteAdded, SessionStarted
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep, lifelike
from tests.support.anyevent import any_records
from tests.support.records import START, recording, started
from tests.support.strategies import sessions


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """An empty database."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        yield journal


async def plan(store: SqliteJournal, sql: str) -> str:
    """How SQLite will go about a statement."""
    holes = [1] * sql.count("?")
    found = await store.run(lambda db: db.execute(f"EXPLAIN QUERY PLAN {sql}", holes).fetchall())
    return "; ".join(row[3] for row in found)


async def test_no_statement_walks_a_whole_table(store: SqliteJournal):
    assert "SEARCH records USING INTEGER PRIMARY KEY" in await plan(store, rows.READ_SQL)
    assert "SEARCH marks USING INTEGER PRIMARY KEY" in await plan(store, rows.MARKS_SQL)
    assert "SEARCH marks USING INDEX marks_of_calls (ref=? AND rowid" in await plan(
        store, rows.CALL_BEGINS_SQL
    )
    for sql in (rows.READ_SQL, rows.MARKS_SQL, rows.CALL_BEGINS_SQL, rows.UNMARKED_SQL):
        assert "SCAN" not in await plan(store, sql)


async def test_marks_leave_out_the_many(store: SqliteJournal):
    records = lifelike(20)
    await keep(store, records, at_once=9)
    (count,) = await store.run(lambda db: db.execute("SELECT count(*) FROM marks").fetchone())
    assert count == sum(r.event.type not in ("model_chunk", "call_output") for r in records)


@pytest.mark.parametrize(("steps", "output"), [(50, 300), (50, 2_500), (200, 300), (200, 6_000)])
async def test_the_file_is_hardly_larger_than_the_json(
    tmp_path: Path, steps: int, output: int
) -> None:
    records = lifelike(steps, output=output)
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, records, at_once=3)
        assert await everything(journal) == records
    assert not path.with_name("loopdeck.db-wal").exists()
    pages = 2 * 4_096  # of tables that most databases have next to nothing in
    assert path.stat().st_size <= 1.15 * sum(len(dump_record(r)) + 1 for r in records) + pages


async def test_a_fold_of_another_reducer_is_not_used(
    store: SqliteJournal, monkeypatch: pytest.MonkeyPatch
):
    await keep(store, lifelike(60), at_once=5)
    assert await store.state_before("s1", 600) is not None
    monkeypatch.setattr(keyframes, "REDUCER_VERSION", keyframes.REDUCER_VERSION + 1)
    assert await store.state_before("s1", 600) is None


async def test_a_fold_that_cannot_be_read_is_as_good_as_none(store: SqliteJournal):
    await keep(store, lifelike(60), at_once=5)
    await store.run(lambda db: db.execute("UPDATE keyframes SET state = '{'"))
    assert await store.state_before("s1", 600) is None


async def test_folds_are_stored_between_steps_and_far_apart(store: SqliteJournal):
    await keep(store, lifelike(100))
    found = await store.run(lambda db: db.execute("SELECT id FROM keyframes").fetchall())
    seqs = [ident & rows.SEQ_MAX for (ident,) in found]
    gaps = [later - earlier for earlier, later in zip([0, *seqs], seqs, strict=False)]
    assert all(48 <= gap <= 64 for gap in gaps)
    states = [await store.state_before("s1", seq) for seq in seqs]
    assert [state.last_seq for state in states if state and not state.calls] == seqs


async def test_a_session_of_one_huge_step_stores_no_fold_of_it(store: SqliteJournal):
    chatter = [CallOutput(call_id="c1", text="x") for _ in range(600)]
    events = [
        started(instructions="y" * 50_000),
        CallProposed(call_id="c1", step=1, tool="shell", args={}),
        *chatter,
    ]
    await keep(store, recording(events), at_once=50)
    assert await store.state_before("s1", 600) is None


async def test_a_full_disk_is_told_and_the_session_stays_readable(store: SqliteJournal):
    records = lifelike(40)
    await keep(store, records[:50], at_once=50)
    await store.run(lambda db: db.execute("PRAGMA max_page_count = 1"))  # no page beyond today's
    with pytest.raises(JournalError, match="disk is full") as caught:
        await keep(store, records[50:])
    assert "Free some space" in caught.value.hint
    kept = await everything(store)
    assert kept == records[: len(kept)]
    assert len(kept) >= 50
    (line,) = await store.summaries()
    assert line.steps == project(kept).step
    await store.run(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    await keep(store, records[len(kept) :])
    assert await everything(store) == records


async def test_point_20_a_lock_that_nobody_gives_back_is_told(store: SqliteJournal):
    await store.run(lambda db: db.execute("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="locked"):
        await keep(store, session("s1"))
    other.execute("ROLLBACK")
    other.close()
    await keep(store, session("s1"))
    assert await store.head("s1") == 3


async def test_a_damaged_file_is_told(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, lifelike(40), at_once=40)
    content = bytearray(path.read_bytes())
    content[3 * 4096 :] = b"\xff" * (len(content) - 3 * 4096)
    path.write_bytes(content)
    with pytest.raises(JournalError, match="is damaged"):
        async with await SqliteJournal.open(path) as journal:
            await everything(journal)


async def test_a_record_that_is_none_is_told(store: SqliteJournal):
    await keep(store, session("s1"))
    for body in ("{}", b"not packed", "\x00", 7):
        await store.run(lambda db, b=body: db.execute("UPDATE records SET body = ?", (b,)))
        with pytest.raises(CodecError):
            await everything(store)


async def test_a_number_too_large_for_the_file_is_refused_and_nothing_is_left(
    store: SqliteJournal,
):
    record = Record("s1", 1, START, 2**70, started())
    with pytest.raises(JournalError, match="too large"):
        await store.append([record], project([record]))
    assert await store.summaries() == []
    await keep(store, session("s1"))


async def test_a_caller_that_gives_up_leaves_a_whole_commit(store: SqliteJournal):
    records = session("s1")
    waiting = asyncio.ensure_future(store.wait("s1", 0))
    appending = asyncio.ensure_future(store.append(records, project(records)))
    await asyncio.sleep(0)
    appending.cancel()
    assert await asyncio.wait_for(waiting, 10) == 3
    assert await everything(store) == records
    assert appending.cancelled()


async def test_durable_appends_are_synced_and_others_are_not(store: SqliteJournal):
    records = session("s1", events=4)
    for record, durable, expected in zip(
        records, (True, False, False, True), (2, 1, 1, 2), strict=True
    ):
        await store.append([record], project(records[: record.seq]), durable=durable)
        found = await store.run(lambda db: db.execute("PRAGMA synchronous").fetchone()[0])
        assert found == expected


async def test_deleted_words_are_gone_from_the_disk(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        for name in ("s1", "s2"):
            note = NoteAdded(at=1, text=f"secret of {name}")
            await keep(journal, recording([started(), note], session=name))
        await journal.delete("s1")
        left = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
        assert b"secret of s1" not in left
        assert b"secret of s2" in left


@given(sessions())
@settings(max_examples=15)
async def test_any_session_comes_back_as_it_went_in(records: list[Record]):
    with TemporaryDirectory() as folder:
        async with await SqliteJournal.open(Path(folder) / "loopdeck.db") as journal:
            state = await keep(journal, records, at_once=11)
            assert await everything(journal) == records
            twin = MemoryJournal.of(records)
            assert await journal.marks("s1") == await twin.marks("s1")
            assert await journal.summaries() == await twin.summaries()
            calls = {str(line.ref) for line in await twin.marks("s1")}
            for call in sorted(calls)[:5]:
                assert await journal.call_records("s1", call) == await twin.call_records("s1", call)
            assert keyframes.load_state(keyframes.dump_state(state)) == state


@given(any_records(max_size=12))
@settings(max_examples=15)
async def test_any_events_come_back_as_they_went_in(records: list[Record]):
    start = Record("s1", 1, START, 0, started())
    later = [
        Record("s1", r.seq + 1, r.ts, r.mono, r.event)
        for r in records
        if not isinstance(r.event, SessionStarted)
    ]
    whole = [start, *(Record("s1", n, r.ts, r.mono, r.event) for n, r in enumerate(later, 2))]
    with TemporaryDirectory() as folder:
        async with await SqliteJournal.open(Path(folder) / "loopdeck.db") as journal:
            state = await keep(journal, whole, at_once=5)
            assert await everything(journal) == whole
            twin = MemoryJournal.of(whole)
            assert await journal.marks("s1") == await twin.marks("s1")
            assert keyframes.load_state(keyframes.dump_state(state)) == state
