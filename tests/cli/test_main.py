"""What is printed is safe to print, and the output's end does not take the program with it."""

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.cli.main import printable, printable_json
from tests.support.program import Program, command


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words\nand lines", "plain words\nand lines"),
        ("näh ✓ 🎈 日本", "näh ✓ 🎈 日本"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\rb\tc\x00", "a\\x0db\\x09c\\x00"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202edrow", "\\x202edrow"),
        ("\ud800", "\\xd800"),
    ],
)
def test_controls_are_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_printable_json_is_the_same_json_without_controls(text: str) -> None:
    line = printable_json(json.dumps({"said": text}, ensure_ascii=False))
    assert json.loads(line) == {"said": text}
    assert not any("\x7f" <= char <= "\x9f" or char == "\u202e" for char in line if char > "\x7f")


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


def test_an_old_terminal_gets_letters_it_can_show(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    process = program.start("doctor")
    out, said = process.communicate()
    assert process.returncode == 0
    assert said == ""
    assert "\\u2713" in out
