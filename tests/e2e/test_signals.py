"""A run that is ended from outside: nothing keeps running, nothing is lost, and it can go on."""

import json
import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loopdeck.cli.runs.headless import EXIT_CODES
from tests.e2e.saying import DONE, call, calls, heard, writes
from tests.support.message_script import Fault, Script, Text
from tests.support.program import MODEL, Program, answering, eventually

WAITS = "sleep 300 &\necho ready > ready\nwait\n"
RUNS_SCRIPT = calls(call("shell", command="sh wait.sh"))
PATIENCE_S = 30


@contextmanager
def running(program: Program, *argv: str) -> Generator[subprocess.Popen[str]]:
    """A run as a process of its own, in the workspace; it is gone in the end."""
    options = ("--workspace", str(program.workspace), "--model", MODEL)
    process = program.start("run", "--headless", "--json", *options, *argv, "wait for it")
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def until(process: subprocess.Popen[str], kind: str) -> str:
    """Read records until one of this type; returns the session."""
    assert process.stdout is not None
    for line in process.stdout:
        record = json.loads(line)
        if record["event"]["type"] == kind:
            return record["session"]
    raise AssertionError(f"no {kind} came")


def tool_at_work(program: Program) -> list[int]:
    """Wait for the script to be at work; the processes it is made of.

    They are found by their folder: inside a sandbox, the number a process has for itself is
    another process's number out here.
    """
    with (program.workspace / "ready").open() as ready:  # a pipe: opens when both ends are there
        assert ready.read() == "ready\n"
    found = [int(entry.name) for entry in Path("/proc").iterdir() if is_tool(entry, program)]
    assert len(found) >= 2
    return found


def is_tool(entry: Path, program: Program) -> bool:
    """Whether this is a process of the script, in whatever namespaces it runs."""
    try:
        words = (entry / "cmdline").read_bytes().split(b"\0")
        inside = (entry / "cwd").readlink() == program.workspace.resolve()
    except OSError:  # no process, not ours, or gone
        return False
    return inside and (words[:2] == [b"sleep", b"300"] or words[:2] == [b"sh", b"wait.sh"])


def alive(pid: int) -> bool:
    """True while a process runs; one that only waits to be buried does not."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.fixture
def script(program: Program) -> tuple[str, str]:
    """A script in the workspace that waits, and the option that lets it run."""
    (program.workspace / "wait.sh").write_text(WAITS)
    os.mkfifo(program.workspace / "ready")
    return "--allow", "shell(sh wait.sh)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_point_15_a_signal_during_a_tool_ends_both_and_the_session_goes_on(
    number: signal.Signals,
    program: Program,
    script: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(monkeypatch, [RUNS_SCRIPT, DONE]) as server:
        with running(program, *script) as process:
            session = until(process, "call_started")
            pids = tool_at_work(program)
            process.send_signal(number)
            _, said = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 128 + number
        assert "Traceback" not in said
        assert not any(map(alive, pids))
        assert program.listed()[0]["state"] == "paused"
        shown = program.shown(session)
        assert shown.events[-1]["type"] == "session_paused"
        assert shown.results()["call-1"]["ok"] is False
        ran = program("resume", "--headless", "--json", session)
        assert ran.code == 0
    assert "Interrupted" in heard(server.bodies[1])
    assert program("sessions", "verify", session).code == 0


def test_a_signal_while_the_model_is_silent_hangs_up(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Script((Text("Hm"),), fault=Fault("stall", after=2))
    with answering(monkeypatch, [silent, DONE]) as server, running(program) as process:
        session = until(process, "model_requested")
        eventually(server.stalled.is_set)
        process.send_signal(signal.SIGHUP)
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 128 + signal.SIGHUP
        assert "Traceback" not in said
        assert program("resume", "--headless", "--json", session).code == 0
        assert len(server.bodies) == 2


def test_a_killed_run_shows_as_crashed_and_what_it_did_is_asked(
    program: Program, script: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [RUNS_SCRIPT, DONE]) as server:
        with running(program, *script) as process:
            session = until(process, "call_started")
            pids = tool_at_work(program)
            assert program.listed()[0]["state"] == "running"
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        eventually(lambda: not any(map(alive, pids)))
        assert program.listed()[0]["state"] == "crashed"
        parked = program("resume", "--headless", "--json", session)
        assert parked.code == EXIT_CODES["waiting"]
        assert parked.of("call_unknown")[0]["call_id"] == "call-1"
        assert parked.of("human_called")[0]["kind"] == "unknown"
        assert len(server.bodies) == 1
        ran = program("resume", "--headless", "--json", "--on-unknown", "tell", session)
        assert ran.code == 0
    assert "Nobody knows whether this call took effect" in heard(server.bodies[1])
    assert program("sessions", "verify").code == 0


def test_a_killed_run_that_waited_waits_on(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]):
        with running(program, "--on-ask", "wait") as process:
            session = until(process, "call_asked")
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        assert program.listed()[0]["state"] == "waiting"
        assert program("approvals", "approve", f"{session}/call-1").code == 0
        assert program("resume", "--headless", "--json", session).code == 0
    assert (program.workspace / "note.txt").read_text() == "hello\n"


def test_a_reader_that_leaves_pauses_the_run(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = answering(monkeypatch, lambda body: calls(call("list_files", path=".")))
    with endless, running(program) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        process.wait(PATIENCE_S)
        assert process.returncode == 128 + signal.SIGPIPE
        assert process.stderr.read() == ""
    assert program.listed()[0]["state"] == "paused"
