"""`--plain` in a real terminal: lines, numbers, and not one byte that moves the cursor."""

import os
import re

from tests.support.program import Program, command
from tests.support.terminal import Terminal

ESCAPES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TALL = (120, 400)  # all that is printed can be seen


def plain(*argv: str, term: str = "xterm") -> Terminal:
    """A command in a terminal that is high enough to hold all of its lines."""
    return Terminal(command(*argv), env=os.environ, size=TALL, term=term)


def answered(terminal: Terminal) -> str:
    """Answer everything with yes until the program ends; what it had printed."""
    seen = 0
    while terminal.process.poll() is None:
        text = terminal.text
        typed = re.findall(r"Type (\S+) to approve it", text)
        prompts = text.count("Type a number and press enter.") + len(typed)
        if prompts > seen:
            seen = prompts
            terminal.press("", pause_s=0.5)  # as long as a request has to be there
            waits_for_word = typed and text.rstrip().endswith("go back:")
            terminal.press(f"{typed[-1]}\r" if waits_for_word else "1\r")
        terminal.draw()
    return terminal.text


def test_the_demo_is_approved_by_numbers_to_its_checked_end(program: Program) -> None:
    with plain("demo", "bugfix", "--plain", "--pace", "0") as terminal:
        terminal.until(lambda text: "1. approve once" in text)
        text = answered(terminal)
        assert terminal.wait() == 0, text
        assert not ESCAPES.search(terminal.written)
        assert terminal.disorder() == []
    assert program.shown().events[-1]["verified"] == "checked"


def test_ctrl_d_leaves_what_waits_for_later(program: Program) -> None:
    with plain("demo", "bugfix", "--plain", "--pace", "0") as terminal:
        terminal.until(lambda text: "1. approve once" in text)
        terminal.press("\x04")
        assert terminal.wait() == 4
        assert "loopdeck resume" in terminal.text
    (line,) = program.listed()
    assert line["pending"] == 1


def test_a_recording_is_read_by_numbers(program: Program) -> None:
    with plain("replay", "demo-bugfix", "--plain") as terminal:
        terminal.until(lambda text: "6. leave" in text)
        terminal.press("1\r")
        terminal.press("6\r")
        assert terminal.wait() == 0
        assert not ESCAPES.search(terminal.written)


def test_without_a_terminal_the_whole_recording_is_told(program: Program) -> None:
    ran = program("replay", "demo-bugfix", "--plain")
    assert ran.code == 0
    assert ran.out.startswith("goal: ")
    assert "end: done, checked" in ran.out
    assert ran.err == ""


def test_plain_lines_and_json_exclude_each_other(program: Program) -> None:
    ran = program("demo", "--plain", "--json")
    assert ran.code == 2
    assert "--headless --json" in ran.err


def test_a_dumb_terminal_gets_lines_by_itself(program: Program) -> None:
    with plain("replay", "demo-bugfix", term="dumb") as terminal:
        terminal.until(lambda text: "6. leave" in text)
        terminal.press("6\r")
        assert terminal.wait() == 0
    assert not program.listed()
