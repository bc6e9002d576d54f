"""Searches that the model's maker made: calls of the log like any other, and outside content."""

from dataclasses import replace

import pytest

from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import AssistantTurn, Reply, Search, UserTurn
from loopdeck.session.events import CallFinished, CallJudged, CallProposed, LevelChanged
from loopdeck.session.values import Category, Decision, OpaqueBlock, Rule
from tests.support.models import calls, says
from tests.support.rig import Rig, approves
from tests.support.toolbox import FakeToolbox

BLOCK = OpaqueBlock(data={"type": "web_search_tool_result", "content": "sealed"})
MADE = Search("paint for sheds", "1. Paint\n   https://sheds.example/paint")


def searched(reply: Reply, *made: Search) -> Reply:
    """The reply, after these searches."""
    return replace(reply, blocks=(BLOCK, *reply.blocks), searches=made or (MADE,))


def rig_of(*steps: Reply) -> Rig:
    rig = Rig(steps, human=approves)
    rig.search = True
    return rig


async def test_a_search_is_a_call_with_its_words_and_what_it_found() -> None:
    rig = rig_of(searched(says("Blue."), MADE, Search("more", "The search failed: x.", ok=False)))
    assert (await rig.run()).outcome == "done"
    types = await rig.types()
    at = types.index("model_replied")
    assert types[at + 1 : at + 9] == [
        *("call_proposed", "call_judged", "call_started", "call_finished"),
        *("call_proposed", "call_judged", "call_started", "call_finished"),
    ]
    events = await rig.events()
    proposed = [event for event in events if isinstance(event, CallProposed)]
    assert [(each.tool, each.args) for each in proposed] == [
        ("web_search", {"query": "paint for sheds"}),
        ("web_search", {"query": "more"}),
    ]
    assert len({each.call_id for each in proposed}) == 2
    ended = [event for event in events if isinstance(event, CallFinished)]
    assert [(each.ok, each.output) for each in ended] == [
        (True, MADE.found),
        (False, "The search failed: x."),
    ]
    state = await rig.state()
    assert state.taint == "web_search"
    assert state.totals.calls == 2


async def test_what_the_vendor_wants_back_goes_back_and_no_result_stands_beside_it() -> None:
    rig = rig_of(searched(calls(("c1", "look", {"key": "a"}))), says("Blue."))
    await rig.run()
    turns = list(rig.model.requests[1].turns)
    assert isinstance(turns[1], AssistantTurn)
    assert BLOCK in turns[1].blocks
    assert isinstance(turns[2], UserTurn)
    assert [result.call_id for result in turns[2].results] == ["c1"]
    assert len(turns) == 3


async def test_what_is_written_after_a_search_is_judged_as_after_outside_content() -> None:
    rule = Rule(decide="allow", match="category(network)")
    rig = rig_of(searched(calls(("c1", "fetch", {}))), says("Blue."))
    await rig.run(rules=(rule,))
    judged = [e for e in await rig.events() if isinstance(e, CallJudged) and e.call_id == "c1"]
    assert {each.verdict for each in judged} == {Decision.ASK}
    assert "outside content came in through web_search" in judged[0].rule


async def test_searching_again_does_not_lower_the_level() -> None:
    rig = rig_of(
        searched(calls(("c1", "look", {"key": "a"}))),
        searched(calls(("c2", "look", {"key": "b"}))),
        says("Blue."),
    )
    await rig.run(level=4)
    assert not any(isinstance(event, LevelChanged) for event in await rig.events())
    judged = [event for event in await rig.events() if isinstance(event, CallJudged)]
    assert [each.category for each in judged if each.facts.get("by_maker")] == (
        [Category.NETWORK] * 2
    )


@pytest.mark.parametrize(
    ("level", "rules", "may"),
    [
        (3, [], True),
        (4, [Rule(decide="allow", match="host(x.example)")], True),
        (5, [Rule(decide="deny", match="web_fetch")], True),
        (2, [], False),
        (1, [], False),
        (3, [Rule(decide="deny", match="WebSearch")], False),
        (3, [Rule(decide="ask", match="web_search")], False),
        (5, [Rule(decide="deny", match="category(network)")], False),
    ],
)
async def test_the_maker_may_search_where_nothing_speaks_against_it(
    level: int, rules: list[Rule], *, may: bool
) -> None:
    rig = rig_of(says("Done."))
    await rig.run(level=level, rules=tuple(rules))
    assert rig.model.requests[0].search is may


async def test_nobody_searches_unless_it_was_switched_on() -> None:
    rig = Rig([says("Done.")])
    await rig.run()
    assert not rig.model.requests[0].search


async def test_a_search_under_the_name_of_a_call_is_another_call() -> None:
    rig = rig_of(searched(calls(("search-1-1", "look", {"key": "a"}))), says("Blue."))
    await rig.run()
    state = await rig.state()
    assert state.totals.calls == 2


async def test_a_run_with_searches_happens_again_from_its_log() -> None:
    rig = rig_of(
        searched(calls(("c1", "look", {"key": "a"})), MADE, Search("b", "no", ok=False)),
        searched(says("Blue.")),
    )
    await rig.run()
    found = await rerun(await rig.records(), Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
