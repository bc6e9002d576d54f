"""A session leaves in every format, cleaned, with a report of what was taken out."""

import json
from pathlib import Path

import pytest

from loopdeck.cli.options.sessions import EXPORTS
from loopdeck.cli.sessions.importing import records_in
from loopdeck.session.codec import dump_record
from tests.support.planting import KEY
from tests.support.program import Program
from tests.support.records import recording
from tests.support.stories import waiting_for_two

RECORDING = Path(__file__).parents[3] / "sessions" / "demo-bugfix.jsonl"


@pytest.fixture
def session(program: Program) -> str:
    """The recorded demo, its goal with a key in it."""
    path = program.folder / "demo.jsonl"
    text = RECORDING.read_text("utf-8")
    path.write_text(text.replace("Make the failing test pass", f"Make it pass with {KEY}", 1))
    ran = program("sessions", "import", str(path))
    assert ran.code == 0, ran.err
    return ran.out.strip()


def test_a_key_stays_here_and_the_report_says_so(program: Program, session: str) -> None:
    ran = program("sessions", "export", session)
    assert ran.code == 0
    assert KEY not in ran.out
    assert "‹redacted:key:" in json.loads(ran.out.splitlines()[0])["event"]["goal"]
    assert "1 secret was taken out (1 key), in goal of event 1." in ran.err


def test_a_place_that_held_two_secrets_is_named_once(program: Program) -> None:
    path = program.folder / "two.jsonl"
    text = RECORDING.read_text("utf-8").replace("demo-bugfix", "two-keys")
    path.write_text(text.replace("Make the failing test pass", f"Use {KEY}, not {KEY}", 1))
    assert program("sessions", "import", str(path)).code == 0
    ran = program("sessions", "export", "two-keys")
    assert "2 secrets were taken out (2 keys), in goal of event 1." in ran.err


def test_a_value_of_this_environment_is_a_secret(
    program: Program, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHED_PASSWORD", "divmod(round(seconds), 60)")
    ran = program("sessions", "export", session, "--format", "markdown")
    assert "divmod(round(seconds), 60)" not in ran.out
    assert "value" in ran.err


def test_the_report_is_json_beside_a_file_and_beside_a_stream(
    program: Program, session: str
) -> None:
    path = program.folder / "out.md"
    options = ("--format", "markdown", "--json")
    ran = program("sessions", "export", session, *options, "--output", str(path))
    (report,) = ran.lines
    assert report["removed"] == {"key": 1}
    assert report["places"][0] | {"kind": "key"} == report["places"][0]
    assert path.read_text("utf-8").startswith("# Make it pass with ")
    ran = program("sessions", "export", session, *options)
    assert json.loads(ran.err)["removed"] == {"key": 1}
    assert ran.out == path.read_text("utf-8")


def test_what_is_written_over_and_what_is_here_already_is_said(
    program: Program, session: str
) -> None:
    path = str(program.folder / "out.jsonl")
    options = ("--format", "jsonl", "--output", path)
    assert "in the place of" not in program("sessions", "export", session, *options).err
    assert "in the place of what it held" in program("sessions", "export", session, *options).err
    new = ("--db", str(program.folder / "new.db"), "sessions", "import", path)
    assert "already" not in program(*new).err
    ran = program(*new)
    assert (ran.code, ran.out.strip()) == (0, session)
    assert f"session {session} was here already" in ran.err


@pytest.mark.parametrize("name", EXPORTS[:4])
def test_no_format_lets_a_key_out(name: str, program: Program, session: str) -> None:
    ran = program("sessions", "export", session, "--format", name)
    assert ran.code == 0, ran.err
    assert len(ran.out) > 1_000
    assert KEY not in ran.out
    assert "1 secret was taken out" in ran.err


def test_a_trajectory_is_imported_and_opens_like_any_session(
    program: Program, session: str
) -> None:
    path = program.folder / "run.json"
    out = program("sessions", "export", session, "--format", "atif", "--output", str(path))
    assert "ATIF has no place for the pieces" in out.err
    ran = program("sessions", "import", str(path))
    assert ran.code == 0, ran.err
    assert ran.out.startswith("atif-")
    shown = program("sessions", "show", ran.out.strip()).out
    assert "the check passed" in shown
    assert program("sessions", "verify").out == "2 checked, 0 with problems\n"
    assert program("sessions", "import", str(path)).out == ran.out
    assert len(program.listed()) == 2


def test_nobody_goes_on_with_an_imported_session(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program.folder / "run.json"
    ours = {"loopdeck": {"workspace": str(program.workspace), "level": 5}}
    agent = {"name": "other", "version": "1", "model_name": "scripted:pitches", "extra": ours}
    steps = [{"step_id": 1, "source": "user", "message": "tidy up"}]
    path.write_text(json.dumps({"agent": agent, "steps": steps, "schema_version": "ATIF-v1.8"}))
    name = program("sessions", "import", str(path)).out.strip()
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    ran = program("resume", name, "--headless")
    assert ran.code == 2
    assert "The session came from elsewhere: “scripted:pitches” is not asked." in ran.err


def test_a_file_that_is_no_trajectory_says_what_is_wrong(program: Program) -> None:
    path = program.folder / "run.json"
    path.write_text('{"schema_version": "ATIF-v1.8", "steps": []}')
    ran = program("sessions", "import", str(path))
    assert ran.code == 1
    assert "It is not an ATIF trajectory: agent" in ran.err


def test_an_asciicast_shows_the_deck_and_no_key(program: Program) -> None:
    path = program.folder / "short.jsonl"
    first, *more = waiting_for_two()
    secret = first.model_copy(update={"goal": f"Use {KEY}"})
    lines = [dump_record(record) for record in recording([secret, *more])]
    path.write_text("".join(f"{line}\n" for line in lines))
    assert program("sessions", "import", str(path)).code == 0
    ran = program("sessions", "export", "last", "--format", "asciicast", "--size", "80x24")
    assert ran.code == 0, ran.err
    assert "drawing" not in ran.err  # it is no terminal
    head, *events = (json.loads(line) for line in ran.out.splitlines())
    assert (head["version"], head["width"], head["height"]) == (2, 80, 24)
    drawn = "".join(data for _, _, data in events)
    assert "Ada Hour fits best" in drawn
    assert KEY not in ran.out
    assert KEY[:12] not in drawn


def test_a_size_that_no_deck_has_is_refused(program: Program) -> None:
    for size in ("10x10", "x", "9999x24"):
        ran = program("sessions", "export", "last", "--format", "asciicast", "--size", size)
        assert ran.code == 2


def test_a_trajectory_is_read_without_being_imported(program: Program, session: str) -> None:
    path = program.folder / "run.json"
    program("sessions", "export", session, "--format", "atif", "--output", str(path))
    records, missing = records_in(path)
    assert missing == ()
    assert records[0].session.startswith("atif-")
