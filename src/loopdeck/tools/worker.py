"""A part of a tool in a process of its own: it can be ended, which a thread cannot."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import loopdeck

_LONGEST_LINE = 1 << 22
Said = TypeVar("Said")


async def begin(module: str) -> Process:
    """Start the `main` of one of our modules; it talks on stdin and stdout and inherits nothing."""
    source = str(Path(loopdeck.__file__).parent.parent)
    run = f"import sys; sys.path.insert(0, sys.argv[1]); import {module} as w; w.main()"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", run, source),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_LONGEST_LINE,
        env={},
    )


async def within(
    process: Process, talk: Coroutine[Any, Any, Said], limit: float
) -> tuple[Said, bool]:
    """What talking to it gave, and whether it ended in time; it is gone then, cancelled or not."""
    talking = asyncio.create_task(talk)
    try:
        done, _ = await asyncio.wait({talking}, timeout=limit)
    finally:
        if not talking.done():
            _kill(process)
        said = await talking
        await process.wait()
    return said, bool(done)


def _kill(process: Process) -> None:
    """End it past asyncio, whose own `kill` first polls and so takes the exit from its watcher."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
