"""What can be searched for in an event, and what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.journal.packing import pack
from loopdeck.journal.texts import LONGEST, searchable
from loopdeck.session.codec import dump_event
from loopdeck.session.events import CallFinished, CallJudged, CallProposed, PlanRevised
from loopdeck.session.values import Category, Decision, PlanItem
from tests.support.strategies import walk


def test_arguments_are_whole_and_bookkeeping_is_left_out() -> None:
    event = CallProposed(
        call_id="toolu_9",
        step=3,
        tool="write_file",
        args={"path": "a/b.md", "type": "odd", "deep": [{"rule": "kept"}, 4]},
    )
    assert searchable(dump_event(event)) == ("call_proposed", "write_file\na/b.md\nodd\nkept")


def test_a_plan_says_its_lines() -> None:
    event = PlanRevised(items=(PlanItem(text="mend it", state="doing"),))
    assert searchable(dump_event(event))[1] == "mend it"


def test_a_verdict_is_not_something_that_was_said() -> None:
    event = CallJudged(
        call_id="c", verdict=Decision.ALLOW, category=Category.READ, level=3, rule="reads run"
    )
    assert searchable(dump_event(event)) == ("call_judged", "")


def test_colours_do_not_stick_to_the_words_they_colour() -> None:
    event = CallFinished(call_id="c", ok=True, output="\x1b[1;31mERROR\x1b[0m: no \x1b[Klamp")
    assert searchable(pack(dump_event(event)))[1].split() == ["ERROR", ":", "no", "lamp"]


def test_what_is_very_long_is_searched_at_its_beginning() -> None:
    event = CallFinished(call_id="c", ok=True, output="ab " * LONGEST)
    assert len(searchable(pack(dump_event(event)))[1]) == LONGEST


@pytest.mark.parametrize("stored", ["", "[]", "3", "{", '{"a": 1}', b"not packed", None, "null"])
def test_what_cannot_be_read_says_nothing(stored: object) -> None:
    assert searchable(stored) == ("", "")


@given(st.integers(min_value=0, max_value=10_000))
def test_every_event_of_a_session_can_be_searched(seed: int) -> None:
    for record in walk(seed, 12):
        kind, text = searchable(pack(dump_event(record.event)))
        assert kind == record.event.type
        assert record.event.type not in text.split()
