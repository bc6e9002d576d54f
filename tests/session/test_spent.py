"""Where the time of each step went, and what it cost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallStarted,
    Event,
    HumanAnswered,
    HumanCalled,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.spent import Fold, StepTime, beat, step_times
from loopdeck.session.values import Usage
from tests.support.records import recording

SECOND = 1_000_000_000
ASK = ModelRequested(step=1, model="m")
REPLY = ModelReplied(step=1, blocks=(), stop="tool_use", usage=Usage(input=9, output=1), cost_usd=1)
ASKED = CallAsked(call_id="c1", binding="b")
YES = CallAnswered(call_id="c1", answer="approved", by="human")
BEGUN, DONE = CallStarted(call_id="c1"), CallFinished(call_id="c1", ok=True, output="")


def told(*timed: tuple[int, Event], upto: int = 99) -> list[StepTime]:
    """The steps of events at these seconds."""
    records = recording([event for _, event in timed])
    moved = [
        replace(record, ts=at * SECOND + 1) for record, (at, _) in zip(records, timed, strict=True)
    ]
    return steps(moved, upto)


def steps(records: list[Record], upto: int = 99) -> list[StepTime]:
    """The steps of records."""
    return step_times([one for record in records if (one := beat(record))], upto)


def seconds(step: StepTime) -> tuple[int, int, int, int]:
    """Model, tools, human, rest."""
    spans = (step.model, step.tool, step.wait, step.rest)
    return (spans[0] // SECOND, spans[1] // SECOND, spans[2] // SECOND, spans[3] // SECOND)


def test_each_piece_of_time_goes_to_whom_it_was_waited_for() -> None:
    (step,) = told((0, ASK), (3, REPLY), (4, ASKED), (14, YES), (14, BEGUN), (19, DONE))
    assert seconds(step) == (3, 5, 10, 1)
    assert (step.tokens, step.cost, step.cost_known) == (10, 1.0, True)
    assert (step.seq, step.last) == (1, 6)


def test_while_a_tool_runs_nobody_is_waited_for() -> None:
    other = CallStarted(call_id="c2")
    end = CallFinished(call_id="c2", ok=True, output="")
    (step,) = told((0, ASK), (1, REPLY), (1, ASKED), (1, other), (6, end), (9, YES))
    assert seconds(step) == (1, 5, 3, 0)


def test_a_tool_that_asks_its_human_waits_and_does_not_work() -> None:
    asks = HumanCalled(ask_id="q", kind="question", text="?", call_id="c1")
    answer = HumanAnswered(ask_id="q", answer="yes")
    (step,) = told((0, ASK), (1, REPLY), (1, BEGUN), (2, asks), (9, answer), (9, DONE))
    assert seconds(step) == (1, 1, 7, 0)


def test_the_pause_before_another_attempt_is_the_models_and_a_last_failure_ends_it() -> None:
    again = ModelFailed(step=1, attempt=1, error="busy", wait_s=4)
    last = ModelFailed(step=1, attempt=2, error="busy")
    called = HumanCalled(ask_id="q", kind="model", text="?")
    retry = ModelRequested(step=1, attempt=2, model="m")
    (step,) = told((0, ASK), (1, again), (5, retry), (6, last), (6, called), (9, REPLY))
    assert seconds(step) == (6, 0, 3, 0)


def test_a_session_that_rests_spends_nothing() -> None:
    paused, resumed = SessionPaused(reason="human"), SessionResumed(by="human")
    (step,) = told((0, ASK), (1, REPLY), (2, paused), (99, resumed), (100, BEGUN), (101, DONE))
    assert seconds(step) == (1, 1, 0, 99)


def test_what_goes_on_now_is_counted_and_the_fold_stays_as_it_was() -> None:
    fold = Fold()
    for at, event in enumerate((ASK, REPLY, ASKED)):
        found = beat(Record("s1", at + 1, at * SECOND + 1, 0, event))
        assert found is not None
        fold.take(found)
    assert seconds(fold.until(9 * SECOND + 1)[-1]) == (1, 0, 7, 1)
    assert seconds(fold.steps[-1]) == (1, 0, 0, 1)


def test_a_moment_in_the_past_knows_nothing_of_what_came_later() -> None:
    later = ModelRequested(step=2, model="m")
    assert len(told((0, ASK), (3, REPLY), (4, later))) == 2
    (step,) = told((0, ASK), (3, REPLY), (4, later), upto=2)
    assert (seconds(step), step.last) == ((3, 0, 0, 0), 2)


def test_a_reply_without_a_price_is_said() -> None:
    (step,) = told((0, ASK), (3, REPLY.model_copy(update={"cost_usd": None})))
    assert not step.cost_known


def test_what_a_cut_reply_took_is_in_the_sums_as_it_is_in_those_of_the_session() -> None:
    drafts = ModelChunk(kind="text", text="I beg")
    cut = ModelChunk(kind="text", text="", usage=Usage(input=90, cache_write=7), cost_usd=0.25)
    failed = ModelFailed(step=1, attempt=1, error="cut", wait_s=1)
    again, later = ModelRequested(step=1, attempt=2, model="m"), ModelRequested(step=2, model="m")
    records = recording([ASK, drafts, cut, failed, again, REPLY, later, REPLY])
    found, totals = steps(records), project(records).totals
    assert sum(step.tokens for step in found) == totals.usage.total == 117
    assert sum(step.cost for step in found) == totals.cost_usd == 2.25
    assert [step.cut for step in found] == [True, False]
    assert all(step.cost_known for step in found) == totals.cost_known


@given(st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_every_second_of_a_step_is_counted_once(gaps: list[int]) -> None:
    events: list[Event] = [ASK, REPLY, ASKED, YES, BEGUN, DONE, ASKED, YES]
    at = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    (step,) = told(*zip(at, events, strict=True))
    assert sum(seconds(step)) == at[-1] - at[0]
