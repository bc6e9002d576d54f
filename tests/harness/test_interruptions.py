"""Interrupted turns, moved worlds and late answers leave a valid log and run nothing by mistake."""

import asyncio

from loopdeck.errors import ToolError
from loopdeck.harness.prompt.words import INTERRUPTED
from loopdeck.ports import UserTurn
from loopdeck.session.calls import CallStatus
from loopdeck.session.commands import Answer, Command, GoOn, Interrupt, Say, SetLevel, Steer, Stop
from loopdeck.session.events import CallFinished, HumanAnswered, HumanCalled
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Limits, Rule
from tests.support.models import calls, says
from tests.support.rig import Rig, approves, nobody


async def until(rig: Rig, kind: str, count: int = 1) -> None:
    """Wait until so many events of a kind are on record."""
    while (await rig.types()).count(kind) < count:  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)


async def test_an_interrupted_call_finishes_once() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("All right.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await rig.inbox.send(Interrupt())
    await until(rig, "session_paused")
    assert len(rig.model.requests) == 1  # it waits: what was stopped is not asked for once more
    await rig.inbox.send(GoOn())
    assert (await running).outcome == "done"
    assert (await rig.types()).count("call_finished") == 1
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert INTERRUPTED in turn.texts


async def test_words_at_once_end_the_pause_of_an_interruption() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("All right.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await rig.inbox.send(Interrupt())
    await until(rig, "session_paused")
    await rig.inbox.send(Steer(text="look at b"))
    assert (await running).outcome == "done"
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert "look at b" in turn.texts


async def test_a_queued_side_effect_that_was_interrupted_is_closed_as_not_run() -> None:
    turn = calls(("c1", "put", {"key": "a", "value": 1}), ("c2", "put", {"key": "b", "value": 2}))
    rig = Rig([turn, says("All right.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run(level=4))
    await rig.box.begun.wait()
    await rig.inbox.send(Steer(text="stop that"))
    assert (await running).outcome == "done"
    finished = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert {event.call_id: event.by for event in finished} == {"c1": "tool", "c2": "harness"}
    assert rig.box.ran == []


async def test_steering_is_no_denial_of_what_waits() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Fine.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await until(rig, "call_asked")
    await rig.inbox.send(Steer(text="first look at b"))
    await running
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert "Denied" not in turn.results[0].text
    assert turn.texts == ("first look at b",)
    assert project(await rig.records()).totals.denied == 0


async def test_a_question_that_was_interrupted_is_withdrawn() -> None:
    rig = Rig([calls(("c1", "question", {})), says("Then I decide.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await until(rig, "human_called")
    await rig.inbox.send(Steer(text="decide yourself"))
    assert (await running).outcome == "done"
    answered = [event for event in await rig.events() if isinstance(event, HumanAnswered)]
    assert [event.answer for event in answered] == ["withdrawn"]


async def test_nobody_to_ask_withdraws_the_question_and_goes_on() -> None:
    rig = Rig([calls(("c1", "question", {})), says("Then I decide.")])
    assert (await rig.run(on_ask="deny")).outcome == "done"
    assert project(await rig.records()).asks == ()


async def test_each_suspected_loop_is_a_question_of_its_own() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, HumanCalled):
            return Answer(ask_id=record.event.ask_id, answer="continue")
        return None

    first = [calls((f"a{n}", "look", {"key": "a"})) for n in range(5)]
    second = [calls((f"b{n}", "look", {"key": "b"})) for n in range(5)]
    rig = Rig([*first, *second, says("Done.")], human=human)
    assert (await rig.run()).outcome == "done"
    asked = [event.ask_id for event in await rig.events() if isinstance(event, HumanCalled)]
    assert len(set(asked)) == 2


async def test_a_target_that_is_gone_at_approval_is_the_calls_result() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Oh.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await until(rig, "call_asked")
    rig.box.refuses = ToolError("a is a folder now")
    await rig.inbox.send(rig.approval("c1"))
    assert (await running).outcome == "done"
    assert rig.box.ran == []
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert turn.results[0].text == "a is a folder now"


async def test_a_call_that_waited_for_others_is_judged_again() -> None:
    one, two = {"key": "a", "value": 1}, {"key": "b", "value": 2}
    turn = calls(("c1", "write_file", one), ("c2", "write_file", two))
    rig = Rig([turn, says("All right.")], human=nobody)
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run(level=4))
    await rig.box.begun.wait()
    await rig.inbox.send(SetLevel(level=3))
    await until(rig, "level_changed")
    rig.box.gate.set()
    await until(rig, "call_asked")
    assert rig.box.ran == ["write_file a"]
    await rig.inbox.send(Stop())
    assert (await running).outcome == "stopped"
    assert rig.box.ran == ["write_file a"]


async def test_edited_arguments_are_judged_like_the_models() -> None:
    def human(record: Record) -> Command | None:
        answer = approves(record)
        return answer.model_copy(update={"args": {"key": "b"}}) if answer else None

    rule = Rule(decide="deny", match="category(destructive)")
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Oh.")], human=human)
    await rig.run(rules=(rule,))
    types = await rig.types()
    assert types.count("call_judged") == 2
    assert rig.box.ran == ["put b"]


async def test_a_parked_call_that_is_answered_while_others_run_goes_on() -> None:
    turn = calls(("c1", "put", {"key": "a", "value": 1}), ("c2", "look", {"key": "b"}))
    rig = Rig([turn, says("Done.")], human=nobody)
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run(on_ask="park"))
    await rig.box.begun.wait()
    await rig.inbox.send(rig.approval("c1"))
    await until(rig, "call_answered")
    rig.box.gate.set()
    assert (await running).outcome == "done"
    assert rig.box.files["a"] == "1"


async def test_an_answer_survives_a_crash_right_after_it() -> None:
    rig = Rig([calls(("c1", "question", {})), says("Thank you.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    await until(rig, "human_called")
    ask = project(await rig.records()).asks[0]
    await rig.inbox.send(Answer(ask_id=ask.ask_id, answer="that", text="that one"))
    await running
    records = await rig.records()
    cut = next(record.seq for record in records if isinstance(record.event, HumanAnswered))
    await rig.rewrite(records[:cut])
    rig.model.steps[:] = [says("Thank you.")]
    assert (await rig.resume(on_ask="park")).outcome == "done"
    finished = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert [(event.ok, event.output) for event in finished] == [(True, "that one")]


async def test_a_message_during_the_check_is_still_read() -> None:
    rig = Rig([says("Done."), says("Done again.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run(check="make check"))
    await rig.box.begun.wait()
    await rig.inbox.send(Say(text="and the other thing"))
    await until(rig, "human_message")
    rig.box.gate.set()
    assert (await running).text == "Done again."


async def test_a_check_that_was_interrupted_did_not_pass() -> None:
    rig = Rig([says("Done."), says("Then not.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run(check="make check"))
    await rig.box.begun.wait()
    await rig.inbox.send(Interrupt())
    await until(rig, "session_paused")
    rig.box.gate.set()
    await rig.inbox.send(GoOn())
    await running
    assert "was not finished" in str(rig.model.requests[1].turns[-1])


async def test_steering_costs_no_step_of_the_limit() -> None:
    hold = asyncio.Event()
    rig = Rig([says("Wrong way"), says("Right way.")], hold=hold)
    running = asyncio.ensure_future(rig.run(limits=Limits(steps=1), on_ask="park"))
    await rig.model.streaming.wait()
    await rig.inbox.send(Steer(text="the other way"))
    while len(rig.model.requests) < 2:  # noqa: ASYNC110 - a condition of the model
        await asyncio.sleep(0)
    hold.set()
    assert (await running).outcome == "done"


async def test_the_closing_words_are_said_once_and_only_for_the_last_turn() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, HumanCalled):
            return Answer(ask_id=record.event.ask_id, answer="finish")
        return None

    rig = Rig([calls(("c1", "look", {"key": "a"})), says("This far.")], human=human)
    await rig.run(limits=Limits(steps=1))
    assert str(rig.model.requests[1].turns).count("This is your last turn") == 1


async def test_a_close_while_it_works_can_be_resumed_and_one_at_the_end_is_the_end() -> None:
    hold = asyncio.Event()
    rig = Rig([says("Never said"), says("Done.")], hold=hold)
    running = asyncio.ensure_future(rig.run())
    await rig.model.streaming.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert project(await rig.records()).status == "paused"
    hold.set()
    assert (await rig.resume()).outcome == "done"
    assert project(await rig.records()).status == "done"


async def test_stop_works_while_an_unknown_call_is_asked_about() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")])
    await rig.run()
    records = await rig.records()
    cut = next(record.seq for record in records if record.event.type == "call_started")
    await rig.rewrite(records[:cut])
    rig.human = nobody
    running = asyncio.ensure_future(rig.resume())
    await until(rig, "human_called")
    assert [c.status for c in project(await rig.records()).unknown] == [CallStatus.UNKNOWN]
    await rig.inbox.send(Stop())
    assert (await running).outcome == "stopped"
