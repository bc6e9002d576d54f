"""Runs commands in process groups, where the system has no better means to hold them together.

What leaves its group escapes, and nothing ends a command once Loopdeck itself was killed.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from loopdeck.tools.commands.halting import halts


class Group:
    """One command in a group of its own. `ended` becomes its exit code, negative for a signal."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.begun.set_result(None)
        self.ended: asyncio.Future[int] = asyncio.ensure_future(process.wait())
        self._pid = process.pid
        halts().join(self)
        self.ended.add_done_callback(lambda _: halts().leave(self))

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        output: int,
        stdin: int | None = None,
        stderr: int | None = None,
    ) -> Self:
        """Start a command; what it is given is as for one under a keeper. Raises `OSError`."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.DEVNULL if stdin is None else stdin,
            stdout=output,
            stderr=output if stderr is None else stderr,
            start_new_session=True,
        )
        return cls(process)

    def ask(self) -> None:
        """Ask the group to end."""
        self._signal(signal.SIGTERM)

    def halt(self) -> None:
        """Stop the group."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    async def end(self) -> None:
        """End what is left, and see the end; a cancellation meanwhile counts only after that."""
        self._signal(signal.SIGKILL)
        cancelled = False
        while not self.ended.done():
            try:
                await asyncio.wait({self.ended})
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, number)
