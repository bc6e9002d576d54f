"""The recordings that come with Loopdeck: valid, checked, and read the same for ever."""

from pathlib import Path

import pytest

from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.codec import dump_record, load_record
from loopdeck.session.events import CallAnswered, CallFinished, CallJudged, SessionEnded
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox

FOLDER = Path(__file__).parents[1] / "sessions"
RECORDINGS = sorted(FOLDER.glob("*.jsonl"))


def read(path: Path) -> list[Record]:
    return [load_record(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_both_demos_are_there():
    assert {"demo-bugfix", "demo-pitches"} <= {path.stem for path in RECORDINGS}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_is_valid_and_ends_checked(path: Path):
    records = read(path)
    assert list(problems(records)) == []
    assert {record.session for record in records} == {path.stem}
    end = records[-1].event
    assert isinstance(end, SessionEnded)
    assert (end.outcome, end.verified) == ("done", "checked")
    state = project(records)
    assert (state.status, state.pending, state.is_scripted) == ("done", 0, True)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_survives_being_written_again(path: Path):
    records = read(path)
    assert [load_record(dump_record(record)) for record in records] == records


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_demo_shows_what_loopdeck_is_about(path: Path):
    events = [record.event for record in read(path)]
    judged = {event.category for event in events if isinstance(event, CallJudged)}
    assert {Category.READ, Category.WRITE, Category.DESTRUCTIVE} <= judged
    assert any(isinstance(event, CallAnswered) and event.by == "human" for event in events)
    assert any(isinstance(event, CallFinished) and not event.ok for event in events)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
async def test_the_harness_of_today_does_the_same_again(path: Path):
    found = await rerun(read(path), Props(MemoryJournal.of, BuiltinToolbox(Path("/")).specs))
    assert found.divergence is None


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_does_not_say_where_it_was_made(path: Path):
    text = path.read_text(encoding="utf-8")
    for place in ("/tmp/", "/root/", "/home/", "/Users/", "/var/", "site-packages"):
        assert place not in text
