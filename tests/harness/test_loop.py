"""The loop from the goal to the end, with real parts around a written model."""

import asyncio

from loopdeck.errors import ModelRejected, ModelUnavailable
from loopdeck.ports import CallResult, UserTurn
from loopdeck.session.commands import (
    Answer,
    Approve,
    Command,
    Deny,
    GoOn,
    Interrupt,
    Pause,
    Say,
    SetLevel,
    Steer,
    Stop,
)
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallStarted,
    HumanCalled,
    ModelReplied,
    ModelRequested,
    SessionEnded,
)
from loopdeck.session.records import Record
from loopdeck.session.values import Limits
from tests.support.models import calls, says
from tests.support.rig import Rig, nobody


def results(rig: Rig, request: int) -> tuple[CallResult, ...]:
    """The call results that the model was sent with a request."""
    turn = rig.model.requests[request].turns[-1]
    assert isinstance(turn, UserTurn)
    return turn.results


async def test_an_agent_reads_and_reports_without_asking() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("It says one.")])
    ending = await rig.run()
    assert (ending.outcome, ending.text) == ("done", "It says one.")
    assert results(rig, 1) == (CallResult("c1", "one"),)
    assert "call_asked" not in await rig.types()


async def test_a_step_costs_two_commits() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    sizes: list[int] = []
    append = rig.journal.append

    async def counting(records: list[Record], *rest: object, **more: bool) -> None:
        if more.get("durable", True):
            sizes.append(len(records))
        await append(records, *rest, **more)  # pyright: ignore[reportArgumentType] - passed on

    rig.journal.append = counting  # pyright: ignore[reportAttributeAccessIssue] - a spy
    await rig.run()
    assert sizes == [1, 1, 4, 2, 1, 1]  # start; ask; reply+call; result+ask; reply; end


async def test_a_write_waits_for_its_human_and_runs_once() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "new"})), says("Done.")])
    ending = await rig.run()
    assert ending.outcome == "done"
    assert rig.box.files["a"] == "new"
    assert rig.box.ran == ["put a"]
    types = await rig.types()
    order = ["call_proposed", "call_judged", "call_asked", "call_answered", "call_started"]
    assert [kind for kind in types if kind.startswith("call_")] == [*order, "call_finished"]


async def test_a_denied_call_never_starts_and_the_model_hears_why() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallAsked):
            return Deny(call_id=record.event.call_id, reason="too risky")
        return None

    rig = Rig([calls(("c1", "wreck", {"key": "a"})), says("Then not.")], human=human)
    await rig.run()
    assert "a" in rig.box.files
    assert not any(isinstance(event, CallStarted) for event in await rig.events())
    (result,) = results(rig, 1)
    assert result.is_error
    assert "Denied by your human: too risky" in result.text


async def test_reads_run_side_by_side_while_a_write_waits() -> None:
    seen: list[str] = []

    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallFinished):
            seen.append(record.event.call_id)
            if len(seen) == 2:
                return rig.approval("c2")
        return None

    turn = calls(
        ("c1", "look", {"key": "a"}),
        ("c2", "put", {"key": "a", "value": "x"}),
        ("c3", "look", {"key": "b"}),
    )
    rig = Rig([turn, says("Done.")], human=human)
    ending = await rig.run()
    assert ending.outcome == "done"
    assert rig.box.most_at_once == 2
    assert rig.box.ran[-1] == "put a"
    assert [result.call_id for result in results(rig, 1)] == ["c1", "c2", "c3"]


async def test_side_effects_run_one_at_a_time_in_order() -> None:
    turn = calls(*((f"c{n}", "put", {"key": f"k{n}", "value": n}) for n in range(4)))
    rig = Rig([turn, says("Done.")])
    await rig.run()
    assert rig.box.most_at_once == 1
    assert rig.box.ran == ["put k0", "put k1", "put k2", "put k3"]


async def test_a_world_that_moved_after_the_approval_is_shown_again() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "new"})), says("Done.")])
    asked: list[CallAsked] = []

    def human(record: Record) -> Command | None:
        if not isinstance(record.event, CallAsked):
            return None
        asked.append(record.event)
        if len(asked) == 1:
            rig.box.files["a"] = "somebody else's"
        return Approve(call_id=record.event.call_id, binding=record.event.binding)

    rig.human = human
    await rig.run()
    assert len(asked) == 2
    assert "changed since it was shown" in asked[1].again
    assert asked[1].preview is not None
    assert asked[1].preview.text == "somebody else's"
    assert rig.box.ran == ["put a"]


async def test_an_approval_of_an_older_form_is_void() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    while "call_asked" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    await rig.inbox.send(Approve(call_id="c1", binding="an older form"))
    await rig.inbox.send(Say(text="and this comes after it"))
    while "human_message" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    assert rig.box.ran == []
    await rig.inbox.send(rig.approval("c1"))
    assert (await running).outcome == "done"
    assert rig.box.ran == ["put a"]


async def test_edited_arguments_are_what_runs_and_the_model_is_told() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallAsked):
            binding = record.event.binding
            return Approve(call_id="c1", binding=binding, args={"key": "b", "value": "mine"})
        return None

    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")], human=human)
    await rig.run()
    assert rig.box.files == {"a": "one", "b": "mine"}
    assert '"key": "b"' in results(rig, 1)[0].text


async def test_wrong_arguments_and_unknown_tools_are_results_not_faults() -> None:
    turn = calls(("c1", "fly", {}), ("c2", "look", {"key": 3}), ("c3", "look", {"key": "zz"}))
    rig = Rig([turn, says("Oh.")])
    assert (await rig.run()).outcome == "done"
    assert [result.is_error for result in results(rig, 1)] == [True, True, True]


async def test_reused_call_ids_are_told_apart() -> None:
    rig = Rig(
        [
            calls(("c", "look", {"key": "a"}), ("c", "look", {"key": "b"})),
            calls(("c", "look", {"key": "a"})),
            says("Done."),
        ]
    )
    await rig.run()
    assert [result.call_id for result in results(rig, 1)] == ["c", "c-2"]
    assert [result.call_id for result in results(rig, 2)] == ["c-3"]


async def test_calls_of_a_cut_off_reply_never_run() -> None:
    cut = calls(("c1", "put", {"key": "a"}), stop="max_tokens")
    rig = Rig([cut, says("Smaller now.")])
    assert (await rig.run()).outcome == "done"
    assert rig.box.ran == []
    events = await rig.events()
    assert "1 calls of this reply were not run" in next(
        event.note for event in events if isinstance(event, ModelReplied)
    )
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert "cut off" in turn.texts[0]


async def test_a_pause_turn_sends_the_same_list_back() -> None:
    rig = Rig([says("Still searching", stop="pause_turn"), says("Found.")])
    assert (await rig.run()).outcome == "done"
    assert len(rig.model.requests[1].turns) == len(rig.model.requests[0].turns) + 1


async def test_a_refusal_fails_a_run_that_nobody_watches() -> None:
    rig = Rig([says("", stop="refusal")])
    ending = await rig.run(on_ask="park")
    assert ending.outcome == "failed"
    assert "refused" in ending.text


async def test_an_unknown_stop_reason_calls_the_human() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, HumanCalled):
            return Answer(ask_id=record.event.ask_id, answer="stop")
        return None

    rig = Rig([says("hm", stop="moonlight")], human=human)
    ending = await rig.run()
    assert ending.outcome == "failed"
    assert "moonlight" in ending.text


async def test_a_model_that_comes_back_is_asked_again_after_a_pause() -> None:
    rig = Rig([ModelUnavailable("Busy.", wait_s=7), ModelUnavailable("Busy."), says("Here.")])
    assert (await rig.run()).outcome == "done"
    assert rig.clock.slept == [7, 2.0]
    requested = [event for event in await rig.events() if isinstance(event, ModelRequested)]
    assert [(event.step, event.attempt) for event in requested] == [(1, 1), (1, 2), (1, 3)]


async def test_a_rejected_request_is_not_sent_again() -> None:
    rig = Rig([ModelRejected("The key is wrong.", "Set another.")])
    ending = await rig.run(on_ask="park")
    assert (ending.outcome, ending.hint) == ("failed", "Set another.")
    assert len(rig.model.requests) == 1


async def test_a_message_reaches_the_model_with_its_next_call() -> None:
    hold = asyncio.Event()
    rig = Rig([says("Done?"), says("Done now.")], hold=hold)
    running = asyncio.ensure_future(rig.run())
    await rig.model.streaming.wait()
    await rig.inbox.send(Say(text="one more thing"))
    while "human_message" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    hold.set()
    assert (await running).outcome == "done"
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert turn.texts == ("one more thing",)


async def test_steering_cuts_the_reply_and_its_draft_is_forgotten() -> None:
    hold = asyncio.Event()
    rig = Rig([says("Wrong way"), says("Right way.")], hold=hold)
    running = asyncio.ensure_future(rig.run())
    await rig.model.streaming.wait()
    await rig.inbox.send(Steer(text="the other way"))
    while len(rig.model.requests) < 2:  # noqa: ASYNC110 - a condition of the model
        await asyncio.sleep(0)
    hold.set()
    assert (await running).text == "Right way."
    assert len(rig.model.requests[1].turns) == 1
    turn = rig.model.requests[1].turns[0]
    assert isinstance(turn, UserTurn)
    assert turn.texts == ("tidy up", "the other way")


async def test_an_interruption_closes_running_and_waiting_calls() -> None:
    turn = calls(("c1", "look", {"key": "a"}), ("c2", "put", {"key": "a", "value": "x"}))
    rig = Rig([turn, says("All right.")], human=nobody)
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await rig.inbox.send(Interrupt())
    while "session_paused" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    await rig.inbox.send(GoOn())
    assert (await running).outcome == "done"
    assert rig.box.ran == []
    assert [result.is_error for result in results(rig, 1)] == [True, True]
    assert all("nterrupted" in result.text for result in results(rig, 1))


async def test_a_stop_ends_the_run_even_while_it_waits() -> None:
    rig = Rig([calls(("c1", "wreck", {"key": "a"}))], human=nobody)
    running = asyncio.ensure_future(rig.run())
    while "call_asked" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    await rig.inbox.send(Stop())
    ending = await running
    assert ending.outcome == "stopped"
    ended = (await rig.events())[-1]
    assert isinstance(ended, SessionEnded)


async def test_a_pause_holds_the_next_step_until_go_on() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    await rig.inbox.send(Pause())
    running = asyncio.ensure_future(rig.run())
    while "session_paused" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    assert rig.model.requests == []
    await rig.inbox.send(GoOn())
    assert (await running).outcome == "done"
    assert "session_resumed" in await rig.types()


async def test_a_lower_level_holds_from_the_next_call_on() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")])
    await rig.inbox.send(SetLevel(level=1))
    await rig.run(level=3)
    assert rig.model.requests[0].tools == []


async def test_nobody_watching_parks_a_call_and_others_go_on() -> None:
    turn = calls(("c1", "put", {"key": "a", "value": "x"}), ("c2", "look", {"key": "b"}))
    rig = Rig([turn, says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    assert rig.box.ran == ["look b"]
    assert (await rig.resume(mail=[rig.approval("c1")])).outcome == "done"
    assert rig.box.files["a"] == "x"


async def test_nobody_watching_can_mean_no() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Then not.")])
    assert (await rig.run(on_ask="deny")).outcome == "done"
    assert rig.box.ran == []
    answered = [event for event in await rig.events() if isinstance(event, CallAnswered)]
    assert [(event.by, event.reason) for event in answered] == [("rule", "nobody is watching")]


async def test_a_question_to_the_human_is_a_result() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, HumanCalled):
            return Answer(ask_id=record.event.ask_id, answer="that", text="that one, please")
        return None

    rig = Rig([calls(("c1", "question", {})), says("Done.")], human=human)
    assert (await rig.run()).outcome == "done"
    assert results(rig, 1)[0].text == "that one, please"
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    assert turn.texts == ()


async def test_limits_are_kept_through_a_run() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), calls(("c2", "look", {"key": "b"}))])
    ending = await rig.run(limits=Limits(steps=2), on_ask="park")
    assert ending.outcome == "limit"
    assert len(rig.model.requests) == 2


async def test_a_fault_inside_ends_the_run_as_failed_and_on_record() -> None:
    rig = Rig([ValueError("a bug")])
    ending = await rig.run()
    assert ending.outcome == "failed"
    assert (await rig.types())[-1] == "session_ended"
    assert "a bug" not in ending.text


async def test_a_second_yes_does_not_count_for_what_is_asked_later() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "new"})), says("Done.")])
    asked: list[CallAsked] = []

    def human(record: Record) -> Command | None:
        if not isinstance(record.event, CallAsked):
            return None
        asked.append(record.event)
        if len(asked) > 1:
            return Deny(call_id="c1", reason="not like this")
        rig.box.files["a"] = "somebody else's"
        asyncio.ensure_future(rig.inbox.send(rig.approval("c1")))  # noqa: RUF006 - ends at once
        return rig.approval("c1")

    rig.human = human
    await rig.run()
    assert rig.box.ran == []
