"""What runs for a program stops and goes on with it, and the time between does not count."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from loopdeck.tools.commands.below import children
from loopdeck.tools.commands.halting import Halts
from loopdeck.tools.commands.lifeline import Ward
from loopdeck.tools.sandbox.backend import Backend
from tests.chaos.trial import processes_in
from tests.support.sandboxes import yard_of
from tests.tools.commands.test_lifeline import HIDES, KINDS, RUNNER, Pulse, run
from tests.tools.commands.test_shell import until

STOPPED, FORKING = "T", "D"
PROGRAM = RUNNER.replace(
    "asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))",
    """
from loopdeck.cli.terminal.signals import stopping_with
from loopdeck.tools.commands.halting import halts

with stopping_with(halts().halted):
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
""",
)


class Clock:
    """Goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Engine:
    """Counts how often it was stopped and went on."""

    halted = went_on = 0

    def halt(self) -> None:
        self.halted += 1

    def go_on(self) -> None:
        self.went_on += 1


def state_of(pid: int) -> str:
    """One letter of the kernel's; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def states(folder: Path) -> list[str]:
    """Those of what runs in a folder, without who keeps it."""
    return [
        STOPPED if waits_for_a_stopped_child(pid) else state_of(pid)
        for pid in processes_in(folder)
        if Path(f"/proc/{pid}/comm").read_text() != "loopdeck\n"
    ]


def waits_for_a_stopped_child(pid: int) -> bool:
    """A shell that has just forked sleeps in the kernel until its child is another program."""
    return state_of(pid) == FORKING and STOPPED in map(state_of, children(pid))


def are_stopped(folder: Path) -> bool:
    found = states(folder)
    return len(found) >= KINDS and set(found) == {STOPPED}


def go_on(folder: Path) -> bool:
    return STOPPED not in states(folder)


@contextlib.contextmanager
def in_a_job(folder: Path, program: str) -> Generator[subprocess.Popen[bytes]]:
    """A program that runs a command as Loopdeck does without a screen, in bubblewrap if given."""
    words = (sys.executable, "-c", PROGRAM, str(folder), program, f"{HIDES} wait")
    job = subprocess.Popen(words, process_group=0)
    try:
        yield job
    finally:
        job.kill()  # who is stopped would be waited for without end
        job.wait()


def test_time_stands_still_while_everything_is_stopped() -> None:
    clock, engine, over = Clock(), Engine(), Engine()
    halts = Halts(clock)
    for each in (engine, over):
        halts.join(each)
    halts.leave(over)
    clock.now = 5.0
    for stopped_s in (100.0, 1_000.0):
        before = halts.worked()
        with halts.halted(), halts.halted():
            clock.now += stopped_s
            assert halts.worked() == before
        assert halts.worked() == before
    clock.now += 2.0
    assert halts.worked() == 7.0
    assert (engine.halted, engine.went_on, over.halted) == (2, 2, 0)


async def test_all_of_a_command_stops_and_its_time_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    halts, pulse = Halts(clock), Pulse(tmp_path)
    for module in ("process", "lifeline"):
        monkeypatch.setattr(f"loopdeck.tools.commands.{module}.halts", lambda: halts)
    os.mkfifo(tmp_path / "go")
    running = asyncio.ensure_future(run(f"{HIDES} read < go; echo over", tmp_path, limit=10))
    await until(lambda: pulse.beats() == KINDS)
    for _ in range(2):
        with halts.halted():
            await until(lambda: are_stopped(tmp_path))
            clock.now += 3_600
        await until(lambda: go_on(tmp_path))
    await asyncio.to_thread((tmp_path / "go").write_text, "go\n")
    assert await running == (0, True, "over\n")
    await until(pulse.stopped)
    pulse.close()


async def test_a_command_that_is_stopped_before_it_began_begins_later(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        ward = Ward.start(
            ("/bin/sh", "-c", "echo began"), cwd=tmp_path, env={}, output=out.fileno()
        )
        ward.halt()
        ward.go_on()
        await ward.ended
        await ward.end()
    assert (tmp_path / "out").read_text() == "began\n"


async def test_what_a_keeper_said_counts_where_it_ended_with_a_word_unread() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    for word in (b"s", b"x7"):
        theirs.send(word)
    ward = Ward(ours)
    ward.go_on()
    theirs.close()
    assert await ward.ended == 7
    await ward.end()


@pytest.mark.parametrize("is_walled", [False, True])
async def test_a_program_that_a_shell_stops_takes_its_commands_along(
    tmp_path: Path, *, is_walled: bool
) -> None:
    folder, program = tmp_path, ""
    if is_walled:
        there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
        folder, program = there.workspace, there.sandbox.program
    pulse = Pulse(folder)
    with in_a_job(folder, program) as stopped:
        await until(lambda: pulse.beats() == KINDS)
        for _ in range(2):
            stopped.send_signal(signal.SIGTSTP)
            await until(lambda: state_of(stopped.pid) == STOPPED and are_stopped(folder))
            stopped.send_signal(signal.SIGCONT)
            await until(lambda: go_on(folder))
        stopped.send_signal(signal.SIGTSTP)
        await until(lambda: are_stopped(folder))
        stopped.kill()
        await until(pulse.stopped)
    pulse.close()
