"""The library's line about a session: its state in one word, in every ending."""

import pytest

from loopdeck.session.events import (
    CallAsked,
    CallProposed,
    Event,
    HumanAnswered,
    HumanCalled,
    ModelChunk,
    ModelReplied,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.reducer import project
from loopdeck.session.summary import Summary, summarize
from loopdeck.session.values import Usage
from tests.support.records import recording, started

CALL = CallProposed(call_id="c1", step=1, tool="write_file", args={})
ASK = HumanCalled(ask_id="a1", kind="question", text="which?")


def line(*events: Event) -> Summary:
    return summarize(project(recording([started(), *events])))


@pytest.mark.parametrize(
    ("events", "state", "pending"),
    [
        ([], "running", 0),
        ([CALL, CallAsked(call_id="c1", binding="b")], "waiting", 1),
        ([ASK], "waiting", 1),
        ([ASK, HumanAnswered(ask_id="a1", answer="left")], "running", 0),
        ([SessionPaused(reason="human")], "paused", 0),
        ([SessionPaused(reason="waiting")], "waiting", 0),
        ([SessionPaused(reason="human"), SessionResumed()], "running", 0),
        ([SessionEnded(outcome="done")], "done", 0),
        ([SessionEnded(outcome="failed")], "failed", 0),
        ([SessionEnded(outcome="stopped")], "stopped", 0),
        ([ASK, SessionEnded(outcome="limit")], "limit", 0),
    ],
)
def test_one_word_says_how_a_session_stands(events: list[Event], state: str, pending: int):
    summary = line(*events)
    assert (summary.state, summary.pending) == (state, pending)
    assert summary.as_seen(live=True) == state


def test_a_session_that_runs_without_a_process_has_crashed():
    assert line().as_seen(live=False) == "crashed"
    assert line(ASK).as_seen(live=False) == "waiting"
    assert line(SessionEnded(outcome="done")).as_seen(live=False) == "done"


def test_an_unknown_price_makes_the_cost_what_is_known_of_it():
    free = ModelReplied(step=1, blocks=(), stop="end_turn", usage=Usage(input=3), cost_usd=0.0)
    assert line(free).cost_usd == 0.0
    unknown, paid = (free.model_copy(update={"cost_usd": cost}) for cost in (None, 0.5))
    assert line(free, unknown).cost_usd is None
    told = line(paid, unknown)
    assert (told.cost_usd, told.partly, told.cost_is_all) == (0.5, True, False)
    assert (line(paid).partly, line(unknown).partly) == (False, False)
    assert told.as_json(live=False)["cost_is_all"] is False


def test_a_cost_with_a_reply_that_was_cut_is_the_least():
    cut = ModelChunk(kind="text", text="", usage=Usage(input=90), cost_usd=0.25)
    whole = ModelReplied(step=1, blocks=(), stop="end_turn", cost_usd=0.5)
    assert line(whole).cost_is_all
    told = line(cut, whole)
    assert (told.cost_usd, told.cut, told.cost_is_all) == (0.75, 1, False)
    assert told.as_json(live=False)["cost_is_all"] is False
    free = [event.model_copy(update={"cost_usd": 0.0}) for event in (cut, whole)]
    assert line(*free).cost_is_all


def test_the_json_line_has_the_promised_fields():
    data = line(SessionEnded(outcome="done")).as_json(live=False)
    assert list(data) == [
        "id",
        "goal",
        "model",
        "level",
        "state",
        "steps",
        "calls",
        "tokens",
        "cost_usd",
        "started",
        "ended",
        "workspace",
        "pending",
        "parent",
        "name",
        "tags",
        "cost_is_all",
    ]
    assert data["started"] < data["ended"]
