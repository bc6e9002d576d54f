"""The doctor looks at everything and says what to do; it removes nothing but leftovers."""

import json
import os
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from loopdeck.cli import doctor
from loopdeck.journal import indexfile
from tests.support.messages_server import serving
from tests.support.program import Program


def findings(program: Program, code: int = 0) -> dict[str, dict[str, str]]:
    """What was found, by name."""
    ran = program("doctor", "--json")
    assert ran.code == code, ran.out
    return {line["what"]: line for line in map(json.loads, ran.out.splitlines())}


def test_a_fresh_home_is_healthy_and_stays_untouched(program: Program) -> None:
    found = findings(program)
    assert {"loopdeck", "config", "database", "model", "terminal", "sandbox"} <= found.keys()
    assert found["model"]["state"] == "note"
    assert "ANTHROPIC_API_KEY" in found["model"]["todo"]
    assert not program.home.exists()


def test_a_home_that_can_only_be_read_is_bad_before_its_first_session(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.home.mkdir()

    def refused(*_: object) -> bool:
        return False  # as root may write everywhere

    monkeypatch.setattr(os, "access", refused)
    assert "can only be read" in findings(program, 1)["database"]["says"]


def test_a_sqlite_without_full_text_search_is_noted(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "search" not in findings(program)
    monkeypatch.setattr(indexfile, "SCHEMA", ("CREATE VIRTUAL TABLE t USING absent(x)",))
    assert "FTS5" in findings(program)["search"]["todo"]


def test_a_disk_with_little_room_is_told_and_a_full_one_is_bad(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "disk" not in findings(program)
    monkeypatch.setattr(doctor, "TIGHT", 1 << 62)
    assert findings(program)["disk"]["state"] == "note"
    monkeypatch.setattr(doctor, "FULL", 1 << 62)
    assert findings(program, 1)["disk"]["state"] == "bad"


def test_a_server_that_answers_is_reachable(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving([]) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        found = findings(program)
    assert found["model"]["state"] == "ok"
    assert server.url in found["model"]["says"]
    assert [one.method for one in server.requests] == ["HEAD"]  # greeted, and asked nothing
    gone = findings(program, 1)
    assert gone["model"]["state"] == "bad"
    assert "cannot be reached" in gone["model"]["says"]


def test_a_server_that_hangs_up_is_not_called_reachable(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
        hangs_up = threading.Thread(target=lambda: listener.accept()[0].close())
        hangs_up.start()
        said = findings(program, 1)["model"]
        hangs_up.join()
    assert said["state"] == "bad"
    assert "hangs up without an answer" in said["says"]


def test_a_wrong_address_and_a_wrong_key_are_found(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "localhost")
    assert findings(program, 1)["model"]["state"] == "bad"
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "“quoted”")
    said = findings(program, 1)["model"]
    assert "ANTHROPIC_API_KEY" in said["says"]
    assert "quoted" not in str(said)


@pytest.mark.parametrize(
    "text",
    ["level = 9", "[keys]\nnope = 'y'", "[[rule]]\ndecide = 'allow'\nmatch = '(('"],
    ids=["a value", "a key", "a rule"],
)
def test_a_config_that_cannot_be_used_is_found(text: str, program: Program) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text(text)
    config = findings(program, 1)["config"]
    assert config["state"] == "bad"
    assert config["todo"]


def test_a_database_that_is_not_ours_is_found(program: Program) -> None:
    program.home.mkdir()
    (program.home / "loopdeck.db").write_bytes(b"something else entirely" * 100)
    assert "not a database" in findings(program, 1)["database"]["says"]


def test_what_git_would_run_here_is_said(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "repository"
    subprocess.run(("git", "init", "-q", str(here)), check=True)
    monkeypatch.chdir(here)
    assert "git" not in findings(program)
    with (here / ".git/config").open("a") as file:
        file.write("[core]\n\tfsmonitor = ./evil\n")
    found = findings(program)["git"]
    assert found["state"] == "note"
    assert "core.fsmonitor" in found["says"]


def test_people_get_words_and_what_to_do(program: Program) -> None:
    ran = program("doctor")
    assert ran.code == 0
    assert "✓ loopdeck" in ran.out
    assert "→ Set ANTHROPIC_API_KEY" in ran.out


def test_a_rule_that_covers_more_than_it_looks_like_is_noted(program: Program) -> None:
    program.home.mkdir()
    config = program.home / "config.toml"
    rules = ("Bash(python:*)", "NotebookEdit")
    table = '[[rule]]\ndecide = "allow"\nmatch = "{}"\n'
    config.write_text("".join(table.format(rule) for rule in rules))
    found = findings(program)["config"]
    assert found["state"] == "note"
    assert "runs whatever" in found["says"]
    assert "1 more" in found["says"]
    (program.home / "grants.toml").write_text("[[grant")
    assert "grants.toml" in findings(program, 1)["config"]["says"]


def test_a_sandbox_that_is_switched_off_is_said(program: Program) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text("sandbox = false")
    said = findings(program)["sandbox"]
    assert said["state"] == "note"
    assert "switched off" in said["says"]
