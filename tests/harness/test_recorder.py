"""The single writer: gapless, persisted before announced, silent after the first failure."""

import asyncio
from collections.abc import Sequence

import pytest

from loopdeck.errors import JournalError
from loopdeck.harness.recorder import Recorder
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.events import CallOutput, HumanMessage, LevelChanged, ModelChunk
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from tests.support.clock import FakeClock
from tests.support.records import started


class SlowJournal(MemoryJournal):
    """Counts commits, and can be told to hold or to fail them."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[tuple[int, bool]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write, when allowed."""
        await self.gate.wait()
        if self.fails:
            raise JournalError("The disk is full.")
        self.commits.append((len(records), durable))
        await super().append(records, state, durable=durable)


def recorder_on(journal: SlowJournal) -> Recorder:
    """A recorder of a new session."""
    return Recorder(journal, FakeClock(), "s1", SessionState())


async def test_nothing_is_announced_before_it_is_on_disk() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    heard: list[int] = []
    recorder.listen(lambda record: heard.append(record.seq))
    journal.gate.clear()
    writing = asyncio.ensure_future(recorder.record(started()))
    await asyncio.sleep(0)
    assert heard == []
    assert recorder.state.last_seq == 0
    journal.gate.set()
    await writing
    assert heard == [1]


async def test_the_harness_never_turns_a_level_up_that_a_human_turned_down_meanwhile() -> None:
    recorder = recorder_on(SlowJournal())
    await recorder.record(started(), LevelChanged(level=5, by="human"))
    recorder.hold(LevelChanged(level=2, by="human"))
    await recorder.record(LevelChanged(level=4, by="harness", reason="found at level 5"))
    assert recorder.state.level == 2
    await recorder.record(LevelChanged(level=5, by="human"))
    await recorder.record(LevelChanged(level=4, by="harness"))
    assert recorder.state.level == 4


async def test_events_that_arrive_during_a_commit_share_the_next_one() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    await recorder.record(started())
    journal.gate.clear()
    writes = [asyncio.ensure_future(recorder.record(HumanMessage(text=str(n)))) for n in range(10)]
    await asyncio.sleep(0)
    journal.gate.set()
    await asyncio.gather(*writes)
    assert sum(count for count, _ in journal.commits) == 11
    assert len(journal.commits) <= 3
    records = await journal.read("s1")
    assert [record.seq for record in records] == list(range(1, 12))


async def test_many_tasks_that_record_at_once_share_few_commits() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    await recorder.record(started())

    async def speaks(number: int) -> None:
        for at in range(5):
            text = f"{number} {at}"
            await recorder.record(HumanMessage(text=text))
            assert recorder.state.last_seq >= at + 2

    await asyncio.gather(*(speaks(number) for number in range(100)))
    assert recorder.state.last_seq == 501
    assert len(journal.commits) < 20


async def test_held_events_go_out_with_the_next_commit_in_order() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    recorder.hold(started())
    await recorder.record(HumanMessage(text="hello"), durable=False)
    assert journal.commits == [(2, True)]


async def test_streamed_pieces_are_not_worth_a_sync() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    await recorder.record(started())
    await recorder.record(ModelChunk(kind="text", text="a"), durable=False)
    await recorder.record(CallOutput(call_id="c", text="b"), durable=False)
    assert [durable for _, durable in journal.commits] == [True, False, False]


async def test_after_a_failed_commit_nothing_more_is_taken() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    await recorder.record(started())
    journal.fails = True
    with pytest.raises(JournalError):
        await recorder.record(HumanMessage(text="lost"))
    journal.fails = False
    with pytest.raises(JournalError, match="disk is full"):
        await recorder.record(HumanMessage(text="after"))
    assert recorder.state.last_seq == 1


async def test_a_cancelled_writer_leaves_a_whole_commit_behind() -> None:
    journal = SlowJournal()
    recorder = recorder_on(journal)
    journal.gate.clear()
    writing = asyncio.ensure_future(recorder.record(started()))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    journal.gate.set()
    await recorder.record(HumanMessage(text="next"))
    assert [record.seq for record in await journal.read("s1")] == [1, 2]
    assert recorder.state.last_seq == 2
