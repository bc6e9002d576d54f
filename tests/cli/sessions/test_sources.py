"""A recording is named in one way by every command that reads one."""

import json
from pathlib import Path

import pytest

from tests.support.program import Program

RECORDING = Path(__file__).parents[3] / "sessions" / "demo-bugfix.jsonl"


def test_a_shipped_recording_is_read_by_its_name_before_and_beside_other_sessions(
    program: Program,
) -> None:
    exported = program("sessions", "export", "demo-bugfix")
    assert [line["seq"] for line in exported.lines][-1] == len(RECORDING.read_bytes().splitlines())
    assert not (program.home / "loopdeck.db").exists()
    assert program("sessions", "import", str(RECORDING)).code == 0
    shown = program("sessions", "show", "demo-pitches", "--json")
    assert shown.of("session_started")[0]["model"] == "scripted:pitches"
    assert program("rerun", "demo-bugfix").code == 0
    assert len(program.listed()) == 1
    unknown = program("sessions", "show", "demo-nothing")
    assert (unknown.code, "demo-pitches" in unknown.err) == (2, True)


def test_a_shipped_recording_is_forked_by_its_name(program: Program) -> None:
    late = program("fork", "demo-bugfix", "--at", "99999", "--headless")
    assert (late.code, "There is no event #99999" in late.err) == (2, True)
    assert "nothing is taken back" not in late.err
    unsure = program("fork", "demo-bugfix", "--headless")
    assert "nothing is taken back" in unsure.err
    assert program.listed() == []


def test_a_trajectory_is_compared_and_rerun_like_any_recording(program: Program) -> None:
    file = str(program.folder / "theirs.json")
    program("sessions", "export", "demo-bugfix", "--format", "atif", "--output", file)
    alike = program("replay", file, "--compare", "demo-bugfix", "--json")
    assert (alike.code, alike.err) == (0, "")
    again = program("rerun", file, "--json")
    assert json.loads(again.out)["session"]


def test_several_sessions_are_deleted_at_once_or_none(program: Program) -> None:
    one = program("sessions", "import", str(RECORDING)).out.strip()
    two = program("sessions", "import", str(RECORDING.with_name("demo-pitches.jsonl"))).out.strip()
    assert program("sessions", "delete", one, "nothing-like-it").code == 2
    assert len(program.listed()) == 2
    assert program("sessions", "delete", one, two, one).code == 0
    assert program.listed() == []
    gone = program("sessions", "delete", "--for-good", "--yes", one, two)
    assert (gone.code, program("sessions", "restore", one).code) == (0, 2)


@pytest.mark.parametrize("text", ["level = 9\n", "theme ="])
def test_a_config_file_that_is_wrong_lets_nothing_start(program: Program, text: str) -> None:
    assert "no config file" in program("sessions", "list", "--config", "/nope").err
    file = program.folder / "config.toml"
    file.write_text(text)
    assert program("sessions", "list", "--config", str(file)).code == 2


def test_a_home_that_can_be_no_folder_is_no_empty_library(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = program.folder / "a-file"
    file.write_text("x")
    for home in (file, file / "below", Path("/proc/nope")):
        monkeypatch.setenv("LOOPDECK_HOME", str(home))
        ran = program("sessions", "list")
        assert (ran.code, "cannot be Loopdeck's folder" in ran.err) == (1, True), home
        assert program("approvals", "list").code == ran.code, "one cause has one code"
        told = {line["what"]: line for line in program("doctor", "--json").lines}["database"]
        assert (told["state"], "cannot be Loopdeck's folder" in told["says"]) == ("bad", True)


def test_infinity_is_no_limit(program: Program) -> None:
    assert "leave the option out" in program("run", "--max-cost", "inf", "x").err
    assert "more than 0" in program("run", "--max-cost", "nan", "x").err


def test_the_doctor_sees_a_theme_that_no_file_has(program: Program) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text('theme = "mauve"\n')
    told = [line for line in program("doctor", "--json").lines if line["what"] == "config"]
    assert (told[0]["state"], "There is no theme “mauve”." in told[0]["says"]) == ("bad", True)
