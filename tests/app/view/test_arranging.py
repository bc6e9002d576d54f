"""Answers stand right below the calls that they decided, at every moment."""

from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.view.arranging import Arranged, arranged
from loopdeck.session.events import CallFinished, CallStarted, Event, HumanMessage
from loopdeck.session.outline import Outline, Row
from loopdeck.session.records import Mark
from tests.app.screens import deck
from tests.support import stories

TWO_CALLS = (
    Mark(1, "session_started"),
    Mark(2, "model_requested", "1"),
    Mark(3, "model_replied", "1"),
    Mark(4, "call_proposed", "c1"),
    Mark(5, "call_proposed", "c2"),
    Mark(6, "call_asked", "c1"),
    Mark(7, "call_asked", "c2"),
    Mark(8, "call_answered", "c1", ok=True),
    Mark(9, "call_finished", "c1", ok=False),
    Mark(10, "call_answered", "c2", ok=False),
    Mark(11, "model_requested", "2"),
    Mark(12, "note_added", "4"),
)


def told(rows: list[Row]) -> list[str]:
    return [f"{row.kind} {row.ref or ''}".strip() for row in rows]


def test_an_answer_stands_right_below_its_call() -> None:
    shown = told(list(arranged(Outline(TWO_CALLS).rows)))
    assert shown[2:6] == ["call c1", "answer c1", "call c2", "answer c2"]
    assert shown[6:] == ["step 2", "note 4"]


def test_a_moment_of_the_past_shows_the_answers_of_then() -> None:
    outline, all_ = Outline(TWO_CALLS), Arranged()
    all_.learn(outline)
    before = all_.upto(outline.count(7))
    assert told(list(before)) == ["goal", "step 1", "call c1", "call c2"]
    one = all_.upto(outline.count(9))
    assert told(list(one))[2:] == ["call c1", "answer c1", "call c2"]
    assert told(list(one[-2:])) == ["answer c1", "call c2"]
    assert one[-1] is one[4]
    call = outline.call("c2")
    assert call is not None
    assert all_.place(call, one) == 4
    assert all_.place(outline.rows[-1], one) is None


def test_rows_that_come_one_by_one_are_in_the_order_of_all_at_once() -> None:
    outline, growing = Outline(), Arranged()
    for mark in TWO_CALLS:
        outline.extend([mark])
        growing.learn(outline)
        assert growing.rows == list(arranged(outline.rows))


def test_the_answer_to_a_call_of_an_earlier_step_stays_where_it_was_given() -> None:
    marks = [*TWO_CALLS[:5], *TWO_CALLS[10:], Mark(13, "call_answered", "c2", ok=True)]
    assert told(list(arranged(Outline(marks).rows)))[-1] == "answer c2"


def test_another_outline_begins_anew() -> None:
    rows = Arranged()
    rows.learn(Outline(TWO_CALLS))
    other = Outline(TWO_CALLS[:3])
    rows.learn(other)
    assert rows.rows == other.rows


async def test_the_key_to_an_error_selects_the_call_that_failed() -> None:
    events: list[Event] = [
        *stories.waiting_for_two(),
        stories.approved("c7"),
        stories.approved("c8"),
        CallStarted(call_id="c7"),
        CallFinished(call_id="c7", ok=False, output="no room", duration_ms=7),
        CallStarted(call_id="c8"),
        CallFinished(call_id="c8", ok=True, output="written", duration_ms=7),
        HumanMessage(text="go on"),
    ]
    async with deck(events) as desk:
        await desk.press("{")
        await desk.shows("no room")
        row = desk.deck.query_one(LoopPane).row
        assert row is not None
        assert (row.kind, row.ref) == ("call", "c7")
        await desk.press("[")
        await desk.until(lambda: desk.deck.query_one(LoopPane).row is not row)
        row = desk.deck.query_one(LoopPane).row
        assert row is not None
        assert (row.kind, row.ref) == ("call", "c8")
