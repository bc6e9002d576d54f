"""A fork begins as its parent did, does nothing again, and says what is different."""

import pytest
from hypothesis import given

from loopdeck.errors import UsageError
from loopdeck.harness.forking import Fork, forked, forked_at_call
from loopdeck.harness.opening import reopen
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.setting import SandboxFound
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import UserTurn
from loopdeck.session.commands import Approve, Command, Say
from loopdeck.session.events import (
    CallAsked,
    CallFinished,
    CallStarted,
    HumanMessage,
    RuleRevoked,
    SessionStarted,
)
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Grant, Parent, Rule
from tests.support.clock import FakeClock
from tests.support.models import Step, calls, says
from tests.support.rig import SESSION, Rig, approves, nobody
from tests.support.strategies import sessions

TWO = calls(("c1", "put", {"key": "a", "value": 1}), ("c2", "put", {"key": "b", "value": 2}))


async def two_steps() -> Rig:
    rig = Rig([TWO, calls(("c3", "look", {"key": "a"})), says("Done.")])
    await rig.run()
    return rig


async def goes_on(rig: Rig, fork: Fork) -> Rig:
    """The fork as a session of its own, in the same world, under the same name for the rig."""
    rig.journal = MemoryJournal.of(fork.records)
    rig.box.ran.clear()
    rig.heard.clear()
    recorder, conversation = await reopen(rig.journal, rig.clock, SESSION, fork=True)
    if fork.message:
        await rig.inbox.send(Say(text=fork.message))
    await rig._drive(recorder, conversation, "wait", "park")  # pyright: ignore[reportPrivateUsage] - the rig begins and resumes, and a fork is neither
    return rig


def fresh(rig: Rig, *steps: Step) -> Rig:
    other = Rig(steps, box=rig.box)
    other.box, other.clock = rig.box, rig.clock
    return other


@given(sessions())
def test_a_fork_is_valid_and_its_prompt_is_its_parents_up_to_there(records: list[Record]) -> None:
    at = len(records)
    fork = forked(records, at, "fork0001")
    assert list(problems(fork.records)) == []
    assert fork.at <= at
    parents = Conversation(records[: fork.at])
    if fork.at:
        assert Conversation(fork.records).request() == parents.request()
    first = fork.records[0].event
    assert isinstance(first, SessionStarted)
    assert first.parent == Parent(session=records[0].session, seq=fork.at)


async def test_a_fork_of_the_end_with_nothing_changed_has_the_same_prompt() -> None:
    rig = await two_steps()
    records = await rig.records()
    fork = forked(records, len(records), SESSION)
    assert fork.at == len(records)
    assert Conversation(fork.records).turns == Conversation(records).turns


async def test_nothing_of_the_past_is_done_again_and_the_agent_is_told_about_the_files() -> None:
    rig = await two_steps()
    records = await rig.records()
    second = next(r.seq for r in records if r.event.type == "model_requested" and r.seq > 2)
    fork = forked(records, second + 2, SESSION, message="the other way")
    assert fork.at == second - 1
    other = await goes_on(fresh(rig, says("Done.")), fork)
    assert other.box.ran == []
    turn = other.model.requests[0].turns[-1]
    assert isinstance(turn, UserTurn)
    assert "the files are as they are now" in turn.texts[0]
    assert turn.texts[1] == "the other way"
    assert [result.text for result in turn.results] == ["written", "written"]


async def test_an_edited_message_takes_the_place_of_the_old_one() -> None:
    rig = Rig([says("Done."), says("Done.")], human=nobody)
    await rig.inbox.send(Say(text="in blue"))
    await rig.run()
    records = await rig.records()
    at = next(r.seq for r in records if isinstance(r.event, HumanMessage))
    fork = forked(records, at, SESSION, message="in red")
    assert not any(isinstance(record.event, HumanMessage) for record in fork.records)
    goal = forked(records, 1, SESSION, message="tidy the other shed").records[0].event
    assert isinstance(goal, SessionStarted)
    assert goal.goal == "tidy the other shed"


@pytest.mark.parametrize("level", [3, 4])
async def test_edited_arguments_are_shown_again_and_run_only_then(level: int) -> None:
    rig = Rig([TWO, says("Done.")])
    rig.sandbox = SandboxFound("walls", passed=True)
    await rig.run(level=level)
    args = {"key": "b", "value": "changed"}
    fork = forked_at_call(await rig.records(), "c2", SESSION, args, rig.clock.wall())
    assert list(problems(fork.records)) == []
    shown: list[CallAsked] = []

    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallAsked):
            assert other.box.ran == []
            shown.append(record.event)
        return approves(record)

    other = fresh(rig, says("Done."))
    other.human = human
    await goes_on(other, fork)
    assert [event.call_id for event in shown] == ["c2"]
    assert shown[0].again.startswith("You changed it")
    assert other.box.ran == ["put b"]
    assert other.box.files["b"] == "changed"
    turn = other.model.requests[0].turns[-1]
    assert isinstance(turn, UserTurn)
    assert turn.results[0].text == "written"
    assert turn.results[1].text.startswith("Your human changed the arguments to:")


async def test_a_call_of_the_same_reply_that_had_not_begun_is_left() -> None:
    rig = await two_steps()
    fork = forked_at_call(await rig.records(), "c1", SESSION, {"key": "a", "value": 9}, 0)
    ends = [r.event for r in fork.records if isinstance(r.event, CallFinished)]
    assert [(end.call_id, end.by) for end in ends] == [("c2", "harness")]
    assert not any(isinstance(record.event, CallStarted) for record in fork.records)


async def test_a_running_call_of_the_same_reply_keeps_its_result() -> None:
    reply = calls(("c1", "look", {"key": "a"}), ("c2", "put", {"key": "b", "value": 2}))
    rig = Rig([reply, says("Done.")])
    await rig.run()
    fork = forked_at_call(await rig.records(), "c2", SESSION, {"key": "b", "value": 9}, 0)
    ends = [r.event for r in fork.records if isinstance(r.event, CallFinished)]
    assert [(end.call_id, end.output) for end in ends] == [("c1", "one")]


async def test_a_permission_for_the_parent_alone_does_not_go_on_in_its_fork() -> None:
    def grants(record: Record) -> Command | None:
        if not isinstance(record.event, CallAsked):
            return None
        rule = Rule(decide="allow", match="category(write)", scope="session")
        grant = Grant(grant_id="g1", rule=rule)
        return Approve(call_id=record.event.call_id, binding=record.event.binding, grant=grant)

    rig = Rig([TWO, says("Done.")], human=grants)
    await rig.run()
    records = await rig.records()
    journal = MemoryJournal.of(forked(records, len(records), "fork0001").records)
    recorder, _ = await reopen(journal, FakeClock(), "fork0001", fork=True)
    assert project(records).grants
    assert recorder.state.grants == ()
    taken = [r.event for r in await journal.read("fork0001") if isinstance(r.event, RuleRevoked)]
    assert [event.grant_id for event in taken] == ["g1"]


async def test_moments_and_calls_that_do_not_exist_are_said() -> None:
    records = await (await two_steps()).records()
    with pytest.raises(UsageError, match="no event #999"):
        forked(records, 999, SESSION)
    with pytest.raises(UsageError, match="no call c9"):
        forked_at_call(records, "c9", SESSION, {}, 0)
