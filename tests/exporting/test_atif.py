"""Out to ATIF and in again: nothing the format can tell is lost, nothing is believed blindly."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from loopdeck.errors import CodecError
from loopdeck.exporting.atif_in import looks_like_atif, read_atif
from loopdeck.exporting.atif_model import Trajectory
from loopdeck.exporting.atif_out import atif, trajectory
from loopdeck.exporting.story import story_of
from loopdeck.journal.jsonl import read_records
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallStarted,
    CallUnknown,
    ModelChunk,
    ModelReplied,
    NoteAdded,
    SessionEnded,
    SessionPaused,
    SessionStarted,
)
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import JsonObject, Usage
from tests.support.anyevent import any_records
from tests.support.records import recording, started
from tests.support.stories import asked, ran, turn, waiting_for_two

SESSIONS = Path(__file__).parents[2] / "sessions"
FOREIGN: JsonObject = {
    "schema_version": "ATIF-v1.6",
    "agent": {"name": "other-agent", "version": "2.1", "model_name": "some-model"},
    "steps": [
        {"step_id": 1, "source": "user", "message": "fix it\x1b[31m"},
        {
            "step_id": 2,
            "source": "agent",
            "message": [
                {"type": "text", "text": "I look."},
                {"type": "image", "source": {"media_type": "image/png", "path": "a.png"}},
            ],
            "tool_calls": [
                {"tool_call_id": "t", "function_name": "bash", "arguments": {"command": "ls"}},
                {"tool_call_id": "u", "function_name": "bash", "arguments": {}},
            ],
            "observation": {"results": [{"source_call_id": "t", "content": "a b"}]},
            "metrics": {"prompt_tokens": 100, "completion_tokens": 7, "cached_tokens": 60},
        },
        {
            "step_id": 3,
            "source": "agent",
            "message": "again",
            "tool_calls": [{"tool_call_id": "t", "function_name": "bash", "arguments": {}}],
        },
    ],
}


def without(data: JsonObject, name: str, value: object) -> JsonObject:
    """The trajectory with one field changed."""
    return json.loads(json.dumps(data)) | {name: value}


def told(records: list[Record]) -> list[object]:
    """What a session says, without what a format may change: numbers of events and ids."""
    story = story_of(records)
    return [
        story.state.goal,
        story.state.status,
        story.state.plan,
        story.state.totals.usage,
        story.state.totals.asked,
        story.state.totals.human_wait_ns,
        [(step.number, step.text, step.thought) for step in story.steps],
        [
            (c.view.call_id, c.view.tool, c.view.args, c.view.status, c.view.output, c.view.diff)
            for c in story.calls
        ],
    ]


@pytest.mark.parametrize("name", ["demo-bugfix", "demo-pitches"])
def test_a_recording_comes_back_as_it_was_told(name: str) -> None:
    records = read_records(SESSIONS / f"{name}.jsonl")
    trip = read_atif(atif(records, "1.0"))
    assert list(problems(trip.records)) == []
    assert told(list(trip.records)) == told(records)
    assert trip.missing == ()


def test_exporting_what_was_imported_gives_the_same_steps() -> None:
    once = trajectory(read_records(SESSIONS / "demo-pitches.jsonl"), "1.0")
    twice = trajectory(read_atif(once.model_dump_json()).records, "1.0")
    assert [plain(step) for step in twice.steps] == [plain(step) for step in once.steps]
    assert twice.agent == once.agent


def plain(step: object) -> JsonObject:
    """A step without the mark that its calls came from outside."""
    text = json.dumps(json.loads(step.model_dump_json()))  # type: ignore[attr-defined] - a model
    return json.loads(text.replace('"outside_content": true', "").replace(", }", "}"))


def test_an_edited_approval_keeps_what_was_proposed_and_what_ran() -> None:
    records = recording(
        [
            started(),
            *turn(1, "", ("c1", "shell", {"command": "rm -r build"})),
            *asked("c1", None),
            CallAnswered(call_id="c1", answer="approved", by="human", args={"command": "rm a"}),
            CallStarted(call_id="c1"),
            CallFinished(call_id="c1", ok=True, output="gone"),
        ]
    )
    (step,) = [one for one in trajectory(records, "1").steps if one.tool_calls]
    assert step.tool_calls
    assert step.tool_calls[0].arguments == {"command": "rm a"}
    (call,) = story_of(read_atif(atif(records, "1")).records).calls
    assert call.view.original_args == {"command": "rm -r build"}
    assert call.view.args == {"command": "rm a"}


def test_a_cost_that_is_the_least_is_marked_as_one() -> None:
    cut = ModelChunk(kind="text", text="", usage=Usage(input=9), cost_usd=0.25)
    whole, least = (
        trajectory(recording([*waiting_for_two(), *more]), "1").final_metrics
        for more in ((), (cut,))
    )
    assert whole is not None
    assert least is not None
    assert (whole.extra, least.extra) == (None, {"loopdeck": {"cost_is_all": False}})


def test_a_session_that_waits_comes_back_waiting() -> None:
    trip = read_atif(atif(recording(waiting_for_two()), "1"))
    assert len(project(trip.records).waiting) == 2


def test_a_note_comes_back_at_its_moment_and_takes_nothing_else_with_it() -> None:
    """The pieces of replies are left out, and so every later number is another."""
    asks, *rest = turn(1, "I look.", ("c1", "read_file", {"path": "a.md"}))
    pieces = [ModelChunk(kind="text", text="a")] * 20
    records = recording(
        [
            started(level=2),
            *(asks, *pieces, *rest),
            *ran("c1", "words", 3.0),
            *turn(2, "Done."),
            SessionEnded(outcome="done", verified="unchecked", text="Done."),
            NoteAdded(at=25, text="here it read"),
            NoteAdded(at=29, text="the end"),
        ]
    )
    assert not any(problems(records))
    trip = read_atif(atif(records, "1"))
    state = project(trip.records)
    assert trip.missing == ()
    assert (state.level, state.status) == (2, project(records).status)
    about = {
        record.event.text: type(trip.records[record.event.at - 1].event)
        for record in trip.records
        if isinstance(record.event, NoteAdded)
    }
    assert about["here it read"] is type(records[24].event)
    assert about["the end"] is type(records[28].event)


def test_a_foreign_trajectory_says_what_it_does_not_tell() -> None:
    trip = read_atif(json.dumps(FOREIGN))
    assert list(problems(trip.records)) == []
    assert trip.session.startswith("atif-")
    assert trip.missing == (
        "Some steps have no time.",
        "Some steps have no token counts.",
        "Who allowed a call, and whether it succeeded, is not recorded.",
        "The level, the workspace and the outcome are not recorded.",
        "Images and sounds (1) are only named.",
    )
    first, last = trip.records[0].event, trip.records[-1].event
    assert isinstance(first, SessionStarted)
    assert (first.model, first.workspace) == ("imported:some-model", "(not recorded)")
    assert isinstance(last, SessionPaused)


def test_calls_of_a_foreign_trajectory_are_outside_content_and_nobodys_decision() -> None:
    events = [record.event for record in read_atif(json.dumps(FOREIGN)).records]
    judged = [event for event in events if isinstance(event, CallJudged)]
    assert {event.rule for event in judged} == {"recorded elsewhere"}
    assert [e.call_id for e in events if isinstance(e, CallUnknown)] == ["u", "t~2"]
    state = project(read_atif(json.dumps(FOREIGN)).records)
    assert state.taint == "an imported recording"
    (reply, _) = [event for event in events if isinstance(event, ModelReplied)]
    assert (reply.usage.input, reply.usage.cache_read, reply.usage.output) == (40, 60, 7)


def test_importing_twice_gives_the_same_session() -> None:
    assert read_atif(json.dumps(FOREIGN)) == read_atif(json.dumps(FOREIGN, indent=1))


def test_extras_that_contradict_themselves_are_not_believed() -> None:
    ended = json.loads(SessionEnded(outcome="done").model_dump_json())
    step = {
        "step_id": 4,
        "source": "system",
        "message": "the end",
        "extra": {"loopdeck": {"event": ended}},
    }
    steps = [*FOREIGN["steps"], step, {"step_id": 5, "source": "user", "message": "more"}]
    trip = read_atif(json.dumps(without(FOREIGN, "steps", steps)))
    assert list(problems(trip.records)) == []
    assert project(trip.records).outcome == ""


WRONG: list[tuple[str, object, str]] = [
    ("schema_version", "ATIF-v1.9", "reads ATIF 1.0 to 1.8"),
    ("steps", [], "steps"),
    ("surprise", 1, "surprise"),
    ("steps", [{"step_id": 2, "source": "user", "message": ""}], "numbered from 1"),
    ("steps", [{"step_id": 1, "source": "user", "message": "", "metrics": {}}], "metrics"),
    ("steps", [{"step_id": 1, "source": "user", "message": "", "timestamp": "soon"}], "time"),
]


@pytest.mark.parametrize(("field", "value", "says"), WRONG)
def test_what_is_no_trajectory_is_refused_with_a_reason(
    field: str, value: object, says: str
) -> None:
    with pytest.raises(CodecError, match=says):
        read_atif(json.dumps(without(FOREIGN, field, value)))


def test_only_one_object_with_a_version_looks_like_a_trajectory() -> None:
    assert looks_like_atif(json.dumps(FOREIGN).encode())
    assert not looks_like_atif((SESSIONS / "demo-bugfix.jsonl").read_bytes())
    assert not looks_like_atif(b"[" * 100_000)
    assert not looks_like_atif(b"{}")


@settings(max_examples=40)
@given(any_records())
def test_any_events_give_a_valid_trajectory_that_opens_again(records: list[Record]) -> None:
    text = atif(records, "1")
    Trajectory.model_validate_json(text)
    trip = read_atif(text)
    assert list(problems(trip.records)) == []
    assert project(trip.records).goal == story_of(records).state.goal
