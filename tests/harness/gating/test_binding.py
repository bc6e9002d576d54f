"""What an approval is bound to: whatever of it changes between the yes and the start stops it."""

import asyncio
from dataclasses import replace

import pytest

from loopdeck.harness.gating.binding import UNSEEN, difference, nonce_of, parts_of, places_of, seal
from loopdeck.ports import ToolUse
from loopdeck.session.commands import Approve, Command
from loopdeck.session.events import CallAnswered, CallAsked, CallStarted, SessionStarted
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject, Rule
from tests.support.models import calls, says
from tests.support.rig import Rig, nobody
from tests.support.toolbox import FakeAction, FakeToolbox

TARGET: JsonObject = {
    "cwd": "/shed",
    "shell": "/bin/bash",
    "programs": {"pytest": "/bin/pytest 7 1000 42"},
    "scripts": {"run.sh": "9f8e"},
    "path": "/shed/a.md",
    "base": "one",
    "environment": {"PATH": "/bin", "LANG": "C"},
    "confines": "in the sandbox, no network",
}
USE = ToolUse("c1", "put", {"key": "a", "value": "x"})
MOVED: dict[str, tuple[JsonObject, str]] = {
    "cwd": ({"cwd": "/elsewhere"}, "the folder it runs in"),
    "shell": ({"shell": "/tmp/bash"}, "the shell"),
    "program": ({"programs": {"pytest": "/bin/pytest 8 1000 42"}}, "pytest"),
    "script": ({"scripts": {"run.sh": "0000"}}, "run.sh"),
    "path": ({"path": "/shed/b.md"}, "where its path leads"),
    "base": ({"base": "two"}, "a.md"),
    "environment": ({"environment": {"PATH": "/tmp", "LANG": "C"}}, "PATH"),
    "sandbox": ({"confines": "outside"}, "the sandbox around it"),
    "service": ({"beside": "; the service dev runs beside it"}, "what runs beside it"),
}


def parts(
    use: ToolUse = USE, *, session: str = "s1", policy: str = "p", pepper: str = "k", **more: object
) -> JsonObject:
    """The parts of a call on a toolbox that is bound to `TARGET`."""
    box = FakeToolbox()
    box.bound = TARGET | more
    return parts_of(session, use, FakeAction(box, use.tool, use.args), policy, pepper)


def test_every_part_and_the_nonce_are_in_the_seal() -> None:
    forms = [
        parts(),
        parts(session="s2"),
        parts(replace(USE, call_id="c2")),
        parts(replace(USE, tool="wreck")),
        parts(replace(USE, args={"key": "a", "value": "x "})),
        parts(policy="q"),
        parts(pepper="l"),
        *(parts(**change) for change, _ in MOVED.values()),
    ]
    seals = {seal(form, "n1") for form in forms}
    assert len(seals) == len(forms)
    assert seal(parts(), "n2") not in seals
    assert seal(parts(), "n1") == seal(parts(), "n1")
    assert nonce_of(seal(parts(), "n1")) == "n1"


@pytest.mark.parametrize(("change", "name"), MOVED.values(), ids=MOVED.keys())
def test_the_sentence_names_what_changed(change: JsonObject, name: str) -> None:
    said = difference(parts(), parts(**change))
    assert said == f"Review again: {name} changed since it was shown."


def test_several_changes_are_named_together_and_an_unseen_form_is_not_guessed() -> None:
    said = difference(parts(), parts(base="two", cwd="/x", policy="q"))
    assert said.startswith("Review again: the rules, a.md and the folder it runs in changed")
    assert difference({}, parts()) == UNSEEN


@pytest.mark.parametrize(("change", "name"), MOVED.values(), ids=MOVED.keys())
async def test_a_call_whose_world_moved_after_the_yes_does_not_run(
    change: JsonObject, name: str
) -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "new"})), says("Done.")], human=nobody)
    rig.box.bound = dict(TARGET)
    asked: list[CallAsked] = []

    def human(record: Record) -> Command | None:
        if not isinstance(record.event, CallAsked):
            return None
        asked.append(record.event)
        if len(asked) > 1:
            assert rig.box.ran == []
        rig.box.bound = TARGET | change
        return Approve(call_id="c1", binding=record.event.binding)

    rig.human = human
    await rig.run()
    assert [name in event.again for event in asked] == [False, True]
    assert rig.box.ran == ["put a"]


async def test_a_start_names_the_binding_that_was_verified() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "new"})), says("Done.")])
    await rig.run()
    events = await rig.events()
    asked = next(event for event in events if isinstance(event, CallAsked))
    started = next(event for event in events if isinstance(event, CallStarted))
    assert started.binding == asked.binding != ""


async def test_each_request_has_a_nonce_of_its_own_and_an_old_yes_is_void() -> None:
    turn = calls(("c1", "put", {"key": "a", "value": 1}))
    rig = Rig([turn, calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    seen: list[CallAsked] = []
    while len(seen) < 2:
        await asyncio.sleep(0)
        seen = [event for event in rig.heard if isinstance(event, CallAsked)]
        if len(seen) == 1:
            await rig.inbox.send(Approve(call_id="c1", binding=seen[0].binding))
    assert seen[0].binding != seen[1].binding
    await rig.inbox.send(Approve(call_id=seen[1].call_id, binding=seen[0].binding))
    await rig.inbox.send(Approve(call_id=seen[1].call_id, binding=seen[1].binding))
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put a", "put a"]


async def test_a_parked_yes_still_holds_for_the_next_process() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    yes = rig.approval("c1")
    assert (await rig.resume(on_ask="park", mail=[yes])).outcome == "done"
    assert rig.box.ran == ["put a"]
    assert (await rig.types()).count("call_asked") == 1


async def test_rules_that_changed_meanwhile_are_a_reason_to_look_again() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    yes = rig.approval("c1")
    first, *rest = await rig.records()
    assert isinstance(first.event, SessionStarted)
    rule = Rule(decide="ask", match="category(read)", scope="cli")
    changed = first.event.model_copy(update={"rules": (rule,)})
    await rig.rewrite([replace(first, event=changed), *rest])
    assert (await rig.resume(on_ask="park", mail=[yes])).outcome == "waiting"
    assert rig.box.ran == []


async def test_a_yes_of_another_day_is_asked_for_again() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    records = await rig.records()
    binding = rig.approval("c1").binding
    yes = CallAnswered(call_id="c1", answer="approved", by="human", binding=binding)
    last = records[-1]
    await rig.rewrite([*records, replace(last, seq=last.seq + 1, event=yes)])
    rig.clock.advance(24 * 3600)
    assert (await rig.resume(on_ask="park")).outcome == "waiting"
    assert rig.box.ran == []
    again = [event.again for event in await rig.events() if isinstance(event, CallAsked)]
    assert "more than an hour old" in again[-1]


async def test_a_yes_of_a_minute_ago_is_carried_out_after_a_restart() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    records = await rig.records()
    binding = rig.approval("c1").binding
    yes = CallAnswered(call_id="c1", answer="approved", by="human", binding=binding)
    last = records[-1]
    await rig.rewrite([*records, replace(last, seq=last.seq + 1, event=yes)])
    rig.clock.advance(60)
    assert (await rig.resume(on_ask="park")).outcome == "done"
    assert rig.box.ran == ["put a"]


def test_the_places_where_a_change_would_show_are_absolute_and_named_once() -> None:
    target: JsonObject = {
        "cwd": "/shed",
        "path": "/shed/a",
        "targets": {"a": "/shed/a", "b": "/else/b", "c": 7},
        "scripts": {"run.sh": "x"},
    }
    assert places_of({"target": target}) == ["/shed/a", "/else/b", "/shed/run.sh"]
    assert places_of({"target": None}) == places_of({}) == []
