"""`rerun` says identical, or where and how a log parts from what the harness does."""

import json
from pathlib import Path

from loopdeck.cli.shipped import recordings
from tests.support.program import Program


def test_every_shipped_recording_is_identical_and_nothing_is_written(program: Program) -> None:
    for name in recordings():
        ran = program("rerun", name)
        assert (ran.code, ran.out.split()[0]) == (0, "identical")
    assert not program.home.exists()


def test_a_tampered_recording_is_caught_with_both_sides(program: Program, tmp_path: Path) -> None:
    text = recordings()["demo-bugfix"].read_text(encoding="utf-8")
    file = tmp_path / "told-otherwise.jsonl"
    file.write_text(text.replace('"verdict":"ask"', '"verdict":"allow"', 1), encoding="utf-8")
    ran = program("rerun", str(file))
    assert ran.code == 1
    assert ran.out.startswith("different  from #")
    assert "verdict: allow" in ran.out
    told = json.loads(program("rerun", str(file), "--json").out)
    assert told["fields"] == ["verdict"]
    assert (told["recorded"]["verdict"], told["rerun"]["verdict"]) == ("allow", "ask")


def test_a_session_of_the_database_is_run_again(program: Program) -> None:
    program("demo", "bugfix", "--headless", "--on-ask", "deny")
    ran = program("rerun", "last")
    assert (ran.code, ran.out.split()[0]) == (0, "identical")


def test_what_does_not_exist_is_said_in_a_sentence(program: Program) -> None:
    ran = program("rerun", "nothing")
    assert ran.code == 2
    assert "There is no session nothing." in ran.err
    assert program("rerun", "not/there.jsonl").code == 2
