"""Answers to calls: edited, with a permission, without storing; what takes them lasts a turn."""

import asyncio
from pathlib import Path

from loopdeck.harness.gating.answering import WORSE, Answering
from loopdeck.harness.gating.cases import OpenCase
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import ToolUse, UserTurn
from loopdeck.session.calls import CallStatus
from loopdeck.session.codec import dump_event
from loopdeck.session.commands import Approve, Command, Deny, Revoke
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    ModelRequested,
    RuleGranted,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Grant, Rule
from tests.support.clock import FakeClock
from tests.support.models import calls, says
from tests.support.records import started
from tests.support.rig import Rig, approves, nobody
from tests.support.toolbox import FakeToolbox


async def test_a_call_of_an_earlier_turn_cannot_be_edited_any_more() -> None:
    clock = FakeClock()
    recorder = Recorder(MemoryJournal(), clock, "s1", SessionState())
    examiner = Examiner(Setting(FakeToolbox(), clock, Spooling(Path("unused"))), "s1")
    answering = Answering(recorder, examiner)
    await recorder.record(started(), ModelRequested(step=1, model="m"))
    use = ToolUse("c1", "put", {"key": "a", "value": "x"})
    [case] = await examiner.examine_all((use,), recorder.state)
    assert isinstance(case, OpenCase)
    answering.open(case)
    proposed = CallProposed(call_id="c1", step=1, tool=use.tool, args=use.args)
    await recorder.record(proposed, *case.events)
    answering.next_turn()
    await answering.take(Approve(call_id="c1", binding=case.binding, args={"key": "b"}))
    call = recorder.state.call("c1")
    assert call is not None
    assert call.status is CallStatus.WAITING


def waiting_for(rig: Rig, count: int = 1) -> bool:
    """Whether so many requests were made."""
    return sum(isinstance(event, CallAsked) for event in rig.heard) >= count


async def asked(rig: Rig, count: int = 1) -> None:
    """Wait for so many requests."""
    while not waiting_for(rig, count):
        await asyncio.sleep(0)
        assert rig.inbox.accepts


def results(rig: Rig) -> str:
    """What the model was last sent of its calls."""
    turn = rig.model.requests[-1].turns[-1]
    assert isinstance(turn, UserTurn)
    return "\n".join(result.text for result in turn.results)


async def test_edited_arguments_run_and_both_forms_are_kept_and_the_model_is_told() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    edited = rig.approval("c1").model_copy(update={"args": {"key": "b", "value": 2}})
    await rig.inbox.send(edited)
    await running
    assert rig.box.ran == ["put b"]
    call = project((await rig.records())[:-3]).call("c1")
    assert call is not None
    assert (call.args, call.original_args) == (
        {"key": "b", "value": 2},
        {"key": "a", "value": 1},
    )
    assert results(rig).startswith('Your human changed the arguments to: {"key": "b", "value": 2}')


async def test_an_edit_that_does_worse_is_shown_before_it_runs() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    first = rig.approval("c1")
    rig.box.changed["b"] = Category.DESTRUCTIVE
    await rig.inbox.send(first.model_copy(update={"args": {"key": "b", "value": 2}}))
    await asked(rig, 2)
    second = rig.approval("c1")
    assert second.binding != first.binding
    assert rig.box.ran == []
    await rig.inbox.send(first)
    await rig.inbox.send(second)
    await running
    assert rig.box.ran == ["put b"]
    again = [event.again for event in await rig.events() if isinstance(event, CallAsked)]
    assert again == ["", WORSE]


async def test_an_edit_that_cannot_be_used_asks_again_with_the_sentence() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    await rig.inbox.send(rig.approval("c1").model_copy(update={"args": {"key": 7}}))
    await asked(rig, 2)
    assert rig.box.ran == []
    await rig.inbox.send(rig.approval("c1"))
    await running
    assert rig.box.ran == ["put a"]
    again = [event.again for event in await rig.events() if isinstance(event, CallAsked)]
    assert "key: a string is needed" in again[1]


async def test_a_secret_the_human_did_not_touch_is_meant_when_they_edit_its_mark() -> None:
    secret = "hunter2-hunter2"
    rig = Rig([calls(("c1", "put", {"key": "a", "value": secret})), says("Done.")], human=nobody)
    rig.redactor = Redactor(b"k", [secret])
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    shown = rig.redactor.clean(secret)
    await rig.inbox.send(
        rig.approval("c1").model_copy(update={"args": {"key": "a", "value": f"{shown}!"}})
    )
    await running
    assert rig.box.files["a"] == f"{secret}!"
    assert secret not in str([dump_event(event) for event in await rig.events()])


async def test_an_edit_that_was_left_for_a_later_run_is_what_runs_there() -> None:
    secret = "hunter2-hunter2"
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    rig.redactor = Redactor(b"k", [secret])
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    edited = rig.approval("c1").model_copy(update={"args": {"key": "b", "value": secret}})
    assert (await rig.resume(mail=[edited])).outcome == "done"
    assert (rig.box.ran, rig.box.files["b"]) == (["put b"], secret)
    events = await rig.events()
    assert secret not in str([dump_event(event) for event in events])
    (answered,) = (event for event in events if isinstance(event, CallAnswered))
    assert answered.args == {"key": "b", "value": rig.redactor.clean(secret)}


async def test_only_an_edit_of_what_still_waits_is_kept_for_the_next_run() -> None:
    clock = FakeClock()
    recorder = Recorder(MemoryJournal(), clock, "s1", SessionState())
    examiner = Examiner(Setting(FakeToolbox(), clock, Spooling(Path("unused"))), "s1")
    answering = Answering(recorder, examiner)
    proposed = CallProposed(call_id="c1", step=1, tool="put", args={"key": "a"})
    await recorder.record(started(), ModelRequested(step=1, model="m"), proposed)
    await recorder.record(CallAsked(call_id="c1", binding="b"))
    edit = Approve(call_id="c1", binding="b", args={"key": "b"})
    await answering.take(edit)
    assert answering.unread() == [edit]
    await answering.take(Deny(call_id="c1"))
    assert answering.unread() == []


async def test_of_an_edit_and_a_later_no_that_both_waited_the_no_counts() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")], human=nobody)
    await rig.run(on_ask="park")
    edited = rig.approval("c1").model_copy(update={"args": {"key": "b", "value": 2}})
    await rig.resume(mail=[edited, Deny(call_id="c1")])
    assert rig.box.ran == []


def granting(rig: Rig, call_id: str, match: str, calls: int | None = None) -> Approve:
    """A yes that comes with a standing permission."""
    given = Grant(grant_id="g1", rule=Rule(decide="allow", match=match, scope="session"))
    given = given.model_copy(update={"calls": calls})
    return rig.approval(call_id).model_copy(update={"grant": given})


async def test_a_permission_lets_what_else_waits_and_what_comes_later_run() -> None:
    turn = calls(*((f"c{n}", "put", {"key": f"k{n}", "value": n}) for n in range(3)))
    later = calls(("c3", "put", {"key": "k3", "value": 3}))
    rig = Rig([turn, later, says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig, 3)
    await rig.inbox.send(granting(rig, "c0", "category(write)"))
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put k0", "put k1", "put k2", "put k3"]
    answered = [event for event in await rig.events() if isinstance(event, CallAnswered)]
    assert [(event.call_id, event.by) for event in answered] == [
        ("c0", "human"),
        ("c1", "rule"),
        ("c2", "rule"),
    ]
    (view,) = project(await rig.records()).grants
    assert view.hits == 3


async def test_a_permission_for_two_calls_covers_two_also_in_one_reply() -> None:
    first = calls(("c0", "put", {"key": "k0", "value": 0}))
    many = calls(*((f"d{n}", "put", {"key": f"k{n}", "value": n}) for n in range(4)))
    rig = Rig([first, many, says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run(on_ask="park"))
    await asked(rig)
    await rig.inbox.send(granting(rig, "c0", "category(write)", calls=2))
    await running
    if not waiting_for(rig, 2):
        await rig.resume(on_ask="park")
    assert sorted(rig.box.ran) == ["put k0", "put k0", "put k1"]
    assert len(project(await rig.records()).waiting) == 2


async def test_a_permission_that_may_not_be_given_leaves_the_yes_and_says_why() -> None:
    rig = Rig([calls(("c1", "wreck", {"key": "a"})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    await rig.inbox.send(granting(rig, "c1", "category(destructive)"))
    await running
    assert rig.box.ran == ["wreck a"]
    assert project(await rig.records()).grants == ()
    (answered,) = (event for event in await rig.events() if isinstance(event, CallAnswered))
    assert "was not given" in answered.reason


def revokes(record: Record) -> Command | None:
    """A human who takes back a permission as soon as it is given."""
    return Revoke(grant_id="g1") if isinstance(record.event, RuleGranted) else None


async def test_a_revoked_permission_asks_again_at_once() -> None:
    turns = [calls((f"c{n}", "put", {"key": "a", "value": n})) for n in range(2)]
    rig = Rig([*turns, says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    rig.human = revokes
    await rig.inbox.send(granting(rig, "c0", "category(write)"))
    await asked(rig, 2)
    await rig.inbox.send(rig.approval("c1"))
    await running
    assert rig.box.ran == ["put a", "put a"]


async def test_what_is_not_to_be_stored_is_seen_by_the_model_once_and_never_logged() -> None:
    rig = Rig(
        [calls(("c1", "look", {"key": "a"})), calls(("c2", "look", {"key": "b"})), says("Done.")],
        human=nobody,
    )
    rig.box.files["a"] = "what only the model may see"
    rig.box.facts = {"sensitive": True}
    running = asyncio.ensure_future(rig.run())
    await asked(rig)
    await rig.inbox.send(rig.approval("c1").model_copy(update={"store": False}))
    rig.human = approves
    rig.box.facts = {}
    assert (await running).outcome == "done"
    assert "what only the model may see" in str(rig.model.requests[1].turns)
    assert "what only the model may see" not in str(rig.model.requests[2].turns)
    assert "‹not stored: 27 characters›" in str(rig.model.requests[2].turns)
    events = await rig.events()
    assert "what only" not in "".join(dump_event(event) for event in events)
    first = next(event for event in events if isinstance(event, CallFinished))
    assert (first.withheld, first.output) == (27, "‹not stored: 27 characters›")


async def test_after_a_restart_the_model_sees_that_something_was_not_stored() -> None:
    rig = Rig(
        [calls(("c1", "look", {"key": "a"}), ("c2", "wreck", {"key": "b"})), says("Done.")],
        human=nobody,
    )
    rig.box.facts = {"sensitive": True}
    running = asyncio.ensure_future(rig.run(on_ask="park"))
    await asked(rig, 2)
    await rig.inbox.send(rig.approval("c1").model_copy(update={"store": False}))
    if (await running).outcome == "waiting" and "look a" not in rig.box.ran:
        await rig.resume(on_ask="park")
    rig.human = approves
    await rig.resume(mail=[rig.approval("c2")])
    assert "‹not stored: 3 characters›" in str(rig.model.requests[-1].turns)
