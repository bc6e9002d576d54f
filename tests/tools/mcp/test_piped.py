"""A server is spoken to over its pipes, and nothing of it outlives its end or the program's."""

import asyncio
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from loopdeck.tools.mcp.piped import Piped
from tests.tools.commands.test_lifeline import HIDES, KINDS, PATH, Pulse
from tests.tools.commands.test_shell import until

ENV = {"PATH": PATH}
RUNNER = """
import asyncio, sys
from pathlib import Path
from loopdeck.tools.mcp.piped import Piped

async def main(folder, command):
    await Piped.start(("bash", "-c", command), cwd=folder, env={"PATH": "/usr/bin:/bin"})
    await asyncio.Event().wait()

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


@pytest.fixture
def pulse(tmp_path: Path) -> Generator[Pulse]:
    """Made in the folder in which the programs run."""
    found = Pulse(tmp_path)
    yield found
    found.close()


async def test_what_it_says_comes_apart_from_its_errors(tmp_path: Path) -> None:
    command = ("bash", "-c", "read -r line; echo said $line; echo to $PWD >&2")
    piped = await Piped.start(command, cwd=tmp_path, env=ENV)
    piped.stdin.write(b"hello\n")
    assert await piped.stdout.read(100) == b"said hello\n"
    assert await piped.stderr.read(1000) == f"to {tmp_path}\n".encode()
    assert await piped.stdout.read(100) == b""
    await piped.end()


async def test_a_program_is_found_in_its_folder_or_by_its_name(tmp_path: Path) -> None:
    program = tmp_path / "server"
    program.write_text("#!/bin/sh\necho here\n")
    with pytest.raises(PermissionError):
        await Piped.start(("./server",), cwd=tmp_path, env=ENV)
    program.chmod(0o755)
    piped = await Piped.start(("./server",), cwd=tmp_path, env=ENV)
    assert await piped.stdout.read(100) == b"here\n"
    await piped.end()
    with pytest.raises(FileNotFoundError):
        await Piped.start(("no-such-program",), cwd=tmp_path, env=ENV)


async def test_all_that_it_started_ends_with_it(tmp_path: Path, pulse: Pulse) -> None:
    piped = await Piped.start(("bash", "-c", f"{HIDES} cat"), cwd=tmp_path, env=ENV)
    await until(lambda: pulse.beats() == KINDS)
    await piped.end()
    await until(pulse.stopped)


async def test_one_that_hears_nothing_is_ended_all_the_same(
    tmp_path: Path, pulse: Pulse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.mcp.piped.GRACE", 0.05)
    deaf = "trap '' TERM; exec 9>alive; echo up >&9; while :; do sleep 300; done"
    piped = await Piped.start(("bash", "-c", deaf), cwd=tmp_path, env=ENV)
    await until(lambda: pulse.beats() == 1)
    await asyncio.wait_for(piped.end(), 30)
    await until(pulse.stopped)


async def test_nothing_of_it_is_left_when_the_program_that_started_it_is_killed(
    tmp_path: Path, pulse: Pulse
) -> None:
    words = (sys.executable, "-c", RUNNER, str(tmp_path), f"{HIDES} sleep 300")
    program = await asyncio.create_subprocess_exec(*words)
    await until(lambda: pulse.beats() == KINDS)
    program.kill()
    await until(pulse.stopped)
    await program.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="counts handles where the kernel lists them")
async def test_a_start_that_is_cancelled_leaves_nothing_open(tmp_path: Path) -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    piped = await Piped.start(("cat",), cwd=tmp_path, env=ENV)  # the helper has handles of its own
    await piped.end()
    await until(lambda: piped.stdout.at_eof())
    before = handles()
    for turns in range(8):
        starting = asyncio.ensure_future(Piped.start(("cat",), cwd=tmp_path, env=ENV))
        for _ in range(turns):
            await asyncio.sleep(0)
        starting.cancel()
        [started] = await asyncio.gather(starting, return_exceptions=True)
        if isinstance(started, Piped):  # it was quicker, as it may be after the first turns
            assert turns
            await started.end()
        await until(lambda: handles() <= before)  # others may be let go of meanwhile
