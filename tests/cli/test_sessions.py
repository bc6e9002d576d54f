"""The library without a screen: out and in again, found, checked, removed."""

import json
from pathlib import Path

import pytest

from loopdeck.session.codec import load_record
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject
from tests.support.program import Program

RECORDING = Path(__file__).parents[2] / "sessions" / "demo-bugfix.jsonl"


@pytest.fixture
def session(program: Program) -> str:
    """A session in the library: the recorded demo."""
    ran = program("sessions", "import", str(RECORDING))
    assert ran.code == 0, ran.err
    return ran.out.strip()


def lines() -> list[JsonObject]:
    """The lines of the recording."""
    return [json.loads(line) for line in RECORDING.read_text("utf-8").splitlines()]


def read(text: str) -> list[Record]:
    """The records in a text."""
    return [load_record(line) for line in text.splitlines()]


def recorded() -> list[Record]:
    """The records of the recording, which an older Loopdeck may have written."""
    return read(RECORDING.read_text("utf-8"))


def test_an_empty_library_says_how_to_fill_it(program: Program) -> None:
    ran = program("sessions", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "loopdeck demo" in ran.err
    assert program("sessions", "list", "--json").err == ""


def test_what_goes_in_comes_out_the_same(program: Program, session: str) -> None:
    assert read(program("sessions", "export", session).out) == recorded()
    path = program.folder / "out.jsonl"
    ran = program("sessions", "export", session, "--output", str(path))
    assert (ran.code, ran.out) == (0, "")
    assert read(path.read_text("utf-8")) == recorded()
    other = str(program.folder / "other.db")
    assert program("--db", other, "sessions", "import", str(path)).out.strip() == session
    assert read(program("--db", other, "sessions", "export", "last").out) == recorded()


def test_importing_twice_changes_nothing(program: Program, session: str) -> None:
    assert program("sessions", "import", str(RECORDING)).code == 0
    assert len(program.listed()) == 1
    assert read(program.shown(session).out) == recorded()


def test_another_session_of_the_same_id_is_refused(program: Program, session: str) -> None:
    changed = lines()
    changed[0]["event"]["goal"] = "something else"
    path = program.folder / "changed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in changed))
    ran = program("sessions", "import", str(path))
    assert ran.code == 1
    assert f"There is another session {session} already." in ran.err
    assert read(program.shown(session).out) == recorded()


def test_a_recording_with_a_gap_is_refused_as_a_whole(program: Program) -> None:
    path = program.folder / "gap.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines() if line["seq"] != 5))
    ran = program("sessions", "import", str(path))
    assert ran.code == 1
    assert "seq 6: expected seq 5" in ran.err
    assert program.listed() == []


def test_a_session_is_shown_in_words_by_any_of_its_names(program: Program, session: str) -> None:
    shown = {program("sessions", "show", name).out for name in (session, session[:4], "last")}
    assert len(shown) == 1
    (text,) = shown
    assert "goal: Make the failing test pass" in text
    assert "the check passed" in text


def test_a_line_of_the_list_says_how_it_ended(program: Program, session: str) -> None:
    line = program("sessions", "list").out
    assert session in line
    assert "done" in line
    assert "Make the failing test pass" in line
    (listed,) = program.listed()
    assert (listed["id"], listed["state"], listed["pending"]) == (session, "done", 0)


def test_a_hit_names_the_place_to_replay_from(program: Program, session: str) -> None:
    ran = program("sessions", "search", "FAILING TEST")
    assert ran.code == 0
    assert f"{session} --at 1  " in ran.out
    assert program("sessions", "search", "xylophone").code == 1


def test_words_with_quotes_and_line_ends_are_found(program: Program, session: str) -> None:
    texts = [str(line["event"].get("output", "")) for line in lines()]
    wanted = next(text for text in texts if '"' in text or "\n" in text)
    hits = program("sessions", "search", wanted[:200], "--json").lines
    assert any(wanted[:200] in hit["event"].get("output", "") for hit in hits)


def test_a_sound_library_verifies(program: Program, session: str) -> None:
    for argv in (["verify"], ["verify", session]):
        ran = program("sessions", *argv)
        assert (ran.code, ran.out) == (0, "1 checked, 0 with problems\n")


def test_a_deleted_session_is_gone_and_the_others_are_not(program: Program, session: str) -> None:
    path = program.folder / "second.jsonl"
    path.write_text(RECORDING.read_text("utf-8").replace(session, "second"))
    program("sessions", "import", str(path))
    ran = program("sessions", "delete", session)
    assert (ran.code, f"session {session} is deleted" in ran.err) == (0, True)
    assert [line["id"] for line in program.listed()] == ["second"]
    assert program("sessions", "show", session).code == 2
    assert program("sessions", "verify").code == 0


def test_an_export_to_a_place_that_cannot_be(program: Program, session: str) -> None:
    for name in ("nowhere/out.jsonl", "shed"):
        ran = program("sessions", "export", session, "--output", str(program.folder / name))
        assert ran.code == 2
        assert "cannot be written" in ran.err
