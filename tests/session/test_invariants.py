"""Valid sessions have no problems; every planted fault is found and said."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
    CallUnknown,
    Event,
    HumanMessage,
    ModelRequested,
    NoteAdded,
    ServiceEnded,
    SessionEnded,
    SessionResumed,
)
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.values import Category, Decision
from tests.support.anyevent import KINDS
from tests.support.records import recording, started
from tests.support.strategies import sessions, walk

PROPOSED = CallProposed(call_id="c1", step=1, tool="shell", args={})
ALLOWED = CallJudged(
    call_id="c1", verdict=Decision.ALLOW, category=Category.READ, level=3, rule="level 3"
)
JUDGED = ALLOWED.model_copy(update={"verdict": Decision.ASK})
ASKED = CallAsked(call_id="c1", binding="b")
YES = CallAnswered(call_id="c1", answer="approved", by="human")
NO = CallAnswered(call_id="c1", answer="denied", by="human")
STARTED = CallStarted(call_id="c1")
FINISHED = CallFinished(call_id="c1", ok=True, output="")
LEAVES = FINISHED.model_copy(update={"service": "dev"})
GONE = ServiceEnded(service="dev", why="run")
UNKNOWN = CallUnknown(call_id="c1", reason="power cut")


def said(*events: Event) -> list[str]:
    return list(problems(recording([started(), *events])))


@given(sessions())
def test_a_valid_session_has_no_problems(records: list[Record]):
    assert list(problems(records)) == []


@given(sessions(), st.data())
def test_any_missing_record_is_noticed(records: list[Record], data: st.DataObject):
    assume(len(records) > 1)
    lost = data.draw(st.integers(0, len(records) - 2))
    assert list(problems(records[:lost] + records[lost + 1 :]))


@given(sessions(), st.data())
def test_any_two_records_out_of_order_are_noticed(records: list[Record], data: st.DataObject):
    assume(len(records) > 1)
    place = data.draw(st.integers(0, len(records) - 2))
    records[place : place + 2] = reversed(records[place : place + 2])
    assert list(problems(records))


FAULTS = {
    "started unasked": ([PROPOSED, STARTED], "without permission"),
    "started unanswered": ([PROPOSED, JUDGED, ASKED, STARTED], "without permission"),
    "started though denied": ([PROPOSED, JUDGED, ASKED, NO, STARTED], "not open"),
    "started though allowed first": ([PROPOSED, ALLOWED, ASKED, STARTED], "without permission"),
    "started twice": ([PROPOSED, ALLOWED, STARTED, STARTED], "without permission"),
    "run again alone": ([PROPOSED, ALLOWED, STARTED, UNKNOWN, STARTED], "without permission"),
    "finished twice": ([PROPOSED, ALLOWED, STARTED, FINISHED, FINISHED], "not open"),
    "finished steps later": (
        [PROPOSED, ALLOWED, STARTED, FINISHED, ModelRequested(step=2, model="m"), FINISHED],
        "not open",
    ),
    "finished unstarted": ([PROPOSED, ALLOWED, FINISHED], "without having started"),
    "answered unasked": ([PROPOSED, JUDGED, YES], "without having been asked"),
    "never proposed": ([STARTED], "not open"),
    "proposed twice": ([PROPOSED, PROPOSED], "proposed twice"),
    "after the end": ([SessionEnded(outcome="done"), HumanMessage(text="?")], "after session_end"),
    "a service that outlives its session": (
        [PROPOSED, ALLOWED, STARTED, LEAVES, SessionEnded(outcome="done")],
        "service dev runs after session_ended",
    ),
    "a service that ends unbegun": ([GONE], "does not run"),
    "begun twice": ([started()], "must come first, and once"),
}


@pytest.mark.parametrize(("events", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_found(events: list[Event], words: str):
    found = said(*events)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    "events",
    [
        [PROPOSED, ALLOWED, STARTED, FINISHED],
        [PROPOSED, ALLOWED, STARTED, LEAVES, GONE, SessionEnded(outcome="done")],
        [PROPOSED, JUDGED, ASKED, YES, STARTED, FINISHED],
        [PROPOSED, JUDGED, ASKED, YES, ASKED, YES, STARTED, UNKNOWN, ASKED, YES, STARTED],
        [SessionEnded(outcome="done"), NoteAdded(at=1, text="!"), SessionResumed(), PROPOSED],
    ],
)
def test_what_looks_odd_and_is_right_passes(events: list[Event]):
    assert said(*events) == []


def test_a_gap_names_the_number_that_was_expected():
    records = recording([started(), PROPOSED])
    assert list(problems([records[0], replace(records[1], seq=3)])) == ["seq 3: expected seq 2"]


def test_a_record_of_another_session_is_named():
    records = recording([started(), PROPOSED])
    found = list(problems([records[0], replace(records[1], session="s2")]))
    assert found == ["seq 2: belongs to session s2, not s1"]


def test_a_session_that_begins_in_the_middle_is_noticed():
    assert "must come first" in next(problems(recording([PROPOSED])))


def test_the_random_sessions_of_these_tests_meet_every_kind_of_event():
    met = {record.event.type for seed in range(40) for record in walk(seed, moves=90)}
    assert met == {kind.model_fields["type"].default for kind in KINDS}
