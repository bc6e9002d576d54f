"""What a command started ends with the run, also where the run itself can end nothing any more."""

import signal

import pytest

from loopdeck.cli.runs.headless import EXIT_CODES
from tests.e2e.test_signals import (
    PATIENCE_S,
    RUNS_SCRIPT,
    alive,
    running,
    script,
    tool_at_work,
    until,
)
from tests.support.program import Program, answering

__all__ = ["script"]


def no_walls(program: Program) -> None:
    """Have commands run without a sandbox."""
    program.home.mkdir(exist_ok=True)
    (program.home / "config.toml").write_text("sandbox = false\n")


def test_who_takes_a_session_over_ends_the_commands_of_the_process_that_hangs(
    program: Program, script: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_walls(program)
    with answering(monkeypatch, [RUNS_SCRIPT]), running(program, *script) as process:
        session = until(process, "call_started")
        pids = tool_at_work(program)
        process.send_signal(signal.SIGSTOP)
        busy = program("resume", "--headless", "--json", session)
        assert (busy.code, all(map(alive, pids))) == (1, True)
        taken = program("resume", "--headless", "--json", "--take-over", session)
        assert not any(map(alive, pids))
        assert taken.code == EXIT_CODES["waiting"]
        assert taken.of("call_unknown")[0]["call_id"] == "call-1"
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 1
    assert program("sessions", "verify", session).code == 0
