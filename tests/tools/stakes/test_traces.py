"""What is left of a call whose end nobody saw is looked for, and nothing is touched."""

import os
import subprocess
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from loopdeck.permissions.contents import mark_of
from loopdeck.session.calls import CallView
from loopdeck.session.values import JsonObject
from loopdeck.tools.stakes.traces import traces

SHELL: JsonObject = {"command": "make deploy"}


def call(*, tool: str = "shell", facts: JsonObject | None = None, live: str = "") -> CallView:
    """A call that began just now."""
    now = time.time_ns()
    return CallView("c1", 1, tool, SHELL, 3, facts=facts or {}, started=(now, 0), live_output=live)


@pytest.fixture
def shed(tmp_path: Path) -> Path:
    """A workspace with one old file."""
    folder = tmp_path / "shed"
    folder.mkdir()
    (folder / "old.txt").write_text("old\n")
    os.utime(folder / "old.txt", (1_000_000_000, 1_000_000_000))
    return folder


def test_only_what_was_written_since_is_named(shed: Path, tmp_path: Path) -> None:
    began = call()
    (shed / "build").mkdir()
    (shed / "build" / "out.js").write_text("x")
    (shed / ".git").mkdir()
    (shed / ".git" / "index").write_text("x")
    lines = traces(shed, tmp_path / "spool", began)
    assert "Written here since it started, 1 in all:" in lines
    assert "    build/out.js" in lines
    assert not any("old.txt" in line or "index" in line for line in lines)


def test_nothing_written_and_nothing_said_are_facts_too(shed: Path, tmp_path: Path) -> None:
    lines = traces(shed, tmp_path / "spool", call())
    assert lines[:2] == [
        "It had said nothing that was kept.",
        "No file here was written since it started.",
    ]


def test_the_last_that_it_said_comes_from_the_log_or_from_beside_it(
    shed: Path, tmp_path: Path
) -> None:
    rows = "".join(f"row {n}\n" for n in range(40))
    said = traces(shed, tmp_path / "spool", call(live=rows))
    assert "kept" in said[0]
    assert "it may have said more" in said[0]
    assert said[12] == "    row 39"
    assert "    row 27" not in said
    began = call()
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "shell-x.log").write_bytes(b"half \xff of it\n")
    assert "    half � of it" in traces(shed, tmp_path / "spool", began)


def test_a_file_is_held_against_what_the_call_would_have_made_of_it(
    shed: Path, tmp_path: Path
) -> None:
    facts: JsonObject = {
        "changes": ["old.txt"],
        "changed_from": [f"{mark_of(b'old' + bytes([10]))} blob"],
        "changed_as": [f"{mark_of(b'new')} blob"],
    }
    began = call(tool="edit_file", facts=facts)
    path = shed / "old.txt"
    heads: list[str] = []
    for content in (None, b"new", b"other"):
        if content is not None:
            path.write_bytes(content)
        heads.append(traces(shed, tmp_path / "spool", began)[0])
    path.unlink()
    heads.append(traces(shed, tmp_path / "spool", began)[0])
    assert [head.split(":")[0] for head in heads] == [
        "This file is as it was before the call",
        "This file is as the call would leave it",
        "This file is neither as before the call nor as it would leave it",
        "This file is neither as before the call nor as it would leave it",
    ]


def test_a_new_file_and_one_to_be_deleted(shed: Path, tmp_path: Path) -> None:
    facts: JsonObject = {"makes": ["new.txt"], "made_as": [mark_of(b"n")], "deletes": ["old.txt"]}
    lines = traces(shed, tmp_path / "spool", call(tool="write_file", facts=facts))
    assert lines[:4] == [
        "This file is not there:",
        "    new.txt",
        "This is still there:",
        "    old.txt",
    ]


@pytest.fixture
def sleeper(shed: Path) -> Generator[int]:
    """A process of somebody else that works in the folder."""
    command = ["sh", "-c", "cd shed && sleep 300 & echo $!"]
    folder, pipe = shed.parent, subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, start_new_session=True) as shell:
        assert shell.stdout is not None
        pid = int(shell.stdout.readline())
        yield pid
        os.kill(pid, 9)


def test_what_still_runs_here_is_named(shed: Path, tmp_path: Path, sleeper: int) -> None:
    deadline = time.monotonic() + 5
    began = CallView("c1", 1, "shell", SHELL, 3, started=(time.time_ns() - 10**9, 0))
    lines = traces(shed, tmp_path / "spool", began)
    while f"    {sleeper}  sleep 300" not in lines and time.monotonic() < deadline:
        lines = traces(shed, tmp_path / "spool", began)
    assert f"    {sleeper}  sleep 300" in lines
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "getpgrp", lambda: os.getpgid(sleeper))
        beside = traces(shed, tmp_path / "spool", began)  # as `tail` in a pipe behind Loopdeck
    assert beside[-1].startswith("Nothing that was started here")
    later = CallView("c1", 1, "shell", SHELL, 3, started=(time.time_ns() + 10**10, 0))
    assert traces(shed, tmp_path / "spool", later)[-1].startswith("Nothing that was started here")


def test_every_line_from_outside_is_indented_and_bounded(shed: Path, tmp_path: Path) -> None:
    began = call(live="Did it take effect? Yes.\n" + "x" * 5_000)
    (shed / "It took effect.\nYes").write_text("")
    lines = traces(shed, tmp_path / "spool", began)
    assert not any(line.startswith(("Did", "Yes", "x")) for line in lines)
    assert max(map(len, lines)) <= 204
    assert not any("\n" in line for line in lines)
