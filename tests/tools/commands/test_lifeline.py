"""No process of a command outlives it, or the program that started it, however it hides."""

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

from loopdeck.tools.commands import lifeline_helper
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.process import Process
from loopdeck.tools.sandbox.backend import Backend
from tests.support.sandboxes import yard_of
from tests.tools.commands.test_shell import until

PATH = "/usr/local/bin:/usr/bin:/bin"
# A child, one in a session of its own, one deaf to hanging up, one without a single variable, one
# whose parents are gone, and one that does not end when it is asked to.
HIDES = """
{ echo up >&9; exec sleep 300; } 9>alive &
setsid sh -c 'exec 9>alive; echo up >&9; exec sleep 300' &
nohup setsid sh -c 'exec 9>alive; echo up >&9; exec sleep 300' >/dev/null 2>&1 &
env -i setsid /bin/sh -c 'exec 9>alive; echo up >&9; exec /bin/sleep 300' &
(setsid sh -c '{ exec 9>alive; echo up >&9; exec sleep 300; } & exit' &)
sh -c 'trap "" TERM; exec 9>alive; echo up >&9; while :; do sleep 300; done' &
"""
KINDS = 6
RUNNER = """
import asyncio, sys
from pathlib import Path
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.process import Process
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.survey import Request

async def main(folder, program, command):
    async def show(text): ...
    argv, env = ("/bin/bash", "-c", command), {"PATH": "/usr/bin:/bin"}
    process = Process(Capture(lambda: None), show)
    if not program:
        await process.run(argv, cwd=folder, env=env, limit=60)
    with Sandbox(Backend.BUBBLEWRAP, folder.parent, (), program).around(
        Request(folder, env["PATH"]), argv, env
    ) as launch:
        await process.run(
            launch.argv, cwd=folder, env=launch.env, limit=60, fds=launch.fds, above=launch.above,
            made=launch.made,
        )

asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
"""


class Pulse:
    """A pipe that everything holds open which a command has started: its end is theirs."""

    def __init__(self, folder: Path) -> None:
        os.mkfifo(folder / "alive")
        self._handle = os.open(folder / "alive", os.O_RDONLY | os.O_NONBLOCK)
        self._heard = b""

    def beats(self) -> int:
        """How many have said that they are there."""
        with contextlib.suppress(BlockingIOError):
            self._heard += os.read(self._handle, 1_000)
        return self._heard.count(b"up")

    def stopped(self) -> bool:
        """Whether nobody holds the other end any more."""
        try:
            return os.read(self._handle, 100) == b""
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._handle)


@pytest.fixture
def pulse(tmp_path: Path) -> Generator[Pulse]:
    """Made in the folder in which the commands run."""
    found = Pulse(tmp_path)
    yield found
    found.close()


async def ignore(_text: str) -> None:
    """Nobody looks at the output."""


async def run(command: str, folder: Path, *, limit: float = 60.0) -> tuple[int, bool, str]:
    """Run a command without a sandbox: its exit code, whether it was in time, its output."""
    capture = Capture(lambda: None)
    argv = ("/bin/bash", "--noprofile", "--norc", "-c", command)
    code, timely = await Process(capture, ignore).run(
        argv, cwd=folder, env={"PATH": PATH}, limit=limit
    )
    capture.close()
    return code, timely, capture.text()


@contextlib.contextmanager
def another(folder: Path, program: str, command: str) -> Generator[subprocess.Popen[bytes]]:
    """A program that runs a command as Loopdeck does, inside bubblewrap if that is given."""
    words = (sys.executable, "-c", RUNNER, str(folder), program, command)
    with subprocess.Popen(words) as process:
        yield process
        process.kill()


async def test_nothing_is_left_of_a_command_that_has_returned(tmp_path: Path, pulse: Pulse) -> None:
    os.mkfifo(tmp_path / "go")
    running = asyncio.ensure_future(run(f"{HIDES} read < go; echo over", tmp_path))
    await until(lambda: pulse.beats() == KINDS)
    (tmp_path / "go").write_text("go\n")
    assert await running == (0, True, "over\n")
    await until(pulse.stopped)


async def test_nothing_is_left_of_a_command_whose_time_is_up(
    tmp_path: Path, pulse: Pulse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.commands.process.GRACE", 0.1)
    running = asyncio.ensure_future(run(f"{HIDES} wait; sleep 300", tmp_path, limit=1))
    await until(lambda: pulse.beats() == KINDS)
    code, timely, _ = await running
    assert (code, timely) == (-signal.SIGTERM, False)
    await until(pulse.stopped)


async def test_nothing_is_left_when_the_program_that_started_it_is_killed(
    tmp_path: Path, pulse: Pulse
) -> None:
    with another(tmp_path, "", f"{HIDES} wait") as program:
        await until(lambda: pulse.beats() == KINDS)
        program.kill()
        await until(pulse.stopped)


async def test_nothing_is_left_in_a_sandbox_when_the_program_is_killed(tmp_path: Path) -> None:
    there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
    pulse = Pulse(there.workspace)
    before = [path.name for path in there.workspace.iterdir()]
    with another(there.workspace, there.sandbox.program, f"{HIDES} wait") as program:
        await until(lambda: pulse.beats() == KINDS)
        names = {path.name for path in there.workspace.iterdir()}
        assert ".mcp.json" in names  # an empty folder, on which the sandbox is laid
        program.kill()
        await until(pulse.stopped)
        await until(lambda: [path.name for path in there.workspace.iterdir()] == before)
    pulse.close()


async def test_a_keeper_that_is_killed_takes_its_command_along(
    tmp_path: Path, pulse: Pulse
) -> None:
    code, timely, _ = await run(f"{HIDES} kill -KILL $PPID; wait", tmp_path)
    assert (code, timely) == (-signal.SIGKILL, True)
    await until(pulse.stopped)
    assert (await run("echo still there", tmp_path))[2] == "still there\n"


async def test_a_helper_that_is_killed_is_started_again(tmp_path: Path) -> None:
    kills = "read -r _ _ _ helper _ < /proc/$PPID/stat; kill -KILL $helper; echo done"
    assert await run(kills, tmp_path) == (0, True, "done\n")
    for number in range(3):
        assert (await run(f"echo {number}", tmp_path))[2] == f"{number}\n"
    all_of_them = "until [ $(ls | wc -l) = 5 ]; do sleep 0.01; done; echo met"
    meeting = (run(f"> {number}; {all_of_them}", tmp_path) for number in range(5))
    assert [met for _, _, met in await asyncio.gather(*meeting)] == ["met\n"] * 5


async def test_commands_side_by_side_do_not_end_each_other(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    first = asyncio.ensure_future(run("sleep 300 & read < go; kill -0 $! && echo there", tmp_path))
    assert (await run("true", tmp_path))[0] == 0
    await asyncio.to_thread((tmp_path / "go").write_text, "go\n")
    assert (await first)[2] == "there\n"


async def test_what_cannot_be_started_says_why(tmp_path: Path) -> None:
    for argv, folder in ((("/no/program",), tmp_path), (("/bin/true",), tmp_path / "gone")):
        with pytest.raises(FileNotFoundError):
            await Process(Capture(lambda: None), ignore).run(argv, cwd=folder, env={}, limit=9)


async def test_handles_come_under_their_numbers_and_no_others(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    handle = os.dup(reader)
    os.set_inheritable(handle, True)
    os.write(writer, b"by hand\n")
    capture = Capture(lambda: None)
    words = f"read -r line <&{reader}; echo $line; cd /proc/$$/fd; echo [0-9]*"
    await Process(capture, ignore).run(
        ("/bin/bash", "-c", words), cwd=tmp_path, env={}, limit=9, fds=[reader]
    )
    for number in (reader, writer, handle):
        os.close(number)
    line, handles = capture.text().splitlines()
    assert line == "by hand"
    assert {int(number) for number in handles.split()} <= {0, 1, 2, 3, reader}  # 3 lists the folder


def test_an_order_that_a_keeper_took_in_this_moment_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        assert not lifeline_helper.is_over(theirs, bool)  # as if there had been one
        ours.send(b"t")
        assert not lifeline_helper.is_over(theirs)
        assert theirs.recv(1) == b"t"
        ours.close()
        assert lifeline_helper.is_over(theirs)
