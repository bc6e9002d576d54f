"""The table of contents agrees with the fold at every moment, however it was filled."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.calls import CallStatus
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallOutput,
    CallProposed,
    CallStarted,
    HumanMessage,
    ModelReplied,
    ModelRequested,
    SandboxChecked,
    SessionEnded,
    SessionResumed,
)
from loopdeck.session.outline import Outline, Row
from loopdeck.session.records import UNMARKED, Mark, Record, mark
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from tests.support.anyevent import KINDS, any_records
from tests.support.records import recording, started
from tests.support.strategies import sessions

SILENT = {"plan_revised"}  # the plan has a pane of its own


def marks_of(records: list[Record]) -> list[Mark]:
    return [found for record in records if (found := mark(record)) is not None]


def shape(rows: list[Row]) -> list[tuple[str, int, str | None, list[Mark]]]:
    return [(row.kind, row.step, row.ref, row.marks) for row in rows]


@given(sessions())
def test_a_calls_row_says_what_the_fold_says_at_every_moment(records: list[Record]):
    outline = Outline(marks_of(records))
    state = SessionState()
    for record in records:
        state = advance(state, record)
        for call in state.calls:
            row = outline.call(call.call_id)
            assert row is not None
            assert row.status(record.seq) is call.status


@given(sessions() | any_records(), st.data())
def test_growing_in_batches_gives_the_same_rows_as_all_at_once(
    records: list[Record], data: st.DataObject
):
    marks = marks_of(records)
    grown = Outline()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(marks)), max_size=4)))
    for start, end in zip([0, *cuts], [*cuts, len(marks)], strict=True):
        grown.extend(marks[start:end])
    assert shape(grown.rows) == shape(Outline(marks).rows)


@given(sessions() | any_records())
def test_rows_never_change_their_order(records: list[Record]):
    outline = Outline()
    seen: list[Row] = []
    for record in records:
        outline.extend(marks_of([record]))
        assert all(old is new for old, new in zip(seen, outline.rows, strict=False))
        seen = list(outline.rows)
    starts = [row.seq for row in seen]
    assert starts == sorted(starts)


@given(sessions())
def test_the_rows_begun_by_a_moment_are_those_of_the_session_cut_there(records: list[Record]):
    whole = Outline(marks_of(records))
    for cut in range(len(records) + 1):
        part = Outline(marks_of(records[:cut]))
        assert whole.count(cut) == len(part.rows)
        assert [row.seq for row in part.rows] == [row.seq for row in whole.rows[: len(part.rows)]]


def test_a_step_its_calls_and_a_message_are_rows_in_the_order_they_began():
    outline = Outline(
        marks_of(
            recording(
                [
                    started(),
                    ModelRequested(step=1, model="m"),
                    ModelReplied(step=1, blocks=(), stop="tool_use"),
                    CallProposed(call_id="c1", step=1, tool="t", args={}),
                    CallAnswered(call_id="c1", answer="approved", by="human"),
                    HumanMessage(text="and then?"),
                    CallStarted(call_id="c1"),
                    CallOutput(call_id="c1", text="x"),
                    CallFinished(call_id="c1", ok=False, output="no"),
                    ModelRequested(step=2, model="m"),
                    SessionEnded(outcome="done"),
                ]
            )
        )
    )
    rows = [(row.kind, row.step, row.seq) for row in outline.rows]
    assert rows == [
        ("goal", 0, 1),
        ("step", 1, 2),
        ("call", 1, 4),
        ("answer", 1, 5),
        ("message", 1, 6),
        ("step", 2, 10),
        ("ended", 2, 11),
    ]
    call = outline.rows[2]
    assert [call.status(seq) for seq in (4, 5, 6, 7, 8, 9)] == [
        CallStatus.PROPOSED,
        CallStatus.APPROVED,
        CallStatus.APPROVED,
        CallStatus.RUNNING,
        CallStatus.RUNNING,
        CallStatus.FAILED,
    ]
    finished = call.last("call_finished", 11)
    assert finished is not None
    assert finished.seq == 9
    assert call.last("call_finished", 8) is None


def test_a_second_try_of_a_step_joins_its_row():
    outline = Outline(
        marks_of(
            recording(
                [
                    started(),
                    ModelRequested(step=1, model="m"),
                    ModelRequested(step=1, attempt=2, model="m"),
                ]
            )
        )
    )
    assert [(row.kind, len(row.marks)) for row in outline.rows] == [("goal", 1), ("step", 2)]


def test_an_answer_stands_where_it_was_given_and_knows_its_call() -> None:
    outline = Outline(
        marks_of(
            recording(
                [
                    started(),
                    ModelRequested(step=1, model="m"),
                    CallProposed(call_id="c1", step=1, tool="t", args={}),
                    CallProposed(call_id="c2", step=1, tool="t", args={}),
                    CallAnswered(call_id="c1", answer="approved", by="human"),
                    CallAnswered(call_id="gone", answer="approved", by="human"),
                ]
            )
        )
    )
    *_, second, answer = outline.rows
    assert (second.ref, answer.kind, answer.call_id) == ("c2", "answer", "c1")
    assert answer.of is outline.call("c1")


def test_every_kind_makes_a_row_or_joins_one_or_is_named_as_silent() -> None:
    before = [Mark(1, "call_proposed", "x"), Mark(2, "model_requested", "1")]
    before += [Mark(3, "human_called", "x"), Mark(4, "check_started")]
    silent: set[str] = set()
    for kind in {str(model.model_fields["type"].default) for model in KINDS} - UNMARKED:
        outline = Outline(before)
        late = Mark(5, kind, "1" if kind == "model_replied" else None if "check" in kind else "x")
        outline.extend([late if kind != "model_requested" else Mark(5, kind, "2")])
        if not any(mark.seq == 5 for row in outline.rows for mark in row.marks):
            silent.add(kind)
    assert silent == SILENT


def test_a_sandbox_has_a_row_when_it_is_another_than_before_or_there_is_more_to_say():
    holds = SandboxChecked(backend="bubblewrap", passed=True)
    fails = SandboxChecked(backend="bubblewrap", passed=False, says="no user namespaces")
    other = SandboxChecked(backend="landlock", passed=True)
    says = SandboxChecked(backend="landlock", passed=True, says="no network")
    tried = (holds, holds, fails, fails, holds, other, says, says, other)
    events = [event for one in tried for event in (SessionResumed(), one)]
    outline = Outline(marks_of(recording([started(), *events])))
    shown = {row.seq for row in outline.rows if row.kind == "sandbox"}
    assert [(3 + 2 * place in shown) for place in range(len(tried))] == [
        *(True, False, True, True, True, True, True, True, True)
    ]
    assert sum(row.kind == "resumed" for row in outline.rows) == len(tried)
