"""While a request waits: its files may change, the terms may change, a commit may fail."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from loopdeck.errors import JournalError
from loopdeck.harness.gating.answering import Answering
from loopdeck.harness.gating.cases import OpenCase
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import ToolUse
from loopdeck.session.commands import Approve, SetLevel
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallProposed,
    CallStarted,
    LevelChanged,
    ModelRequested,
)
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from loopdeck.session.values import JsonObject
from tests.support.clock import FakeClock
from tests.support.models import calls, says
from tests.support.records import started
from tests.support.rig import Rig, nobody
from tests.support.toolbox import FakeToolbox

T = TypeVar("T")


class Stirred:
    """A watch that returns when a test says so."""

    def __init__(self) -> None:
        self.asked_for: list[list[str]] = []
        self._now = asyncio.Queue[None]()

    def stir(self) -> None:
        """Something has changed."""
        self._now.put_nowait(None)

    async def changed(self, paths: Sequence[str]) -> None:
        """Wait for it."""
        self.asked_for.append(list(paths))
        await self._now.get()


def requests(rig: Rig) -> list[CallAsked]:
    """Every request that was made."""
    return [event for event in rig.heard if isinstance(event, CallAsked)]


async def until(true: Callable[[], bool]) -> None:
    """Let the run go on until something is true."""
    async with asyncio.timeout(10):
        while True:
            if true():
                return
            await asyncio.sleep(0)


def watched() -> tuple[Rig, Stirred]:
    """A run that waits to write, and what watches its file."""
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    rig.watch = watch = Stirred()
    rig.box.bound = {"path": "/shed/a"}
    return rig, watch


async def test_a_file_that_changes_while_its_request_waits_is_shown_anew_at_once() -> None:
    rig, watch = watched()
    running = asyncio.ensure_future(rig.run())
    await until(lambda: len(watch.asked_for) == 1)
    first = rig.approval("c1")
    rig.box.files["a"] = "somebody else's"
    watch.stir()
    await until(lambda: len(requests(rig)) == 2)
    again = requests(rig)[1]
    assert again.again == "Review again: a changed since it was shown."
    assert again.preview is not None
    assert again.preview.text == "somebody else's"
    await rig.inbox.send(first)  # an answer to what is not on the screen any more
    await until(lambda: len(watch.asked_for) == 2)
    assert rig.box.ran == []
    await rig.inbox.send(rig.approval("c1"))
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put a"]
    assert watch.asked_for[0] == ["/shed/a"]


async def test_a_stir_that_changes_nothing_bound_asks_nothing() -> None:
    rig, watch = watched()
    running = asyncio.ensure_future(rig.run())
    await until(lambda: len(watch.asked_for) == 1)
    watch.stir()
    await until(lambda: len(watch.asked_for) == 2)
    assert len(requests(rig)) == 1
    await rig.inbox.send(rig.approval("c1"))
    await running
    assert rig.box.ran == ["put a"]


async def test_a_level_that_is_lowered_while_a_request_is_made_holds_for_its_neighbours() -> None:
    turn = calls(("c1", "look", {"key": "a"}), ("c2", "wreck", {"key": "b"}))
    rig = Rig([turn, says("Done.")], human=nobody)

    async def slow(work: Callable[[], T], /) -> T:
        if not requests(rig):
            await rig.inbox.send(SetLevel(level=1))
            await until(lambda: any(isinstance(event, LevelChanged) for event in rig.heard))
        return work()

    rig.aside = slow
    running = asyncio.ensure_future(rig.run(level=3))
    await until(lambda: any(isinstance(event, CallAnswered) for event in rig.heard))
    assert rig.box.ran == []
    assert not any(isinstance(event, CallStarted) for event in rig.heard)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Full(MemoryJournal):
    """A disk that is full from some moment on."""

    full = False

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write, or say that it cannot be done."""
        if self.full:
            raise JournalError("The disk is full.")
        await super().append(records, state, durable=durable)


@pytest.mark.parametrize("args", [{"key": "b"}, None])
async def test_an_answer_that_is_not_on_disk_has_changed_nothing(args: JsonObject | None) -> None:
    clock, journal = FakeClock(), Full()
    recorder = Recorder(journal, clock, "s1", SessionState())
    examiner = Examiner(Setting(FakeToolbox(), clock, Spooling(Path("unused"))), "s1")
    answering = Answering(recorder, examiner)
    await recorder.record(started(), ModelRequested(step=1, model="m"))
    use = ToolUse("c1", "put", {"key": "a", "value": "x"})
    [case] = await examiner.examine_all((use,), recorder.state)
    assert isinstance(case, OpenCase)
    proposed = CallProposed(call_id="c1", step=1, tool=use.tool, args=use.args)
    await recorder.record(proposed, *case.events)
    answering.open(case)
    if args is None:  # a yes at a lower level than it was judged at is judged anew
        case.judge(replace(case.verdict, level=5))
    before = (case.use, case.verdict, case.binding)
    journal.full = True
    with pytest.raises(JournalError):
        await answering.take(Approve(call_id="c1", binding=case.binding, args=args))
    assert (case.use, case.verdict, case.binding) == before
