"""What a session made, folded from its records, also by the next process."""

from loopdeck.harness.makings import Makings
from loopdeck.harness.opening import reopen
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
    Event,
)
from loopdeck.session.values import Category, Decision, JsonObject
from tests.support.clock import FakeClock
from tests.support.records import recording, started


def call(call_id: str, facts: JsonObject, *, ok: bool = True, **args: object) -> list[Event]:
    """A call that was judged with these facts, from its proposal to its end."""
    judged = CallJudged(
        call_id=call_id,
        verdict=Decision.ALLOW,
        category=Category.WRITE,
        level=4,
        rule="",
        facts=facts,
    )
    return [
        CallProposed(call_id=call_id, step=1, tool="write_file", args=args),
        judged,
        CallFinished(call_id=call_id, ok=ok, output=""),
    ]


def folded(*events: Event) -> Makings:
    """What these events made."""
    makings = Makings()
    for record in recording(events):
        makings.apply(record)
    return makings


MADE: JsonObject = {"makes": ["f"], "made_as": ["3:abc"]}
GONE: JsonObject = {"deletes": ["f"]}


def test_a_made_file_has_its_mark_until_it_is_deleted() -> None:
    assert folded(*call("c1", MADE)).mark("f") == "3:abc"
    assert folded(*call("c1", MADE)).mark("g") == ""
    assert folded(*call("c1", MADE), *call("c2", GONE)).mark("f") == ""
    assert folded(*call("c1", MADE), *call("c2", GONE, ok=False)).mark("f") == "3:abc"


def test_a_call_that_never_ended_made_nothing() -> None:
    assert folded(*call("c1", MADE)[:2]).mark("f") == ""


def test_what_the_log_has_only_with_a_mark_was_not_made() -> None:
    secret = "‹redacted:token:0123abcd›"
    assert folded(*call("c1", MADE, content=secret)).mark("f") == ""
    again = call("c2", MADE, content=secret)
    assert folded(*call("c1", MADE), *again).mark("f") == ""


def test_an_edit_that_brings_a_secret_in_or_out_counts() -> None:
    proposed, judged, finished = call("c1", MADE, content="plain")
    yes = CallAnswered(
        call_id="c1",
        answer="approved",
        by="human",
        args={"content": "‹redacted:token:0123abcd›"},
    )
    assert folded(proposed, judged, yes, finished).mark("f") == ""


async def test_the_next_process_knows_what_the_last_one_made() -> None:
    journal = MemoryJournal.of(recording([started(), *call("c1", MADE)], session="s1"))
    recorder, _ = await reopen(journal, FakeClock(), "s1")
    assert recorder.makings.mark("f") == "3:abc"
    await recorder.record(*call("c2", GONE))
    assert recorder.makings.mark("f") == ""


def test_the_files_that_a_command_left_as_its_own_work_are_known_with_the_time_it_ran():
    work: JsonObject = {"writes": ["a", "b"], "own_work": True}
    proposed, judged, finished = call("c", work)
    makings = folded(started(), proposed, judged, CallStarted(call_id="c"), finished)
    span = makings.left("a")
    assert span is not None
    assert span == makings.left("b")
    assert span[1] - span[0] == 1_000_000
    assert makings.left("c") is None
    other = call("d", {"writes": ["a"]})
    assert folded(*other).left("a") is None
