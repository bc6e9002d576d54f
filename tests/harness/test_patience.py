"""A disk that is full for now is waited for: nothing acts, nothing is lost, nobody is stuck."""

import asyncio
from collections.abc import Sequence

import pytest

from loopdeck.errors import JournalError, SequenceConflict, StorageBlocked
from loopdeck.harness.ending import Ending
from loopdeck.harness.patience import FIRST_S, LONGEST_S, Patience
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import OnAsk, OnUnknown
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.events import CallStarted, NoteAdded
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from tests.support.clock import FakeClock
from tests.support.models import calls, says
from tests.support.records import started
from tests.support.rig import Rig


class FullDisk(MemoryJournal):
    """Takes nothing while `error` stands."""

    def __init__(self) -> None:
        super().__init__()
        self.error: JournalError | None = None
        self.tries = 0
        self.frees_at = 0

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Refuse, until there was a certain number of tries."""
        self.tries += 1
        if self.error is not None and (not self.frees_at or self.tries < self.frees_at):
            raise self.error
        self.error = None
        await super().append(records, state, durable=durable)


class FullAtAStart(MemoryJournal):
    """Has no room for the start of a call while `is_full`."""

    is_full = True

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Refuse that."""
        if self.is_full and any(isinstance(record.event, CallStarted) for record in records):
            raise FULL
        await super().append(records, state, durable=durable)


class StillClock(FakeClock):
    """Nobody's time is ever over."""

    async def sleep(self, seconds: float) -> None:
        """Wait for ever."""
        self.slept.append(seconds)
        await asyncio.Event().wait()


class PatientRig(Rig):
    """Waits for a disk that is full."""

    patience: Patience | None = None

    async def _drive(
        self, recorder: Recorder, conversation: Conversation, on_ask: OnAsk, on_unknown: OnUnknown
    ) -> Ending:
        recorder.patience = self.patience
        return await super()._drive(recorder, conversation, on_ask, on_unknown)


FULL = StorageBlocked("The disk is full.", "Free some space.")


async def stuck(clock: FakeClock) -> tuple[FullDisk, Recorder, Patience]:
    """A session whose disk has just become full."""
    disk, patience = FullDisk(), Patience(clock)
    recorder = Recorder(disk, clock, "s1", SessionState())
    recorder.patience = patience
    await recorder.record(started())
    disk.error = FULL
    return disk, recorder, patience


async def heard_of(patience: Patience) -> None:
    """Return once something stands against writing."""
    there = asyncio.Event()
    patience.listen(lambda obstacle: there.set() if obstacle else None)
    if patience.obstacle is None:
        await there.wait()


async def test_what_could_not_be_written_is_written_once_there_is_room():
    clock = FakeClock()
    disk, recorder, patience = await stuck(clock)
    heard: list[JournalError | None] = []
    patience.listen(heard.append)
    disk.frees_at = disk.tries + 8
    done: list[int] = []
    await recorder.record(
        NoteAdded(at=1, text="one"), then=lambda: done.append(recorder.state.last_seq)
    )
    assert heard == [FULL, None]
    assert done == [2]
    assert patience.obstacle is None
    assert clock.slept[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert max(clock.slept) == LONGEST_S
    assert [record.seq for record in await disk.read("s1")] == [1, 2]


async def test_point_19_on_a_full_disk_nobody_goes_on_before_it_is_written():
    disk, recorder, patience = await stuck(StillClock())
    waiting = [asyncio.ensure_future(recorder.record(NoteAdded(at=1, text=t))) for t in "ab"]
    await heard_of(patience)
    assert recorder.state.last_seq == 1
    assert not any(one.done() for one in waiting)
    disk.error = None
    patience.again()
    await asyncio.gather(*waiting)
    assert [record.seq for record in await disk.read("s1")] == [1, 2, 3]


async def test_point_19_nothing_acts_whose_start_cannot_be_written():
    rig = PatientRig([calls(("c1", "put", {"key": "a"})), says("Done.")])
    disk = rig.journal = FullAtAStart()
    rig.clock = StillClock()
    rig.patience = patience = Patience(rig.clock)
    running = asyncio.ensure_future(rig.run())
    await heard_of(patience)
    assert patience.obstacle is FULL
    assert rig.box.ran == []
    assert "call_started" not in await rig.types()
    disk.is_full = False
    patience.again()
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put a"]


async def test_who_leaves_does_not_wait():
    disk, recorder, patience = await stuck(StillClock())
    waiting = asyncio.ensure_future(recorder.record(NoteAdded(at=1, text="one")))
    await heard_of(patience)
    recorder.give_up()
    with pytest.raises(StorageBlocked):
        await waiting
    with pytest.raises(StorageBlocked):
        await recorder.flush()
    assert len(await disk.read("s1")) == 1


async def test_what_waiting_cannot_help_fails_at_once():
    clock = FakeClock()
    disk, recorder, patience = await stuck(clock)
    disk.error = SequenceConflict("Somebody else has written.")
    with pytest.raises(SequenceConflict):
        await recorder.record(NoteAdded(at=1, text="one"))
    assert clock.slept == []
    assert patience.obstacle is None
