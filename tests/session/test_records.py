"""The index of a session: which events it keeps, and what it says of each."""

import pytest
from hypothesis import given

from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallOutput,
    CheckFinished,
    Event,
    HumanCalled,
    ModelChunk,
    ModelRequested,
    NoteAdded,
    SessionEnded,
)
from loopdeck.session.records import UNMARKED, Mark, Record, mark
from loopdeck.session.values import Category, Decision, Usage
from tests.support.anyevent import any_records
from tests.support.records import recording


def judged(category: Category) -> CallJudged:
    return CallJudged(
        call_id="c1", verdict=Decision.ALLOW, category=category, level=3, rule="level 3"
    )


@pytest.mark.parametrize(
    ("event", "ref", "ok"),
    [
        (ModelRequested(step=3, model="m"), "3", None),
        (CallFinished(call_id="c1", ok=False, output=""), "c1", False),
        (CallAnswered(call_id="c1", answer="expired", by="limit"), "c1", False),
        (CallAnswered(call_id="c1", answer="approved", by="human"), "c1", True),
        (HumanCalled(ask_id="a1", kind="unknown", text="?", call_id="c1"), "a1", None),
        (CheckFinished(attempt=1, ok=True, output=""), None, True),
        (SessionEnded(outcome="limit"), None, False),
        (NoteAdded(at=7, text="!"), "7", None),
        (judged(Category.WRITE), "c1", True),
        (judged(Category.READ), "c1", False),
        (ModelChunk(kind="text", text="", usage=Usage()), None, None),
    ],
)
def test_a_mark_says_what_the_event_belongs_to_and_how_it_went(
    event: Event, ref: str | None, ok: bool | None
):
    assert mark(recording([event])[0]) == Mark(1, event.type, ref, ok)


@pytest.mark.parametrize(
    "event", [ModelChunk(kind="text", text="x"), CallOutput(call_id="c1", text="x")]
)
def test_the_many_small_events_are_not_in_the_index(event: Event):
    assert mark(recording([event])[0]) is None


@given(any_records())
def test_everything_else_is(records: list[Record]):
    for record in records:
        told = isinstance(record.event, ModelChunk) and record.event.usage is not None
        assert (mark(record) is None) == (record.event.type in UNMARKED and not told)
