"""The state at any event, entered from the nearest fold, is the fold of all before it."""

from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from loopdeck.journal import keyframes, moments, rows
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import (
    CallOutput,
    Event,
    ModelChunk,
    ModelFailed,
    ModelRequested,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Usage
from tests.journal.keeping import keep, lifelike
from tests.support.anyevent import any_records
from tests.support.records import START, recording, started
from tests.support.strategies import sessions


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqliteJournal]:
    """An empty database."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        yield journal


async def at(journal: SqliteJournal, seq: int, near: SessionState | None = None) -> SessionState:
    """The state, asked for until it is there."""
    state = await journal.approach("s1", seq, near)
    while state.last_seq < min(seq, await journal.head("s1")):
        state = await journal.approach("s1", seq, state)
    return state


async def stored(store: SqliteJournal) -> list[tuple[int, int, object]]:
    """The folds in the database: number, reducer, what is kept."""
    found = await store.run(lambda db: db.execute("SELECT * FROM keyframes ORDER BY id").fetchall())
    return [(ident & rows.SEQ_MAX, reducer, state) for ident, reducer, state in found]


async def test_every_moment_is_the_fold_of_all_before_it(store: SqliteJournal):
    records = lifelike(30)
    await keep(store, records, at_once=3)
    state = SessionState()
    for record in records:
        state = project([record], state)
        assert await at(store, record.seq) == state


@given(sessions())
@settings(max_examples=10)
async def test_any_moment_of_any_session_is_its_fold(records: list[Record]):
    await holds_everywhere(records)


@given(any_records(max_size=12))
@settings(max_examples=15)
async def test_events_in_any_order_fold_the_same(records: list[Record]):
    later = [r for r in records if not isinstance(r.event, SessionStarted)]
    whole = [Record("s1", n, r.ts, r.mono, r.event) for n, r in enumerate(later, 2)]
    await holds_everywhere([Record("s1", 1, START, 0, started()), *whole])


async def holds_everywhere(records: list[Record]) -> None:
    """Every moment, from nothing and from a fold at hand, is the fold of the prefix."""
    with TemporaryDirectory() as folder:
        async with await SqliteJournal.open(Path(folder) / "loopdeck.db") as journal:
            await keep(journal, records, at_once=5)
            for seq in range(1, len(records) + 1):
                near = project(records[: seq // 2])
                expected = project(records[:seq])
                assert await at(journal, seq) == expected
                assert await at(journal, seq, near) == expected


async def test_what_was_streamed_is_read_only_while_it_is_all_there_is(
    store: SqliteJournal, monkeypatch: pytest.MonkeyPatch
):
    records = lifelike(3)
    await keep(store, records)
    read: list[Event] = []
    whole = rows.to_record

    def noted(session: str, row: tuple[int, int, int, int, object]) -> Record:
        record = whole(session, row)
        read.append(record.event)
        return record

    monkeypatch.setattr(rows, "to_record", noted)
    last = len(records)
    assert await at(store, last) == project(records)
    assert not [event for event in read if isinstance(event, ModelChunk)]
    read.clear()
    output = max(r.seq for r in records if isinstance(r.event, CallOutput))
    assert await at(store, output) == project(records[:output])
    assert [event for event in read if isinstance(event, CallOutput)]


async def test_what_a_cut_reply_took_is_counted_at_every_later_moment(store: SqliteJournal):
    cut = ModelChunk(kind="text", text='the "usage":', usage=Usage(input=70, output=9))
    failed = ModelFailed(step=1, attempt=1, error="gone", wait_s=1.0)
    asked = ModelRequested(step=1, model="m")
    records = recording([started(), asked, cut, failed, asked])
    await keep(store, records)
    for seq in range(1, len(records) + 1):
        assert await at(store, seq) == project(records[:seq])
    assert (await at(store, len(records))).totals.usage.input == 70


async def test_one_job_reads_no_more_than_others_can_wait_for(
    store: SqliteJournal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(moments, "PAGE", 8)
    records = recording([started(), *(ModelChunk(kind="text", text="x") for _ in range(20))])
    await keep(store, records, at_once=21)
    assert (await store.approach("s1", 21)).last_seq == 8
    assert await at(store, 21) == project(records)
    assert await at(store, 999) == project(records)


async def test_a_session_that_does_not_exist_has_no_state(store: SqliteJournal):
    assert await store.approach("s9", 5) == SessionState()


async def test_a_fold_says_only_how_it_differs_from_one_stored_whole(store: SqliteJournal):
    await keep(store, lifelike(60), at_once=5)
    folds = await stored(store)
    sizes = [len(state) for _, _, state in folds if isinstance(state, (str, bytes))]
    assert len(sizes) == len(folds) > 8
    assert max(sizes[1:]) * 4 <= sizes[0]


async def test_a_difference_without_its_base_is_as_good_as_none(store: SqliteJournal):
    records = lifelike(40)
    await keep(store, records, at_once=5)
    (first, *_) = await stored(store)
    await store.run(
        lambda db: db.execute("DELETE FROM keyframes WHERE id % 4294967296 = ?", [first[0]])
    )
    assert await store.state_before("s1", len(records)) is None
    assert await at(store, len(records)) == project(records)


async def test_a_base_that_is_not_the_one_it_was_is_seen(store: SqliteJournal):
    records = lifelike(40)
    await keep(store, records, at_once=5)
    first = min(seq for seq, _, _ in await stored(store))
    other = keyframes.dump_state(SessionState(session="s1", goal="another"))
    await store.run(
        lambda db: db.execute(
            "UPDATE keyframes SET state = ? WHERE id % 4294967296 = ?", (other, first)
        )
    )
    assert await store.state_before("s1", len(records)) is None
    assert await at(store, len(records)) == project(records)


async def test_a_process_that_goes_on_stores_a_base_of_its_own(tmp_path: Path):
    records = lifelike(60)
    half = len(records) // 2
    for part in (records[:half], records[half:]):
        async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
            await keep(journal, part, at_once=5)
            folds = await stored(journal)
    whole = [state for *_, state in folds if not (isinstance(state, bytes) and not state[0])]
    assert len(whole) == 2
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        for seq in range(20, len(records), 77):
            assert await at(journal, seq) == project(records[:seq])
