"""A scripted model keeps the rules of every model, and its own: no waiting, no state, no cost."""

import pytest

from loopdeck.errors import UnknownModel
from loopdeck.models.scripted import ScriptedModel, scripted_model
from loopdeck.ports import AssistantTurn, CallResult, Delta, ModelRequest, Reply, ToolUse, UserTurn
from tests.models.conformance import ModelRules, gather
from tests.models.scripts.stage import TOOLS
from tests.support.clock import FakeClock

START = ModelRequest("Be brief.", (UserTurn(texts=("find three shows",)),), TOOLS)


class TestScriptedModel(ModelRules):
    """The rules for any model."""

    @pytest.fixture
    def model(self) -> ScriptedModel:
        return scripted_model("scripted:pitches", clock=FakeClock(), pace=0)

    @pytest.fixture
    def ask(self) -> ModelRequest:
        return START


def test_it_is_called_what_the_user_typed() -> None:
    assert scripted_model("scripted:bugfix", clock=FakeClock(), pace=0).name == "scripted:bugfix"
    assert scripted_model("bugfix", clock=FakeClock(), pace=0).name == "scripted:bugfix"


def test_an_unknown_script_names_those_that_exist() -> None:
    with pytest.raises(UnknownModel) as caught:
        scripted_model("scripted:opera", clock=FakeClock(), pace=0)
    assert "opera" in str(caught.value)
    assert "scripted:pitches" in caught.value.hint
    assert "scripted:bugfix" in caught.value.hint


async def test_at_a_pace_it_comes_word_by_word_and_takes_its_time() -> None:
    clock = FakeClock()
    deltas, _ = await gather(scripted_model("pitches", clock=clock, pace=2), START)
    assert all(len(delta.text.split()) == 1 for delta in deltas)
    assert len(clock.slept) == len(deltas) + 1
    assert all(seconds > 0 for seconds in clock.slept)


async def test_without_a_pace_it_never_sleeps_and_comes_by_the_sentence() -> None:
    clock = FakeClock()
    deltas, reply = await gather(scripted_model("pitches", clock=clock, pace=0), START)
    assert clock.slept == []
    assert any(len(delta.text.split()) > 3 for delta in deltas)
    assert reply == (await gather(scripted_model("pitches", clock=clock, pace=1), START))[1]


async def test_it_costs_nothing_and_its_tokens_grow_with_the_history() -> None:
    model = scripted_model("pitches", clock=FakeClock(), pace=0)
    _, first = await gather(model, START)
    results = tuple(
        CallResult(block.call_id, "x" * 400) for block in first.blocks if isinstance(block, ToolUse)
    )
    more = (*START.turns, AssistantTurn(first.blocks), UserTurn(results))
    _, second = await gather(model, ModelRequest("Be brief.", more, TOOLS))
    assert first.cost_usd == second.cost_usd == 0.0
    assert second.usage.input >= first.usage.input + 100 * len(results)


async def test_call_ids_go_on_counting_through_the_session() -> None:
    model = scripted_model("pitches", clock=FakeClock(), pace=0)
    first = ids((await gather(model, START))[1])
    earlier = (await gather(model, START))[1]
    more = (*START.turns, AssistantTurn(earlier.blocks), UserTurn())
    second = ids((await gather(model, ModelRequest("", more, TOOLS)))[1])
    assert first[0] == "call-1"
    assert second[0] == f"call-{len(first) + 1}"


async def test_every_delta_is_part_of_the_reply() -> None:
    model = scripted_model("bugfix", clock=FakeClock(), pace=1)
    parts = [part async for part in model.stream(START)]
    kinds = [part.kind for part in parts if isinstance(part, Delta)]
    assert kinds == sorted(kinds, reverse=True)  # thinking before text


def ids(reply: Reply) -> list[str]:
    return [block.call_id for block in reply.blocks if isinstance(block, ToolUse)]
