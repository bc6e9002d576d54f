"""Answers to calls: what is kept to take them lasts one turn."""

from pathlib import Path

from loopdeck.harness.answering import Answering
from loopdeck.harness.cases import Examiner, OpenCase
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import ToolUse
from loopdeck.session.calls import CallStatus
from loopdeck.session.commands import Approve
from loopdeck.session.events import CallProposed, ModelRequested
from loopdeck.session.state import SessionState
from tests.support.clock import FakeClock
from tests.support.records import started
from tests.support.toolbox import FakeToolbox


async def test_a_call_of_an_earlier_turn_cannot_be_edited_any_more() -> None:
    clock = FakeClock()
    recorder = Recorder(MemoryJournal(), clock, "s1", SessionState())
    examiner = Examiner(Setting(FakeToolbox(), clock, Path("unused")), "s1")
    answering = Answering(recorder, examiner)
    await recorder.record(started(), ModelRequested(step=1, model="m"))
    use = ToolUse("c1", "put", {"key": "a", "value": "x"})
    case = examiner.examine(use, recorder.state)
    assert isinstance(case, OpenCase)
    answering.open(case)
    proposed = CallProposed(call_id="c1", step=1, tool=use.tool, args=use.args)
    await recorder.record(proposed, *case.events)
    answering.next_turn()
    await answering.take(Approve(call_id="c1", binding=case.binding, args={"key": "b"}))
    call = recorder.state.call("c1")
    assert call is not None
    assert call.status is CallStatus.WAITING
