"""A tool has the run's own model answer something: counted with its call, and no step."""

import pytest

from loopdeck.errors import ModelRejected
from loopdeck.harness.gating.aside import turns_of
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import MARK, Redactor
from loopdeck.ports import AssistantTurn, UserTurn
from loopdeck.session.commands import Approve, Command, Steer
from loopdeck.session.events import CallAsked, CallFinished, HumanCalled
from loopdeck.session.records import Record
from loopdeck.session.sketch import sketch
from loopdeck.session.spent import Fold, beat
from loopdeck.session.values import JsonObject, Limits, TextBlock, Usage
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


async def test_the_maker_of_the_model_gets_no_secret_that_was_learned() -> None:
    secret = "correct-horse-battery"
    rig = Rig([calls(("c1", "question", {"muse": f"Is it {secret}?"})), says("No."), says("Done.")])
    rig.redactor = Redactor(b"key")
    rig.redactor.learn([secret])
    await rig.run()
    (asked,) = [turn for turn in rig.model.requests[1].turns if isinstance(turn, UserTurn)]
    assert secret not in asked.texts[0]
    assert MARK.search(asked.texts[0])


@pytest.mark.parametrize("args", [{"muse": "Why?"}, {}])
async def test_a_call_that_is_not_stored_asks_neither_the_model_nor_its_human(
    args: JsonObject,
) -> None:
    def quietly(record: Record) -> Command | None:
        if isinstance(record.event, CallAsked):
            return Approve(call_id="c1", binding=record.event.binding, store=False)
        return None

    rig = Rig([calls(("c1", "question", args)), says("Done.")], human=quietly)
    rig.box.facts = {"sensitive": True}
    await rig.run()
    assert len(rig.model.requests) == 2
    assert "human_called" not in await rig.types()
    told = rig.model.requests[1].turns[-1]
    assert isinstance(told, UserTurn)
    assert "nothing of this call be stored" in told.results[0].text


async def test_what_a_call_took_is_counted_when_it_is_interrupted() -> None:
    def stops(record: Record) -> Command | None:
        return Steer(text="Go on without.") if isinstance(record.event, HumanCalled) else None

    asked = calls(("c1", "question", {"muse": "Why?", "sure": True}))
    rig = Rig([asked, says("Because.", cost=0.5), says("Done.")], human=stops)
    await rig.run()
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert (end.ok, end.usage, end.cost_usd) == (False, Usage(input=10, output=5), 0.5)
    assert "Interrupted" in end.output


async def test_what_a_call_took_is_counted_when_nobody_can_answer_it() -> None:
    asked = calls(("c1", "question", {"muse": "Why?", "sure": True}))
    rig = Rig([asked, says("Because.", cost=0.5), says("Done.")])
    await rig.run(on_ask="deny")
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert (end.ok, end.usage, end.cost_usd) == (False, Usage(input=10, output=5), 0.5)


async def test_calls_side_by_side_keep_a_limit_together() -> None:
    both = calls(("c1", "question", {"muse": "Why?"}), ("c2", "question", {"muse": "How?"}))
    rig = Rig([both, says("Because."), says("Slowly."), says("Done.")])
    rig.box.beside = {"question"}
    await rig.run(limits=Limits(tokens=25), on_ask="deny")
    ends = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert sorted(end.ok for end in ends) == [False, True]
    assert [end.usage for end in ends if end.ok] == [Usage(input=10, output=5)]
    assert [end.usage for end in ends if not end.ok] == [None]


def test_neighbours_that_one_said_are_one_turn() -> None:
    said = turns_of([("user", "a"), ("user", "b"), ("assistant", "c"), ("user", "d")])
    assert said == [
        UserTurn((), ("a", "b")),
        AssistantTurn((TextBlock(text="c"),)),
        UserTurn((), ("d",)),
    ]
