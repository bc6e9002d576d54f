"""The fold: pure, total, the same in any portions, and small however long the session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from loopdeck.session.calls import CallStatus
from loopdeck.session.drafts import DRAFT_TAIL
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    Event,
    HumanAnswered,
    HumanCalled,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance, project
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.values import Category, Decision, Limits, TextBlock, Usage
from tests.support.anyevent import any_records
from tests.support.records import recording, started
from tests.support.strategies import sessions

STATE: TypeAdapter[SessionState] = TypeAdapter(SessionState)
ANYTHING = sessions() | any_records()


@given(ANYTHING, st.data())
def test_the_fold_of_a_part_and_the_rest_is_the_fold_of_all(
    records: list[Record], data: st.DataObject
):
    cut = data.draw(st.integers(0, len(records)))
    assert project(records[cut:], project(records[:cut])) == project(records)


@given(ANYTHING)
def test_advance_never_changes_the_state_it_is_given(records: list[Record]):
    state = SessionState()
    for record in records:
        before = STATE.dump_json(state)
        after = advance(state, record)
        assert STATE.dump_json(state) == before
        state = after


@given(ANYTHING)
def test_a_live_run_and_its_replay_agree_at_every_moment(records: list[Record]):
    live = SessionState()
    for seq, record in enumerate(records, start=1):
        live = advance(live, record)
        assert live == project(records[:seq])


@given(ANYTHING)
def test_a_state_comes_back_from_its_json_at_every_moment(records: list[Record]):
    state = SessionState()
    for record in records:
        state = advance(state, record)
        assert STATE.validate_json(STATE.dump_json(state)) == state


@given(any_records())
def test_any_order_of_events_can_be_folded_and_asked(records: list[Record]):
    state = project(records)
    assert state.last_seq == len(records)
    assert state.pending >= 0
    assert isinstance(state.status, str)
    assert isinstance(state.rests, bool)


@given(sessions())
def test_time_at_work_never_runs_backwards(records: list[Record]):
    state = SessionState()
    for record in records:
        after = advance(state, record)
        assert after.elapsed_ns >= state.elapsed_ns
        if state.rests:
            assert after.elapsed_ns == state.elapsed_ns
        state = after


@given(sessions())
def test_nothing_is_both_waiting_and_settled(records: list[Record]):
    state = SessionState()
    for record in records:
        state = advance(state, record)
        for call in state.calls:
            assert not (call.status is CallStatus.WAITING and call.answered)
            assert not (call.status.is_settled and call in state.waiting + state.unknown)


def _kept(events: list[Event]) -> int:
    return len(STATE.dump_json(project(recording([started(), *events]))))


def test_ten_thousand_chunks_leave_a_small_state():
    chunk = ModelChunk(kind="text", text="twenty letters here.")
    assert _kept([ModelRequested(step=1, model="m"), *[chunk] * 10_000]) < 20_000


def test_ten_thousand_outputs_leave_a_small_state():
    call = [
        CallProposed(call_id="c1", step=1, tool="shell", args={}),
        CallStarted(call_id="c1"),
    ]
    assert _kept([*call, *[CallOutput(call_id="c1", text="a line of output\n")] * 10_000]) < 20_000


def test_a_thousand_steps_leave_a_small_state():
    events: list[Event] = []
    for step in range(1, 1_001):
        name = f"c{step}"
        events += [
            ModelRequested(step=step, model="m"),
            CallProposed(call_id=name, step=step, tool="shell", args={"command": "ls"}),
            CallStarted(call_id=name),
            CallFinished(call_id=name, ok=True, output="x" * 500),
        ]
    assert _kept(events) < 5_000


def test_a_draft_keeps_its_end_and_its_length():
    chunk = ModelChunk(kind="text", text="0123456789")
    records = recording([started(), ModelRequested(step=1, model="m"), *[chunk] * 1_000])
    draft = project(records).draft
    assert draft is not None
    assert draft.length == 10_000
    assert draft.text == "0123456789" * (DRAFT_TAIL // 10)


def test_thinking_and_text_are_two_drafts():
    records = recording(
        [
            started(),
            ModelRequested(step=1, model="m"),
            ModelChunk(kind="thinking", text="hm"),
            ModelChunk(kind="text", text="so"),
        ]
    )
    draft = project(records).draft
    assert draft is not None
    assert (draft.kind, draft.text) == ("text", "so")


def test_a_failed_request_leaves_its_error_until_the_next_one():
    records = recording(
        [
            started(),
            ModelRequested(step=1, model="m"),
            ModelFailed(step=1, attempt=1, error="the line was cut", wait_s=2.0),
            ModelRequested(step=1, attempt=2, model="m"),
        ]
    )
    failed = project(records[:3])
    assert (failed.fault, failed.retry_wait_s, failed.draft) == ("the line was cut", 2.0, None)
    assert (project(records).fault, project(records).retry_wait_s) == ("", None)


def test_one_unknown_price_makes_the_sum_a_lower_bound():
    def reply(cost: float | None) -> Event:
        usage = Usage(input=10, output=5, cache_read=2, cache_write=1)
        return ModelReplied(
            step=1, blocks=(TextBlock(text="x"),), stop="end_turn", usage=usage, cost_usd=cost
        )

    totals = project(recording([started(), reply(0.25), reply(None), reply(0.5)])).totals
    assert (totals.cost_usd, totals.cost_known, totals.usage.total) == (0.75, False, 54)


def _call(answer: CallAnswered) -> list[Event]:
    judged = CallJudged(
        call_id="c1", verdict=Decision.ASK, category=Category.WRITE, level=3, rule="level 3"
    )
    return [
        started(),
        CallProposed(call_id="c1", step=1, tool="write_file", args={"path": "a"}),
        judged,
        CallAsked(call_id="c1", binding="b1"),
        answer,
    ]


def test_an_edited_approval_keeps_both_arguments():
    answer = CallAnswered(call_id="c1", answer="approved", by="human", args={"path": "b"})
    call = project(recording(_call(answer))).calls[0]
    assert (call.status, call.args, call.original_args) == (
        CallStatus.APPROVED,
        {"path": "b"},
        {"path": "a"},
    )


@pytest.mark.parametrize(
    ("answer", "approved", "denied"),
    [
        (CallAnswered(call_id="c1", answer="approved", by="human"), 1, 0),
        (CallAnswered(call_id="c1", answer="denied", by="human"), 0, 1),
        (CallAnswered(call_id="c1", answer="denied", by="rule"), 0, 0),
    ],
)
def test_only_a_humans_answers_count_as_such(answer: CallAnswered, approved: int, denied: int):
    totals = project(recording(_call(answer))).totals
    assert (totals.asked, totals.approved, totals.denied) == (1, approved, denied)
    assert totals.human_wait_ns == (1_000_000 if approved or denied else 0)


def test_the_span_counts_calls_between_two_human_decisions():
    events: list[Event] = [started()]
    for name in ("c1", "c2", "c3"):
        events += [
            CallProposed(call_id=name, step=1, tool="t", args={}),
            CallStarted(call_id=name),
            CallFinished(call_id=name, ok=name != "c2", output=""),
        ]
    totals = project(recording(events)).totals
    assert (totals.calls, totals.span, totals.longest_span, totals.errors) == (3, 3, 3, 1)


def test_a_humans_decision_begins_a_new_span():
    answer = CallAnswered(call_id="c1", answer="approved", by="human")
    other = [CallProposed(call_id="c0", step=1, tool="t", args={}), CallStarted(call_id="c0")]
    events = _call(answer)
    totals = project(recording([*events[:1], *other, *events[1:]])).totals
    assert (totals.span, totals.longest_span) == (0, 1)


def test_while_one_call_runs_and_another_waits_time_goes_on():
    answer = CallAnswered(call_id="c1", answer="approved", by="human")
    other = CallProposed(call_id="c0", step=1, tool="t", args={})
    waiting = recording([*_call(answer)[:-1], other, CallStarted(call_id="c0")])
    state = project(waiting)
    assert state.pending == 1
    assert not state.rests
    assert project(
        recording([CallFinished(call_id="c0", ok=True, output="")], after=6), state
    ).rests


def test_waiting_and_pauses_are_not_time_at_work():
    events: list[Event] = [
        started(),
        HumanCalled(ask_id="a1", kind="question", text="which?"),
        HumanAnswered(ask_id="a1", answer="left", limits=Limits(steps=3)),
        SessionPaused(reason="human"),
        SessionResumed(),
    ]
    state = project(recording(events))
    assert state.elapsed_ns == 2_000_000  # up to the question, and from its answer to the pause
    assert state.limits == Limits(steps=3)


def test_a_new_process_starts_a_new_clock():
    first = recording([started(), ModelRequested(step=1, model="m")])
    for mono in (5, 10**15):  # the machine may have been restarted, or not
        resumed = Record("s1", 3, first[-1].ts, mono, SessionResumed(new_process=True))
        later = Record("s1", 4, first[-1].ts, mono + 3, ModelRequested(step=2, model="m"))
        state = project([*first, resumed, later])
        assert state.elapsed_ns == 1_000_000 + 3


def test_an_ended_session_rests_and_a_resumed_one_works_again():
    events: list[Event] = [
        started(),
        SessionEnded(outcome="done", verified="checked", text="tidy"),
    ]
    state = project(recording(events))
    assert (state.phase, state.status, state.verified) == (Phase.ENDED, "done", "checked")
    state = project(recording([SessionResumed()], after=2), state)
    assert (state.phase, state.status, state.verified, state.ended_ts) == (
        Phase.IDLE,
        "running",
        "",
        None,
    )
