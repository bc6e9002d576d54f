"""The program in a terminal, keys and all: it is done by hand what a person would do."""

import os
import re
import signal

import pytest

from tests.support.program import Program, command
from tests.support.terminal import Terminal

CTRL_Q, PAGE_DOWN = "\x11", "\x1b[6~"


def demo(program: Program, *argv: str, size: tuple[int, int] = (120, 36)) -> Terminal:
    """The demo in a terminal."""
    return Terminal(command("demo", "--pace", "0", *argv), env=os.environ, size=size)


def answer(screen: str) -> str:
    """The key that a willing human presses now; nothing where nothing waits."""
    typed = re.search(r"type (\S+) +(?:and press enter|enter approve)", screen)
    if typed:
        return f"{typed[1]}\r"
    if "pgdn to its end" in screen:
        return PAGE_DOWN
    return "y" if "Approve?" in screen else ""


def test_the_demo_is_approved_by_keys_to_its_checked_end(program: Program) -> None:
    with demo(program, "bugfix") as terminal:
        terminal.until(lambda text: "Approve?" in text)
        assert "scripted" in terminal.text
        while "done" not in terminal.text.splitlines()[0]:
            if key := answer(terminal.text):
                terminal.press(key, pause_s=0.8)  # too early a key begins the wait anew
            assert terminal.draw()
        terminal.press(CTRL_Q)
        assert terminal.wait() == 0
        assert terminal.disorder() == []
        assert b"1049h" in terminal.written
    (line,) = program.listed()
    assert line["state"] == "done"
    assert program.shown().events[-1]["verified"] == "checked"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_deck_and_gives_the_terminal_back(
    number: signal.Signals, program: Program
) -> None:
    with demo(program) as terminal:
        terminal.until(lambda text: "Approve?" in text)
        assert "alternate screen" in terminal.disorder()
        terminal.process.send_signal(number)
        assert terminal.wait() == 128 + number
        assert terminal.disorder() == []
        assert b"Traceback" not in terminal.written
    (line,) = program.listed()
    assert line["state"] == "waiting"


def test_a_signal_closes_a_comparison_as_it_does_the_deck(program: Program) -> None:
    argv = command("replay", "demo-bugfix", "--compare", "demo-pitches")
    with Terminal(argv, env=os.environ) as terminal:
        terminal.until(lambda text: "part at step" in text)
        (note,) = program.home.glob("**/terminals/*.json")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
        assert terminal.disorder() == []
        assert not note.exists()


def test_a_deck_whose_terminal_is_gone_is_gone_and_begins_no_screen_anew(program: Program) -> None:
    with demo(program) as terminal:
        terminal.until(lambda text: "Approve?" in text)
        terminal.hang_up()
        terminal.process.send_signal(signal.SIGCONT)  # as the system does, after its hanging up
        assert terminal.process.wait(9) in (128 + signal.SIGHUP, -signal.SIGHUP)
    (line,) = program.listed()
    assert line["state"] == "waiting"


def test_a_terminal_that_is_too_small_says_so_and_goes_on(program: Program) -> None:
    with demo(program, "--on-ask", "deny", size=(50, 15)) as terminal:
        code = terminal.wait()
        said = terminal.written.decode()
    assert "This terminal has 50×15 cells, and the deck needs 60×20." in said
    assert "\x1b[?1049h" not in said
    assert code in (0, 4)  # who is denied everything may call its human
    assert len(program.listed()) == 1
