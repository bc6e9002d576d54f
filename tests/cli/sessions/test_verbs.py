"""The library without a screen: out and in again, found, checked, removed."""

import io
import json
import sys
from pathlib import Path

import pytest

from loopdeck.session.codec import load_record
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject
from tests.support.program import Program
from tests.support.records import recording, started, write_records

RECORDING = Path(__file__).parents[3] / "sessions" / "demo-bugfix.jsonl"


class Keyboard(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


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


def test_a_long_id_leaves_the_columns_where_they_are(program: Program, session: str) -> None:
    file = program.folder / "long.jsonl"
    write_records(file, recording([started()], session="a-far-longer-id"))
    assert program("sessions", "import", str(file)).code == 0
    lines = program("sessions", "list").out.splitlines()
    assert len(lines) == 2
    assert session in lines[0] + lines[1]
    assert len({line.index(" step") for line in lines}) == 1


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
    assert program("sessions", "tag", session).code == 2
    assert program("sessions", "verify").code == 0


def test_a_deleted_session_can_be_restored_until_it_is_deleted_for_good(
    program: Program, session: str
) -> None:
    program("sessions", "rename", session, "the lamp")
    before = program("sessions", "show", session, "--json").out
    assert program("sessions", "delete", session).code == 0
    (kept,) = program("sessions", "list", "--archived", "--json").lines
    assert (kept["id"], kept["name"]) == (session, "the lamp")
    assert program("sessions", "restore", session[:3]).out.strip() == session
    assert program("sessions", "show", session, "--json").out == before
    assert program.listed()[0]["name"] == "the lamp"
    assert program("sessions", "archive", session).code == 0
    asked = program("sessions", "delete", "--for-good", session)
    assert (asked.code, "--yes" in asked.err) == (2, True)
    assert program("sessions", "delete", "--for-good", "--yes", session).code == 0
    assert program("sessions", "list", "--archived").out == ""
    assert program("sessions", "restore", session).code == 2


def test_a_session_is_found_by_the_name_and_tags_it_was_given(
    program: Program, session: str
) -> None:
    assert program("sessions", "rename", session, " the \n Lamp ").code == 0
    assert program("sessions", "tag", session, "ci", "#Docs", "CI").out == "#ci #Docs\n"
    assert program("sessions", "tag", session, "docs", "--remove").out == "#ci\n"
    for words in (["lamp"], ["LAMP", "#ci"], ["done"], [session]):
        assert session in program("sessions", "list", *words).out
    assert program("sessions", "list", "lamp", "#docs").out == ""
    (listed,) = program.listed()
    assert (listed["name"], listed["tags"]) == ("the Lamp", ["ci"])
    program("sessions", "rename", session, "")
    assert program.listed()[0]["name"] == ""


def test_a_name_leaves_with_its_session_and_comes_back_with_it(
    program: Program, session: str
) -> None:
    program("sessions", "rename", session, "the lamp")
    program("sessions", "tag", session, "ci")
    path = program.folder / "lamp.jsonl"
    assert program("sessions", "export", session, "--output", str(path)).code == 0
    assert read(path.read_text("utf-8")) == recorded()
    program("sessions", "delete", "--for-good", "--yes", session)
    assert program("sessions", "import", str(path)).code == 0
    (listed,) = program.listed()
    assert (listed["name"], listed["tags"]) == ("the lamp", ["ci"])


def test_what_cannot_be_imported_says_what_can(program: Program) -> None:
    missing = program("sessions", "import", "nowhere.jsonl")
    assert (missing.code, "There is no file nowhere.jsonl." in missing.err) == (2, True)
    path = program.folder / "page.html"
    path.write_text("<!doctype html>\n<p>Hello.\n", "utf-8")
    ran = program("sessions", "import", str(path))
    assert (ran.code, "jsonl" in ran.err, "atif" in ran.err) == (1, True, True)


def test_a_session_without_tags_says_so(program: Program, session: str) -> None:
    ran = program("sessions", "tag", session)
    assert (ran.out, f"session {session} has no tags." in ran.err) == ("", True)


def test_a_session_is_deleted_only_when_the_human_agrees(
    program: Program, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer, left in (("\n", [session]), ("n\n", [session]), ("y\n", [])):
        monkeypatch.setattr(sys, "stdin", Keyboard(answer))
        ran = program("sessions", "delete", session)
        assert f"Delete session {session}, “" in ran.err
        assert [line["id"] for line in program.listed()] == left


def test_what_was_imported_after_a_search_is_found_by_the_next(
    program: Program, session: str
) -> None:
    assert program("sessions", "search", "failing").code == 0
    path = program.folder / "second.jsonl"
    path.write_text(RECORDING.read_text("utf-8").replace(session, "second"))
    program("sessions", "import", str(path))
    hits = program("sessions", "search", "failing", "--limit", "1")
    assert (hits.code, hits.out.startswith("second --at ")) == (0, True)
    assert "--limit" in hits.err


def test_an_export_to_a_place_that_cannot_be(program: Program, session: str) -> None:
    for name in ("nowhere/out.jsonl", "shed"):
        ran = program("sessions", "export", session, "--output", str(program.folder / name))
        assert ran.code == 2
        assert "cannot be written" in ran.err
