"""What is printed is safe to print, and the output's end does not take the program with it."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.cli import doctor
from loopdeck.cli.console import one_line, printable, printable_json, tell
from loopdeck.cli.main import main
from tests.support.program import Program, command


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words\nand lines", "plain words\nand lines"),
        ("näh ✓ 🎈 日本", "näh ✓ 🎈 日本"),
        ("\x1b[2J\x07", "␛[2J␇"),
        ("a\rb\tc\x00", "a␍b\tc␀"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\u202edrow", "⟨U+202E⟩drow"),
        ("\ud800", "⟨U+D800⟩"),
        ("nothing\u3164\u034f\u17b4here", "nothing⟨U+3164⟩⟨U+034F⟩⟨U+17B4⟩here"),
    ],
)
def test_what_acts_or_hides_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_a_text_from_outside_is_one_line_where_a_line_is_ours(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)


def test_a_sentence_with_an_outside_text_stays_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell("no such file: a\nloopdeck: all is well", "look\nhere")
    said = capsys.readouterr().err
    assert said == "loopdeck: no such file: a⏎loopdeck: all is well\n  look⏎here\n"


@given(st.text())
def test_printable_json_is_the_same_json_without_controls(text: str) -> None:
    line = printable_json(json.dumps({"said": text}, ensure_ascii=False))
    assert json.loads(line) == {"said": text}
    assert not any("\x7f" <= char <= "\x9f" or char == "\u202e" for char in line if char > "\x7f")


@pytest.mark.parametrize("words", ["doctor", "policy check ls", "run --headless do"])
def test_a_folder_that_is_gone_is_said_in_a_sentence(
    words: str,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(words.split()) == 2
    said = capsys.readouterr().err
    assert "The folder that this was started in is gone." in said
    assert not any((program.home / "log").glob("crash-*"))


def test_a_reader_that_leaves_early_is_no_error_of_ours(program: Program) -> None:
    process = subprocess.Popen(
        command("policy", "check", "--jsonl"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    line = b'{"id": 1, "tool": "shell", "args": {"command": "ls"}}\n'
    _, said = process.communicate(line * 2_000)
    assert process.returncode == 141
    assert said == b""


def test_a_full_disk_elsewhere_leaves_no_line_in_a_file_of_data(
    program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = io.BytesIO()
    monkeypatch.setattr(doctor, "main", full)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file))
    assert main(["doctor"]) == 1
    assert file.getvalue() == b""
    assert "The disk is full." in capsys.readouterr().err


def test_an_old_terminal_gets_letters_it_can_show(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    process = program.start("doctor")
    out, said = process.communicate()
    assert process.returncode == 0
    assert said == ""
    assert "\\u2713" in out


@pytest.mark.parametrize(("own", "used"), [(None, "120"), ("30", "30")])
def test_a_key_waits_for_no_slow_frame_unless_the_user_wants_slow_frames(
    own: str | None, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_FPS", own or "")
    if own is None:
        monkeypatch.delenv("TEXTUAL_FPS")
    assert main(["replay", "nothing-of-this-name", "--plain"]) == 2
    assert os.environ["TEXTUAL_FPS"] == used


INTERRUPTED = """
import os, signal, sys
from loopdeck.cli import main as cli

def interrupt(_):
    os.kill(os.getpid(), signal.SIGINT)
    return 7

main = interrupt
{before}
cli.entry()
"""


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("cli.main = interrupt", -2),  # it still loads: ended like any other process
        ("cli.COMMANDS['doctor'] = '__main__'", 130),  # a command runs, and could clean up
        ("signal.signal(2, signal.SIG_IGN); cli.main = interrupt", 7),  # as in the background
    ],
)
def test_ctrl_c_is_no_traceback_at_any_time(before: str, code: int, program: Program) -> None:
    script = INTERRUPTED.format(before=before)
    ran = subprocess.run(
        (sys.executable, "-c", script, "doctor"), capture_output=True, check=False, cwd="/"
    )
    assert (ran.returncode, ran.stderr) == (code, b"")
