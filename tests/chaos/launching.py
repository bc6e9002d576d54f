"""Three ways to start the program so that it can be killed: forked, by its name, in a terminal."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.e2e.test_terminal import CTRL_Q, answer
from tests.support.program import command
from tests.support.terminal import Terminal

ROOT = Path(__file__).parents[2]
SOURCES = os.pathsep.join((str(ROOT / "src"), str(ROOT)))  # of the program and of the tests
DONE, NOT_DONE, AGAIN, TELL = "1234"

Manner = Literal["forked", "started", "terminal"]


@dataclass
class Started:
    """A running program. `leave` is set when its human is to quit."""

    pid: int
    ended: asyncio.Future[int]
    leave: threading.Event


Launch = Callable[[Sequence[str]], Awaitable[Started]]


@asynccontextmanager
async def launching(
    manner: Manner, folder: Path, env: Mapping[str, str], done: Callable[[], Sequence[str]]
) -> AsyncGenerator[Launch]:
    """How to start the program in this folder. `done` are the tags of what has taken effect."""
    match manner:
        case "forked":
            async with _nursery() as nursery:
                yield lambda argv: _fork(nursery, argv, folder, env)
        case "started":
            yield lambda argv: _start(argv, folder, env)
        case "terminal":
            yield lambda argv: _show(argv, env, done)


@asynccontextmanager
async def _nursery() -> AsyncGenerator[asyncio.subprocess.Process]:
    nursery = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.nursery"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": SOURCES},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert await _said(nursery) == "ready"
        yield nursery
    finally:
        assert nursery.stdin is not None
        nursery.stdin.close()
        await nursery.wait()


async def _said(nursery: asyncio.subprocess.Process) -> str:
    assert nursery.stdout is not None
    return (await nursery.stdout.readline()).decode().strip()


async def _fork(
    nursery: asyncio.subprocess.Process, argv: Sequence[str], folder: Path, env: Mapping[str, str]
) -> Started:
    assert nursery.stdin is not None
    wanted = {"argv": argv, "env": dict(env), "cwd": str(folder), "log": str(folder / "said")}
    nursery.stdin.write(f"{json.dumps(wanted)}\n".encode())
    pid = int(await _said(nursery))

    async def end() -> int:
        return int(await _said(nursery))

    return Started(pid, asyncio.ensure_future(end()), threading.Event())


async def _start(argv: Sequence[str], folder: Path, env: Mapping[str, str]) -> Started:
    with (folder / "said").open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            *command(*argv),
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
    return Started(process.pid, asyncio.ensure_future(process.wait()), threading.Event())


async def _show(
    argv: Sequence[str], env: Mapping[str, str], done: Callable[[], Sequence[str]]
) -> Started:
    """The deck, with a human who says yes to everything that is shown, and what is true."""
    terminal = Terminal(command(*argv), env=env)
    leave = threading.Event()

    def sit() -> int:
        with terminal:
            while terminal.draw(0.02):
                if leave.is_set():
                    terminal.press(CTRL_Q, pause_s=0.5)
                elif keys := answer(terminal.text) or _truth(terminal.text, done()):
                    terminal.press(keys, pause_s=0.7)
            return terminal.process.wait(10)

    return Started(terminal.process.pid, asyncio.ensure_future(asyncio.to_thread(sit)), leave)


def _truth(screen: str, done: Sequence[str]) -> str:
    """The key that says what has become of a call whose end nobody saw."""
    if "Nobody knows how a call ended" not in screen or "1 it took effect" not in screen:
        return ""
    found = re.findall(r"^│ +│ shell sh \S+ (\S+)", screen, re.MULTILINE)
    if not found:
        return TELL
    if found[-1] in done:
        return DONE
    return AGAIN if found[-1].endswith(("1", "3", "5", "7", "9")) else NOT_DONE
