"""What keeps a run honest: the check, limits, loops, and the way back after a crash."""

from loopdeck.harness.gating.cases import NOBODY
from loopdeck.session.commands import Answer, Command
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    HumanAnswered,
    HumanCalled,
    LimitWarned,
    LoopSuspected,
    ModelRequested,
    SessionEnded,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Limits
from tests.support.models import calls, says
from tests.support.rig import Human, Rig, approves, nobody


def answers(**words: str) -> Human:
    """A human who answers each kind of question with a word."""

    def human(record: Record) -> Command | None:
        event = record.event
        if isinstance(event, HumanCalled) and event.kind in words:
            return Answer(ask_id=event.ask_id, answer=words[event.kind])
        return None

    return human


def ended(events: list[object]) -> SessionEnded:
    """The end of a session."""
    last = events[-1]
    assert isinstance(last, SessionEnded)
    return last


async def test_done_without_a_check_is_never_shown_as_checked() -> None:
    rig = Rig([says("Done.")])
    await rig.run()
    assert ended(list(await rig.events())).verified == "unchecked"


async def test_done_is_believed_when_the_check_passes() -> None:
    rig = Rig([says("Done?"), says("Done now.")])
    rig.box.exit_codes = [1, 0]
    ending = await rig.run(check="make check")
    assert (ending.outcome, ending.text) == ("done", "Done now.")
    assert ended(list(await rig.events())).verified == "checked"
    last = rig.model.requests[1].turns[-1]
    assert "The check failed (exit code 1)" in str(last)


async def test_three_failed_checks_call_the_human() -> None:
    rig = Rig([says("Done.")] * 3, human=answers(check="stop"))
    rig.box.exit_codes = [1, 1, 1]
    ending = await rig.run(check="make check")
    assert ending.outcome == "stopped"
    assert ended(list(await rig.events())).verified == "failed"


async def test_three_failed_checks_with_nobody_there_wait_for_somebody() -> None:
    rig = Rig([says("Done.")] * 4)
    rig.box.exit_codes = [1, 1, 1, 0]
    assert (await rig.run(check="make check", on_ask="park")).outcome == "waiting"
    assert project(await rig.records()).status == "waiting"
    assert (await rig.resume(on_ask="park")).outcome == "done"
    assert project(await rig.records()).asks == ()


async def test_a_limit_warns_once_and_stops_before_the_next_call() -> None:
    steps = [calls((f"c{n}", "look", {"key": "a" if n % 2 else "b"})) for n in range(9)]
    rig = Rig(steps)
    assert (await rig.run(limits=Limits(steps=5), on_ask="park")).outcome == "limit"
    warned = [event for event in await rig.events() if isinstance(event, LimitWarned)]
    assert [(event.used, event.allowed) for event in warned] == [(4, 5)]
    assert len(rig.model.requests) == 5


async def test_a_raised_limit_goes_on() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")], human=answers(limit="raise"))
    assert (await rig.run(limits=Limits(steps=1))).outcome == "done"
    raised = [event for event in await rig.events() if isinstance(event, HumanAnswered)]
    assert [event.limits for event in raised] == [Limits(steps=2)]


async def test_a_closing_turn_has_no_tools_and_ends_the_run() -> None:
    rig = Rig(
        [calls(("c1", "look", {"key": "a"})), says("This far.")], human=answers(limit="finish")
    )
    ending = await rig.run(limits=Limits(steps=1))
    assert (ending.outcome, ending.text) == ("limit", "This far.")
    assert rig.model.requests[1].tools == []
    assert any(isinstance(event, ModelRequested) and event.closing for event in await rig.events())


async def test_a_cost_limit_cannot_be_kept_at_an_unknown_price() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("x", cost=None), says("y")])
    rig.model.steps[0] = says("first", stop="pause_turn", cost=None)
    ending = await rig.run(limits=Limits(cost_usd=5), on_ask="park")
    assert ending.outcome == "limit"
    assert "price of this model is unknown" in ending.text


async def test_a_cost_limit_stops_at_its_sum() -> None:
    rig = Rig([calls((f"c{n}", "look", {"key": "a"})) for n in range(9)])
    assert (await rig.run(limits=Limits(cost_usd=0.02), on_ask="park")).outcome == "limit"
    assert len(rig.model.requests) == 2


async def test_a_token_limit_counts_what_was_sent_and_received() -> None:
    rig = Rig([calls((f"c{n}", "look", {"key": "a"})) for n in range(9)])
    assert (await rig.run(limits=Limits(tokens=30), on_ask="park")).outcome == "limit"
    assert len(rig.model.requests) == 2


async def test_minutes_count_work_and_not_waiting() -> None:
    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallAsked):
            rig.clock.advance(3600)
        return approves(record)

    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")], human=human)
    assert (await rig.run(limits=Limits(minutes=30))).outcome == "done"


async def test_limits_given_with_resume_replace_the_old_ones() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    assert (await rig.run(limits=Limits(steps=1, tokens=900), on_ask="park")).outcome == "limit"
    ending = await rig.resume(limits=Limits(steps=9), on_ask="park")
    assert ending.outcome == "done"
    assert project(await rig.records()).limits == Limits(steps=9, tokens=900)


async def test_the_model_is_told_at_three_repeats_and_the_human_asked_at_five() -> None:
    same = [calls((f"c{n}", "look", {"key": "a"})) for n in range(5)]
    rig = Rig([*same, says("Done.")], human=answers(loop="stop"))
    ending = await rig.run()
    assert ending.outcome == "stopped"
    suspected = [event for event in await rig.events() if isinstance(event, LoopSuspected)]
    assert [(event.tool, event.count) for event in suspected] == [("look", 3)]
    assert "Doing it again will not help" in str(rig.model.requests[3].turns[-1])
    assert len(rig.model.requests) == 5


async def test_an_excused_repeat_is_not_asked_about_again() -> None:
    same = [calls((f"c{n}", "look", {"key": "a"})) for n in range(9)]
    rig = Rig([*same, says("Done.")], human=answers(loop="continue"))
    assert (await rig.run()).outcome == "done"
    assert (await rig.types()).count("human_called") == 1


async def test_progress_between_equal_calls_is_no_loop() -> None:
    steps = [
        step
        for n in range(6)
        for step in (
            calls((f"l{n}", "look", {"key": "a"})),
            calls((f"p{n}", "put", {"key": f"k{n}", "value": n})),
        )
    ]
    rig = Rig([*steps, says("Done.")])
    assert (await rig.run()).outcome == "done"
    assert "loop_suspected" not in await rig.types()


async def test_a_call_cut_off_by_a_crash_is_unknown_and_waits_for_a_verdict() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")])
    await crash_after(rig, "call_started")
    assert (await rig.resume(on_ask="park")).outcome == "waiting"
    state = project(await rig.records())
    assert [call.status for call in state.unknown] == ["unknown"]
    verdict = Answer(ask_id=state.asks[0].ask_id, answer="done")
    assert (await rig.resume(mail=[verdict])).outcome == "done"
    assert rig.box.ran == []


async def test_an_unknown_outcome_can_be_left_to_the_model() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("I will look.")])
    await crash_after(rig, "call_started")
    assert (await rig.resume(on_ask="park", on_unknown="tell")).outcome == "done"
    finished = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert [(event.ok, event.by) for event in finished] == [(False, "harness")]


async def test_an_approval_before_the_crash_runs_without_asking_again() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")])
    await crash_after(rig, "call_answered")
    assert (await rig.resume(on_ask="park")).outcome == "done"
    assert rig.box.ran == ["put a"]
    assert (await rig.types()).count("call_asked") == 1


async def test_an_approval_of_a_destructive_call_is_asked_for_again_after_a_crash() -> None:
    rig = Rig([calls(("c1", "wreck", {"key": "a"})), says("Done.")])
    await crash_after(rig, "call_answered")
    rig.human = nobody
    assert (await rig.resume(on_ask="park")).outcome == "waiting"
    assert rig.box.ran == []


async def test_a_waiting_approval_survives_a_crash_exactly_once() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")])
    await crash_after(rig, "call_asked")
    ending = await rig.resume(on_ask="park", mail=[rig.approval("c1")])
    assert ending.outcome == "done"
    assert rig.box.ran == ["put a"]
    assert (await rig.types()).count("call_asked") == 1


async def test_a_yes_that_was_given_holds_where_nobody_watches_any_more() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    ending = await rig.resume(on_ask="deny", mail=[rig.approval("c1")])
    assert (ending.outcome, rig.box.ran) == ("done", ["put a"])


async def test_a_request_that_nobody_answered_is_denied_where_nobody_watches() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    assert (await rig.resume(on_ask="deny")).outcome == "done"
    said = [event for event in await rig.events() if isinstance(event, CallAnswered)]
    assert [(one.answer, one.by, one.reason) for one in said] == [("denied", "rule", NOBODY)]
    assert rig.box.ran == []


async def test_a_crash_before_the_verdict_judges_the_call_again() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    await crash_after(rig, "call_proposed")
    assert (await rig.resume()).outcome == "done"
    assert rig.box.ran == ["look a"]


async def test_a_crash_in_mid_stream_asks_the_model_again() -> None:
    rig = Rig([says("Done."), says("Done.")])
    await crash_after(rig, "model_requested")
    assert (await rig.resume()).outcome == "done"
    assert (await rig.types()).count("model_replied") == 1


async def test_an_open_question_is_asked_once_and_answered_after_the_crash() -> None:
    rig = Rig([calls(("c1", "question", {})), says("Done.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    ask = project(await rig.records()).asks[0]
    ending = await rig.resume(on_ask="park", mail=[Answer(ask_id=ask.ask_id, answer="that")])
    assert ending.outcome == "done"
    assert (await rig.types()).count("human_called") == 1


async def crash_after(rig: Rig, kind: str) -> None:
    """Run, and then keep only what was on disk when the first event of a kind had been written."""
    steps = list(rig.model.steps)
    await rig.run()
    records = await rig.records()
    cut = next(record.seq for record in records if record.event.type == kind)
    replied = any(record.event.type == "model_replied" for record in records[:cut])
    await rig.rewrite(records[:cut])
    rig.box.ran.clear()
    rig.box.files = {"a": "one", "b": "two"}
    rig.model.steps = steps[1:] if replied else steps
