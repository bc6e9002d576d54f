"""What counts between two logs, and what does not."""

from hypothesis import given

from loopdeck.session.codec import load_event
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallOutput,
    CallProposed,
    Event,
    LimitHit,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    NoteAdded,
    SessionEnded,
    SessionPaused,
)
from loopdeck.session.likeness import differing, likeness, unheard_of
from loopdeck.session.records import Record
from loopdeck.session.values import CallBlock
from tests.support.strategies import sessions


def proposed(call_id: str, path: str = "a") -> list[Event]:
    return [
        ModelReplied(step=1, blocks=(CallBlock(call_id=call_id),), stop="tool_use"),
        CallProposed(call_id=call_id, step=1, tool="read_file", args={"path": path}),
        CallFinished(call_id=call_id, ok=True, output="x", duration_ms=len(call_id)),
    ]


def test_names_that_a_run_makes_up_do_not_count_and_what_they_join_does() -> None:
    assert likeness(proposed("one")) == likeness(proposed("other"))
    crossed = [*proposed("one"), *proposed("two")[:2], proposed("one")[2]]
    straight = [*proposed("one"), *proposed("two")]
    assert likeness(crossed) != likeness(straight)


def test_arguments_and_outputs_count() -> None:
    one, other = likeness(proposed("c1")), likeness(proposed("c1", "b"))
    assert [differing(a, b) for a, b in zip(one, other, strict=True)] == [[], ["args"], []]


def test_pieces_of_a_stream_and_a_humans_own_notes_do_not_count() -> None:
    noise: list[Event] = [
        ModelChunk(kind="text", text="x"),
        CallOutput(call_id="c1", text="x"),
        NoteAdded(at=1, text="look"),
    ]
    assert likeness(noise) == []


def test_digests_and_the_words_for_what_had_changed_do_not_count() -> None:
    asked = CallAsked(call_id="c", binding="a", again="Review again: a.txt changed.")
    other = CallAsked(call_id="c", binding="b", again="Review again: the rules changed.")
    first = CallAsked(call_id="c", binding="a")
    assert likeness([asked]) == likeness([other])
    assert likeness([asked]) != likeness([first])


def test_the_time_that_a_limit_speaks_of_does_not_count_and_its_money_does() -> None:
    def hit(limit: str, used: float) -> Event:
        return LimitHit.model_validate({"limit": limit, "used": used, "allowed": 1})

    assert likeness([hit("minutes", 1.0)]) == likeness([hit("minutes", 1.1)])
    assert likeness([hit("cost_usd", 1.0)]) != likeness([hit("cost_usd", 1.1)])


def test_how_long_an_attempt_is_waited_for_does_not_count_and_giving_up_does() -> None:
    def failed(wait_s: float | None) -> list[Event]:
        return [ModelFailed(step=1, attempt=1, error="Busy.", wait_s=wait_s)]

    assert likeness(failed(2.0)) == likeness(failed(0.4)) == likeness(failed(0.0))
    assert likeness(failed(None)) != likeness(failed(2.0))


def test_a_run_that_nobody_watched_failed_once_where_it_waits_now() -> None:
    failed = SessionEnded(outcome="failed", text="It needs its human, and nobody is watching.")
    waits = SessionPaused(reason="waiting", text="It waits for its human.")
    assert likeness([failed]) == likeness([waits])
    assert likeness([SessionEnded(outcome="failed")]) != likeness([waits])
    assert likeness([SessionPaused(reason="human")]) != likeness([waits])


def test_a_no_counts_with_its_reason() -> None:
    no = CallAnswered(call_id="c", answer="denied", by="human", reason="too early")
    assert likeness([no]) != likeness([no.model_copy(update={"reason": "never"})])


def test_a_field_that_an_older_log_does_not_have_is_known_as_such() -> None:
    line = '{"type": "call_answered", "call_id": "c", "answer": "approved", "by": "human"}'
    event = load_event(line)
    assert "store" in unheard_of(event)
    assert not {"args", "by", "type"} & unheard_of(event)


@given(sessions())
def test_a_log_is_like_itself_at_any_other_time(records: list[Record]) -> None:
    events = [record.event for record in records]
    assert likeness(events) == likeness(list(events))
