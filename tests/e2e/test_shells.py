"""The deck in a shell with job control: stopped, resized, killed, closed; the terminal survives."""

import os
import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.test_signals import RUNS_SCRIPT, WAITS, alive, tool_at_work
from tests.support.program import MODEL, Program, answering, command
from tests.support.terminal import Terminal

CTRL_Z = "\x1a"
LEADS = ("setsid", "--ctty", "--wait")  # a terminal belongs to who leads its session
SHELL = (*LEADS, "bash", "--norc", "--noprofile", "-i")


def loopdeck(terminal: Terminal, *words: str) -> None:
    """Type a command of the program."""
    terminal.press(" ".join(("clear;", *command(*words), "\r")), pause_s=0)


def deck_there(text: str) -> bool:
    return "Approve?" in text


def in_order(terminal: Terminal) -> bool:
    """Whether nothing is changed but what a shell itself changes at its prompt."""
    return not {*terminal.disorder()} - {"bracketed paste", "line discipline"}


def pid_in(home: Path) -> int:
    """The process that noted how the terminal was."""
    (note,) = (home / "terminals").iterdir()
    found = re.search(r'"pid": (\d+)', note.read_text())
    assert found is not None
    return int(found[1])


def test_a_deck_is_stopped_resized_and_killed_and_the_shell_goes_on(program: Program) -> None:
    with Terminal(SHELL, env={**os.environ, "PS1": "$ "}) as terminal:
        loopdeck(terminal, "demo", "--pace", "0")
        terminal.until(deck_there)
        terminal.press(CTRL_Z)
        terminal.until(lambda text: "Stopped" in text)
        assert "`fg` goes on" in terminal.text
        assert "with its agents and their commands" in terminal.text
        assert in_order(terminal)
        terminal.press("fg\r", pause_s=0)
        terminal.until(deck_there)

        for number in range(100):
            terminal.resize(60 + number % 90, 20 + number % 30)
            terminal.draw(0)
        terminal.resize(120, 36)
        terminal.until(lambda text: deck_there(text) and len(text.splitlines()[0]) > 100)

        os.kill(pid_in(program.home), signal.SIGKILL)
        terminal.until(lambda _: b"Killed" in terminal.written)
        assert "alternate screen" in terminal.disorder()
        loopdeck(terminal, "sessions", "list")
        terminal.until(lambda text: "killed on this terminal; it is reset" in text)
        assert in_order(terminal)
        assert list((program.home / "terminals").iterdir()) == []
        loopdeck(terminal, "reset-terminal")
        terminal.press("exit\r")
        assert terminal.wait() == 0


def test_point_14_a_terminal_that_is_closed_ends_the_deck_in_good_order(program: Program) -> None:
    words = (*LEADS, *command("demo", "--pace", "0"))
    with Terminal(words, env=os.environ) as terminal:
        terminal.until(deck_there)
        terminal.hang_up()
        assert terminal.process.wait(30) == 128 + signal.SIGHUP
    (line,) = program.listed()
    assert line["state"] == "waiting"
    assert program.shown().events[-1]["type"] == "session_paused"
    assert not any((program.home / "terminals").iterdir())
    assert not any((program.home / "log").glob("crash-*"))


def test_point_13_a_fault_of_the_screen_ends_the_tool_and_gives_the_terminal_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program.workspace / "wait.sh").write_text(WAITS)
    os.mkfifo(program.workspace / "ready")
    where = ("--workspace", str(program.workspace), "--model", MODEL)
    words = ["run", "--allow", "shell(sh wait.sh)", *where, "wait for it"]
    breaks = (
        "import sys; from loopdeck.app.panes.help import HelpScreen as H; from loopdeck.cli.main "
        f"import entry; H.compose = lambda self: 1 // 0; sys.argv[1:] = {words!r}; entry()"
    )
    argv = (sys.executable, "-c", breaks)
    with (
        answering(monkeypatch, [RUNS_SCRIPT]),
        Terminal(argv, env=os.environ) as terminal,
        ThreadPoolExecutor(1) as aside,
    ):
        at_work = aside.submit(tool_at_work, program)
        terminal.until(lambda _: at_work.done())
        terminal.press("?")
        assert terminal.wait() == 1
        assert terminal.disorder() == []
        said = terminal.written.decode("utf-8", "replace").rpartition("\x1b")[2]
    assert not any(map(alive, at_work.result()))
    (line,) = program.listed()
    (report,) = (program.home / "log").glob("crash-*")
    assert "Traceback" not in said
    assert f"loopdeck resume {line['id']}" in said
    assert f"The details are in {report}" in said.replace("\r\n", "")
    assert "ZeroDivisionError" in report.read_text()
    assert line["state"] == "paused"
    shown = program.shown()
    assert shown.events[-1]["type"] == "session_paused"
    assert shown.results()["call-1"]["ok"] is False
