"""A tool has the run's own model answer something: counted with its call, and no step."""

import pytest

from loopdeck.errors import ModelRejected
from loopdeck.harness.gating.context import turns_of
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import AssistantTurn, UserTurn
from loopdeck.session.events import CallFinished
from loopdeck.session.sketch import sketch
from loopdeck.session.spent import Fold, beat
from loopdeck.session.values import Limits, TextBlock, Usage
from tests.support.models import calls, says
from tests.support.rig import Rig
from tests.support.toolbox import FakeToolbox

MUSE = calls(("c1", "question", {"muse": "Why?"}))


async def test_what_it_takes_is_counted_with_the_call_and_happens_again() -> None:
    rig = Rig([MUSE, says("Because.", cost=0.5), says("Done.")])
    await rig.run()
    assert rig.model.requests[1].instructions == "Be short."
    assert rig.model.requests[1].max_tokens == 60
    assert rig.model.requests[1].turns == [UserTurn((), ("Why?",))]
    records, state = await rig.records(), await rig.state()
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert (end.output, end.usage, end.cost_usd) == ("Because.", Usage(input=10, output=5), 0.5)
    assert "model_requested" in await rig.types()
    assert (await rig.types()).count("model_requested") == 2
    assert state.totals.usage.total == 45
    assert state.totals.cost_usd == pytest.approx(0.52)
    assert sketch(records).steps[0].tokens == 30
    fold = Fold()
    for record in records:
        if found := beat(record):
            fold.take(found)
    assert (fold.steps[0].tokens, fold.steps[0].cost_known) == (30, True)
    told = rig.model.requests[2].turns[-1]
    assert isinstance(told, UserTurn)
    assert [result.text for result in told.results] == ["Because."]
    assert (await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))).divergence is None


async def test_a_run_that_has_none_left_is_asked_nothing() -> None:
    rig = Rig([MUSE, says("Done.")])
    await rig.run(limits=Limits(tokens=15), on_ask="deny")
    assert len(rig.model.requests) == 1
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert (end.ok, end.usage) == (False, None)
    assert "used up" in end.output


async def test_a_model_that_refuses_is_told_to_the_tool() -> None:
    rig = Rig([MUSE, ModelRejected("Too long."), says("Done.")])
    await rig.run()
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert (end.ok, end.output, end.usage) == (False, "Too long.", None)


def test_neighbours_that_one_said_are_one_turn() -> None:
    said = turns_of([("user", "a"), ("user", "b"), ("assistant", "c"), ("user", "d")])
    assert said == [
        UserTurn((), ("a", "b")),
        AssistantTurn((TextBlock(text="c"),)),
        UserTurn((), ("d",)),
    ]
