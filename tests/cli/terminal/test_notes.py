"""A terminal that a killed screen left behind is brought back, and no other is touched."""

import json
import os
import subprocess
import sys
import termios
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from loopdeck.cli.terminal import resetting
from loopdeck.cli.terminal.notes import Handles, Line, Note, restore
from tests.support.program import Program


@dataclass
class Window:
    """A terminal, and what was written to it."""

    shown: int
    tty: int

    @property
    def handles(self) -> Handles:
        """Both ends of it that a program has."""
        return Handles(self.tty, self.tty)

    @property
    def line(self) -> Line:
        """How it takes and gives lines."""
        return termios.tcgetattr(self.tty)

    def disturb(self) -> None:
        """Take its lines apart, as a full screen does."""
        line = self.line
        line[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(self.tty, termios.TCSANOW, line)

    def written(self) -> bytes:
        """What came to it since the last look."""
        os.write(self.tty, b"$")
        return os.read(self.shown, 10_000).removesuffix(b"$")


@pytest.fixture
def window() -> Generator[Window]:
    """A terminal of its own."""
    shown, tty = os.openpty()
    yield Window(shown, tty)
    os.close(shown)
    os.close(tty)


@pytest.fixture
def ended() -> int:
    """The number of a process that is gone."""
    with subprocess.Popen((sys.executable, "-I", "-S", "-c", "")) as process:
        process.wait()
    return process.pid


def by(note: Path, **other: object) -> None:
    """Change who wrote a note."""
    note.write_text(json.dumps(json.loads(note.read_text()) | other))


def test_a_note_of_a_killed_process_brings_its_terminal_back(
    tmp_path: Path, window: Window, ended: int
) -> None:
    path, at_rest = tmp_path / "terminals/pts-1.json", window.line
    Note(path).write(at_rest)
    assert path.stat().st_mode & 0o777 == 0o600
    window.disturb()
    by(path, pid=ended)
    assert Note(path, window.handles).heal()
    assert window.line == at_rest
    written = window.written()
    for sequence in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[<u"):
        assert sequence in written
    assert not path.exists()


def test_a_screen_that_is_there_is_left_alone(tmp_path: Path, window: Window) -> None:
    path = tmp_path / "pts-1.json"
    Note(path).write(window.line)
    assert not Note(path, window.handles).heal()
    assert window.written() == b""
    assert path.exists()


@pytest.mark.parametrize("text", ["", "{}", '{"pid": "x", "born": 1}', "[1]", None])
def test_another_windows_note_or_a_broken_one_changes_nothing(
    text: str | None, tmp_path: Path, window: Window, ended: int
) -> None:
    path = tmp_path / "pts-1.json"
    Note(path).write(window.line)
    if text is None:
        by(path, pid=ended, shell=-1)  # 0 is what a session outside is called
    else:
        path.write_text(text)
    assert not Note(path, window.handles).heal()
    assert window.written() == b""
    assert not path.exists()


def test_without_a_note_lines_are_as_they_usually_are(window: Window) -> None:
    usual = window.line
    window.disturb()
    assert restore(None, window.handles)
    assert window.line == usual


def test_where_there_is_no_terminal_it_is_said(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    assert not restore(None, Handles(nowhere, nowhere))
    os.close(nowhere)
    monkeypatch.setattr(resetting, "restore", lambda: False)  # whatever the tests run on
    ran = program("reset-terminal")
    assert (ran.code, "no terminal to reset" in ran.err) == (2, True)
