"""The playhead's keys: never out of the session, always on, and back where they came from."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.events import (
    BookmarkAdded,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CheckFinished,
    Event,
    HumanCalled,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    NoteAdded,
)
from loopdeck.session.records import Record
from loopdeck.session.timeline import Timeline, Where
from loopdeck.session.values import Category, Decision
from tests.session.test_outline import marks_of
from tests.support.records import recording, started
from tests.support.strategies import sessions

Move = Callable[[Timeline, int | None, int], int | None]
MOVES: list[Move] = [Timeline.by_step, Timeline.by_event, Timeline.by_approval, Timeline.by_error]


def timeline_of(records: list[Record]) -> Timeline:
    timeline = Timeline()
    timeline.extend(marks_of(records), head=len(records))
    return timeline


def order(timeline: Timeline, position: int | None) -> int:
    """A number to compare positions by: live is the head."""
    return timeline.head if position is None else position


def positions(timeline: Timeline) -> list[int | None]:
    return [None, *range(1, timeline.head + 1)]


@given(sessions())
def test_every_move_stays_inside_and_goes_the_way_it_points(records: list[Record]):
    timeline = timeline_of(records)
    for move in MOVES:
        for position in positions(timeline):
            back, on = move(timeline, position, -1), move(timeline, position, +1)
            here = order(timeline, position)
            assert 1 <= order(timeline, back) <= here
            assert here <= order(timeline, on) <= timeline.head


@pytest.mark.parametrize("move", [Timeline.by_step, Timeline.by_event])
@given(records=sessions())
def test_stepping_on_and_on_ends_live_and_back_and_back_at_the_start(
    move: Move, records: list[Record]
):
    timeline = timeline_of(records)
    position: int | None = 1
    seen: list[int] = []
    while position is not None:
        seen.append(position)
        position = move(timeline, position, +1)
    assert seen == sorted(set(seen))
    here = timeline.head
    for _ in range(len(seen) + 1):
        position = move(timeline, position, -1)
        assert order(timeline, position) <= here
        here = order(timeline, position)
    assert position == 1


@pytest.mark.parametrize("move", [Timeline.by_step, Timeline.by_event])
@given(records=sessions())
def test_a_step_back_undoes_a_step_on(move: Move, records: list[Record]):
    timeline = timeline_of(records)
    position: int | None = 1
    while position is not None:
        after = move(timeline, position, +1)
        assert move(timeline, after, -1) == position
        position = after


@given(sessions())
def test_a_jump_forth_is_undone_by_a_jump_back(records: list[Record]):
    timeline = timeline_of(records)
    for places, move in (
        (timeline.approvals, Timeline.by_approval),
        (timeline.errors, Timeline.by_error),
    ):
        for place in places:
            after = move(timeline, place, +1)
            assert after == place or move(timeline, after, -1) == place


@given(sessions(), st.data())
def test_the_portions_marks_come_in_make_no_difference(records: list[Record], data: st.DataObject):
    whole = timeline_of(records)
    grown = Timeline()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(records)), max_size=4)))
    for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True):
        grown.extend(marks_of(records[start:end]), head=end)
    assert (grown.steps, grown.approvals, grown.errors, grown.head) == (
        whole.steps,
        whole.approvals,
        whole.errors,
        whole.head,
    )


@given(sessions())
def test_the_bar_counts_what_is_ahead(records: list[Record]):
    timeline = timeline_of(records)
    for position in positions(timeline):
        where = timeline.where(position)
        assert 0 <= where.step <= where.steps
        assert order(timeline, position) + where.behind == timeline.head
        assert where.live == (position is None)


def two_steps() -> Timeline:
    events: list[Event] = [
        started(),
        ModelRequested(step=1, model="m"),
        ModelFailed(step=1, attempt=1, error="cut", wait_s=1.0),
        ModelRequested(step=1, attempt=2, model="m"),
        ModelReplied(step=1, blocks=(), stop="tool_use"),
        CallProposed(call_id="c1", step=1, tool="t", args={}),
        CallAsked(call_id="c1", binding="b"),
        CallFinished(call_id="c1", ok=False, output="no"),
        ModelRequested(step=2, model="m"),
        HumanCalled(ask_id="a1", kind="question", text="?"),
        CheckFinished(attempt=1, ok=True, exit_code=0, output=""),
        ModelChunk(kind="text", text="so"),
    ]
    return timeline_of(recording(events))


def test_a_step_is_seen_at_its_end():
    timeline = two_steps()
    assert timeline.by_step(None, -1) == 8
    assert timeline.by_step(8, -1) == 1
    assert timeline.by_step(1, +1) == 8
    assert timeline.by_step(8, +1) is None
    assert [timeline.to_step(step) for step in (-1, 0, 1, 2, 3)] == [1, 1, 8, None, None]


def test_the_bar_reads_as_expected():
    timeline = two_steps()
    assert timeline.where(8) == Where(step=1, steps=2, behind=4, live=False)
    assert timeline.where(None) == Where(step=2, steps=2, behind=0, live=True)


def test_jumps_find_approvals_and_errors_and_stay_where_there_is_none():
    timeline = two_steps()
    assert (timeline.approvals, timeline.errors) == ([7, 10], [3, 8])
    assert timeline.by_approval(None, -1) == 10
    assert timeline.by_approval(10, -1) == 7
    assert timeline.by_approval(7, -1) == 7
    assert timeline.by_error(1, +1) == 3
    assert timeline.by_error(None, +1) is None


def test_an_empty_timeline_can_be_asked():
    timeline = Timeline()
    assert timeline.where(None) == Where(step=0, steps=0, behind=0, live=True)
    for move in MOVES:
        assert move(timeline, None, +1) is None


def test_bookmarks_and_notes_have_names_and_the_moments_they_are_about() -> None:
    events: list[Event] = [
        started(),
        ModelRequested(step=1, model="m"),
        BookmarkAdded(at=2, label="odd"),
        NoteAdded(at=999, text="not yet"),
        NoteAdded(at=-5, text="before"),
        BookmarkAdded(at=1),
    ]
    timeline = timeline_of(recording(events))
    assert timeline.places == {"b1": 2, "n1": 4, "n2": 1, "b2": 1}
    assert timeline.names == {3: "b1", 4: "n1", 5: "n2", 6: "b2"}
    assert timeline.jotted == [1, 1, 2, 4]


def test_a_write_is_marked_where_it_happened_and_not_where_it_failed_or_was_denied() -> None:
    def call(call_id: str, category: Category, *, ok: bool | None) -> list[Event]:
        judged = CallJudged(
            call_id=call_id, verdict=Decision.ALLOW, category=category, level=4, rule="level 4"
        )
        end = [] if ok is None else [CallFinished(call_id=call_id, ok=ok, output="")]
        return [CallProposed(call_id=call_id, step=1, tool="t", args={}), judged, *end]

    timeline = timeline_of(
        recording(
            [
                started(),
                *call("c1", Category.WRITE, ok=True),
                *call("c2", Category.READ, ok=True),
                *call("c3", Category.DESTRUCTIVE, ok=False),
                *call("c4", Category.WRITE, ok=None),
            ]
        )
    )
    assert timeline.writes == [4]
