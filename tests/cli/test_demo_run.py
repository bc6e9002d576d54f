"""Each demo under the real harness, tools and rules, at level 3, with a human who says yes."""

import asyncio
from pathlib import Path

import pytest

from loopdeck.cli.demo import prepare
from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.loop import Harness
from loopdeck.harness.opening import Terms, begin
from loopdeck.harness.setting import Setting
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.memory import MemoryJournal
from loopdeck.models.scripted import scripted_model
from loopdeck.session.commands import Approve
from loopdeck.session.events import CallAnswered, CallAsked, CallFinished, CallJudged, Event
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.clock import FakeClock


async def run(name: str, folder: Path) -> tuple[Ending, list[Record]]:
    """A whole session of a demo."""
    demo = prepare(name, folder)
    journal, clock, inbox = MemoryJournal(), FakeClock(), Inbox()
    terms = Terms(demo.goal, demo.model, str(demo.workspace), check=demo.check)
    recorder, conversation = await begin(journal, clock, "demo0001", terms)
    answers: set[asyncio.Task[None]] = set()

    def approve(record: Record) -> None:
        if isinstance(record.event, CallAsked):
            yes = Approve(call_id=record.event.call_id, binding=record.event.binding)
            answers.add(asyncio.create_task(inbox.send(yes)))

    recorder.listen(approve)
    harness = Harness(
        recorder=recorder,
        conversation=conversation,
        model=scripted_model(demo.model, clock=clock, pace=0),
        inbox=inbox,
        setting=Setting(
            toolbox=BuiltinToolbox(demo.workspace),
            clock=clock,
            spool=Spooling(folder / "spool"),
        ),
    )
    ending = await asyncio.wait_for(harness.run(), 50)
    return ending, await journal.read("demo0001", limit=10_000)


@pytest.mark.parametrize("name", ["pitches", "bugfix"])
async def test_a_demo_ends_in_a_checked_result(name: str, tmp_path: Path) -> None:
    ending, records = await run(name, tmp_path)
    events: list[Event] = [record.event for record in records]
    assert ending.outcome == "done"
    assert list(problems(records)) == []
    judged = {each.call_id: each.category for each in events if isinstance(each, CallJudged)}
    approved = {
        judged[each.call_id]
        for each in events
        if isinstance(each, CallAnswered) and each.answer == "approved"
    }
    assert {Category.WRITE, Category.DESTRUCTIVE} <= approved
    assert any(not each.ok for each in events if isinstance(each, CallFinished))
    assert recorded_check(records) == "passed"


def recorded_check(records: list[Record]) -> str:
    """How the definition of done stands, which the session's end has to agree with."""
    state = project(records)
    assert state.check is not None
    assert state.verified == "checked"
    return state.check.status
