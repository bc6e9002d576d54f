"""The level turned down by itself, kept where the walls are missing, and taint on its way."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from loopdeck.harness.prompt.words import KEPT
from loopdeck.harness.rerun.again import Rerun, rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.harness.setting import SandboxFound
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import UserTurn
from loopdeck.session.commands import Command, Deny, Say, SetLevel
from loopdeck.session.events import (
    CallAsked,
    CallJudged,
    Event,
    LevelChanged,
    SandboxChecked,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Decision, Rule
from tests.support.models import calls, says
from tests.support.rig import Rig, approves, nobody

Found = TypeVar("Found")
WALLS = SandboxFound("bubblewrap", True, "passed")
NONE = SandboxFound("", False, "bwrap is missing")


def denies(record: Record) -> Command | None:
    """A human who says no to everything."""
    if isinstance(record.event, CallAsked):
        return Deny(call_id=record.event.call_id)
    return None


def changes(events: list[Event]) -> list[tuple[int, str, str]]:
    """Every change of the level."""
    return [(e.level, e.by, e.reason) for e in events if isinstance(e, LevelChanged)]


def puts(count: int) -> list[tuple[str, str, dict[str, object]]]:
    """So many different writes."""
    return [(f"c{n}", "put", {"key": "a", "value": n}) for n in range(count)]


async def until(rig: Rig, kind: str, count: int = 1) -> None:
    """Wait until so many events of a kind were heard."""
    while [event.type for event in rig.heard].count(kind) < count:  # noqa: ASYNC110 - the log
        await asyncio.sleep(0)


async def again(rig: Rig) -> Rerun:
    """The recorded run, run again."""
    return await rerun(await rig.records(), Props(MemoryJournal.of, rig.box.specs))


async def test_three_denials_in_ten_calls_lower_the_level_by_one_once() -> None:
    rig = Rig([calls(use) for use in puts(3)] + [says("I stop.")], human=denies)
    await rig.run()
    assert changes(await rig.events()) == [
        (2, "harness", "3 of the last 10 calls were denied"),
    ]
    last = rig.model.requests[-1].turns[-1]
    assert isinstance(last, UserTurn)
    assert any("level is 2 now" in text for text in last.texts)


async def test_two_denials_lower_nothing_and_neither_do_old_ones() -> None:
    looks = [calls((f"l{n}", "look", {"key": f"k{n}"})) for n in range(10)]
    first, second, third = (calls(use) for use in puts(3))
    rig = Rig([first, second, *looks, third, says("I stop.")], human=denies)
    await rig.run()
    assert changes(await rig.events()) == []


async def test_what_a_rule_denies_is_not_counted() -> None:
    rule = Rule(decide="deny", match="category(write)")
    rig = Rig([calls(use) for use in puts(4)] + [says("I stop.")])
    await rig.run(rules=(rule,))
    assert changes(await rig.events()) == []


async def test_a_run_without_a_sandbox_comes_down_to_level_three_and_says_so() -> None:
    rig = Rig([says("Done.")])
    rig.sandbox = NONE
    await rig.run(level=5)
    events = await rig.events()
    assert [e.passed for e in events if isinstance(e, SandboxChecked)] == [False]
    assert [(level, by) for level, by, _ in changes(events)] == [(3, "harness")]
    state = project(await rig.records())
    assert (state.level, state.sandbox, state.sandbox_says) == (3, "", "bwrap is missing")


async def test_a_run_with_a_sandbox_keeps_its_level_and_each_run_says_what_it_found() -> None:
    rig = Rig([calls(*puts(1)), says("Done.")], human=nobody)
    rig.sandbox = WALLS
    assert (await rig.run(level=4, on_ask="park")).outcome == "waiting"
    mail = [rig.approval("c0")]
    await rig.resume(on_ask="park", mail=mail)
    events = await rig.events()
    assert sum(isinstance(event, SandboxChecked) for event in events) == 2
    assert changes(events) == []


async def test_level_four_is_shut_without_walls_and_open_with_them() -> None:
    for sandbox, level in [(NONE, 3), (None, 3), (WALLS, 4)]:
        rig = Rig([calls(*puts(1)), says("Done.")], human=nobody)
        rig.sandbox = sandbox
        running = asyncio.ensure_future(rig.run())
        await until(rig, "call_asked")
        await rig.inbox.send(SetLevel(level=4))
        await rig.inbox.send(rig.approval("c0"))
        await running
        changed = changes(await rig.events())
        assert changed == [(3, "harness", KEPT) if level == 3 else (4, "human", "")]
        assert project(await rig.records()).level == level
        heard = str(rig.model.requests[-1].turns[-1])
        assert ("level is" in heard) is (level == 4)


async def test_going_down_from_five_to_four_needs_no_walls() -> None:
    rig = Rig([calls(*puts(1)), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run(level=5))
    await until(rig, "call_asked")
    await rig.inbox.send(SetLevel(level=4))
    await rig.inbox.send(rig.approval("c0"))
    await running
    assert changes(await rig.events())[0][:2] == (4, "human")


async def test_after_outside_content_a_network_call_asks_whatever_allows_it() -> None:
    allow = Rule(decide="allow", match="category(network)")
    turns = [calls((f"c{n}", "fetch", {})) for n in range(2)]
    rig = Rig([*turns, says("Done.")], human=approves)
    rig.sandbox = WALLS
    await rig.run(level=5, rules=(allow,))
    events = await rig.events()
    judged = [event for event in events if isinstance(event, CallJudged)]
    assert [event.verdict for event in judged] == [Decision.ALLOW, Decision.ASK]
    assert "outside content" in judged[1].rule
    assert changes(events)[0][0] == judged[1].level == 4
    assert "reach other machines" in changes(events)[0][2]


async def test_the_level_falls_before_the_question_so_that_it_is_asked_once() -> None:
    write, allow = puts(1)[0], Rule(decide="allow", match="category(network)")
    both = calls(write, ("c2", "fetch", {}), ("c3", "fetch", {}))
    rig = Rig([calls(("c1", "fetch", {})), both, says("Done.")], human=approves)
    rig.sandbox = WALLS
    assert (await rig.run(level=4, rules=(allow,))).outcome == "done"
    events = await rig.events()
    after = events[events.index(next(e for e in events if isinstance(e, LevelChanged))) :]
    asked = [event.call_id for event in after if isinstance(event, CallAsked)]
    judged = [event for event in after if isinstance(event, CallJudged)]
    assert asked == ["c0", "c2", "c3"]
    assert [(event.call_id, event.level) for event in judged] == [(name, 3) for name in asked]
    assert [level for level, _, _ in changes(events)] == [3]
    assert (await again(rig)).identical


async def test_what_a_human_turns_down_while_a_request_is_made_stays_down() -> None:
    rule = Rule(decide="allow", match="category(network)")
    turns = [calls(("c1", "fetch", {})), calls(("c2", "fetch", {})), says("Done.")]
    rig = Rig(turns, human=approves)
    rig.sandbox = WALLS

    async def slowly(look: Callable[[], Found], /) -> Found:
        if not changes(rig.heard):
            await rig.inbox.send(SetLevel(level=2))
            await until(rig, "level_changed")
        return look()

    rig.aside = slowly
    await rig.run(level=5, rules=(rule,))
    events = await rig.events()
    assert [(level, by) for level, by, _ in changes(events)] == [(2, "human"), (2, "harness")]


async def test_a_yes_after_the_third_no_of_the_same_reply_is_not_asked_for_again() -> None:
    def human(record: Record) -> Command | None:
        return approves(record) if getattr(record.event, "call_id", "") == "c3" else denies(record)

    for level in (3, 4):
        rig = Rig([calls(*puts(4)), says("I stop.")], human=human)
        await rig.run(level=level)
        events = await rig.events()
        assert [level for level, _, _ in changes(events)] == [level - 1]
        assert [e.call_id for e in events if isinstance(e, CallAsked)] == ["c0", "c1", "c2", "c3"]
        assert rig.box.ran == (["put a"] if level == 4 else [])  # level 2 has no tool that writes
        assert (await again(rig)).identical


async def test_a_message_of_the_human_ends_the_taint() -> None:
    allow = Rule(decide="allow", match="category(network)")

    def human(record: Record) -> Command | None:
        if record.event.type == "call_finished":
            return Say(text="go on")
        return approves(record)

    turns = [
        calls(("c0", "fetch", {})),
        calls(("c1", "look", {"key": "a"})),
        calls(("c2", "fetch", {})),
    ]
    rig = Rig([*turns, says("Done."), says("Done."), says("Done.")], human=human)
    rig.sandbox = WALLS
    await rig.run(level=4, rules=(allow,))
    judged = [event for event in await rig.events() if isinstance(event, CallJudged)]
    assert {event.verdict for event in judged} == {Decision.ALLOW}


async def test_an_approval_of_a_higher_level_does_not_apply_below_it() -> None:
    first = ("c0", "put", {"key": "a", "value": 0})
    second = ("c1", "put", {"key": "b", "value": 1})
    rig = Rig([calls(first, second), says("All right.")], human=nobody)
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await until(rig, "call_asked", 2)
    await rig.inbox.send(rig.approval("c0"))
    await rig.box.begun.wait()
    await rig.inbox.send(rig.approval("c1"))
    await rig.inbox.send(SetLevel(level=2))
    await until(rig, "level_changed")
    rig.box.gate.set()
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put a"]
    assert "only reads" in str(rig.model.requests[-1].turns[-1])
