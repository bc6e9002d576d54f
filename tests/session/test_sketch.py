"""A run in outline says of its calls what every screen says of them."""

from dataclasses import replace

from hypothesis import given

from loopdeck.session.calls import CallEvent, CallStatus, CallView, advance_call
from loopdeck.session.events import (
    CallAsked,
    CallFinished,
    CallProposed,
    CallStarted,
    Event,
    ModelChunk,
    ModelReplied,
    ModelRequested,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.sketch import sketch
from loopdeck.session.values import Usage
from tests.support.records import recording
from tests.support.strategies import sessions


@given(sessions(40))
def test_the_calls_of_the_step_at_hand_stand_as_the_fold_has_them(records: list[Record]) -> None:
    views: dict[str, CallView] = {}
    for at, record in enumerate(records, 1):
        event = record.event
        if isinstance(event, CallEvent):
            view = advance_call(views.get(event.call_id), record, event)
            if view is not None:
                views[event.call_id] = view
        if at % 7 and at < len(records):
            continue
        steps = sketch(records[:at]).steps
        if not steps:
            continue
        here = [view for view in views.values() if view.seq >= steps[-1].seq]
        assert [(call.args, call.status) for call in steps[-1].calls] == [
            (view.args, view.status) for view in here
        ]


def test_a_call_that_waits_or_runs_is_not_one_that_was_only_proposed() -> None:
    asked = CallProposed(call_id="c1", step=1, tool="shell", args={"command": "ls"})
    first = ModelRequested(step=1, model="m")
    waits: list[Event] = [first, asked, CallAsked(call_id="c1", binding="b")]
    assert sketch(recording(waits)).steps[-1].calls[0].status is CallStatus.WAITING
    runs: list[Event] = [*waits, CallStarted(call_id="c1")]
    assert sketch(recording(runs)).steps[-1].calls[0].status is CallStatus.RUNNING


def test_a_step_whose_reply_was_cut_took_what_is_known_of_that() -> None:
    told = ModelChunk(kind="text", text="", usage=Usage(input=90), cost_usd=0.25)
    whole = ModelReplied(step=1, blocks=(), stop="end_turn", usage=Usage(output=5), cost_usd=0.5)
    again = ModelRequested(step=1, attempt=2, model="m")
    run = sketch(recording([ModelRequested(step=1, model="m"), told, again, whole]))
    assert [(step.tokens, step.cost_usd) for step in run.steps] == [(95, 0.75)]
    assert run.tokens == 95
    assert not run.cost_is_all
    assert not run.steps[0].cost_is_all
    exact = sketch(recording([ModelRequested(step=1, model="m"), whole]))
    assert exact.cost_is_all
    assert exact.steps[0].cost_is_all


def test_the_time_of_a_step_is_what_was_done_in_it_and_not_the_days_before_a_resume() -> None:
    reply = ModelReplied(step=1, blocks=(), stop="end_turn", usage=Usage())
    events: list[Event] = [
        ModelRequested(step=1, model="m"),
        reply,
        SessionPaused(reason="human"),
        SessionResumed(new_process=True),
        ModelRequested(step=2, model="m"),
        reply.model_copy(update={"step": 2}),
    ]
    day = 24 * 3600 * 1_000_000_000
    log = recording(events)
    later = [replace(record, ts=record.ts + day, mono=5) for record in log[3:]]
    assert [step.ns for step in sketch([*log[:3], *later]).steps] == [1_000_000, 1_000_000]


def test_a_run_with_an_unpriced_reply_costs_at_least_what_the_others_did() -> None:
    priced = ModelReplied(step=1, blocks=(), stop="end_turn", cost_usd=0.5)
    unpriced = priced.model_copy(update={"cost_usd": None})
    run = sketch(recording([ModelRequested(step=1, model="m"), priced, unpriced]))
    assert (run.cost_usd, run.cost_is_all) == (0.5, False)


def test_a_step_with_an_unpriced_part_costs_at_least_what_the_others_did() -> None:
    priced = CallFinished(call_id="c1", ok=True, output="", usage=Usage(input=9), cost_usd=0.5)
    unpriced = ModelReplied(step=1, blocks=(), stop="end_turn", usage=Usage(output=5))
    (step,) = sketch(recording([ModelRequested(step=1, model="m"), unpriced, priced])).steps
    assert (step.cost_usd, step.cost_is_all, step.tokens) == (0.5, False, 14)
    (step,) = sketch(recording([ModelRequested(step=1, model="m"), unpriced])).steps
    assert (step.cost_usd, step.cost_is_all) == (None, False)
