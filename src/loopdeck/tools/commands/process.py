"""One command with all that it starts, read without ever waiting for who holds the pipe."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.groups import Group
from loopdeck.tools.commands.halting import halts
from loopdeck.tools.commands.intake import Intake
from loopdeck.tools.commands.lifeline import Ward

TICK = 0.05
_SLOW_TICK = 1.0
GRACE = 2.0


class _Held(Protocol):
    """A command that was started, with all that it starts."""

    ended: asyncio.Future[int]

    def ask(self) -> None: ...

    async def end(self) -> None: ...


class Process:
    """Runs a command and feeds its output to a capture.

    The command's own end counts, not the end of its pipe: a background child that keeps the pipe
    open holds nothing up. Whatever is left of it is killed, also when this is cancelled. `name` is
    what the process that keeps it is called.
    """

    def __init__(
        self, capture: Capture, show: Callable[[str], Awaitable[None]], name: str = ""
    ) -> None:
        self._capture = capture
        self._show = show
        self._name = name

    async def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        limit: float,
        fds: Sequence[int] = (),
        above: int = 0,
        made: Sequence[str] = (),
    ) -> tuple[int, bool]:
        """The exit code (negative for a signal), and whether it ended in time and within its room.

        `fds` stay open for the command. `above` is how many processes of a sandbox stand above
        it: only what is below them is asked to stop. `made` are empty folders of the sandbox,
        removed where Loopdeck was killed. Raises `OSError` if it cannot be started.
        """
        reader, writer = os.pipe()
        try:
            held = await self._start(
                command, cwd=cwd, env=env, output=writer, fds=fds, above=above, made=made
            )
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        timely = await self._see_out(held, Intake(reader, self._capture.feed), limit)
        return held.ended.result(), timely

    async def _see_out(self, held: _Held, intake: Intake, limit: float) -> bool:
        """Take what it prints until nothing of it is left; whether it ended by itself."""
        intake.open()
        try:
            timely = await self._follow(held.ended, limit)
            if not timely:
                held.ask()
                await _over(held.ended, GRACE)
        finally:
            intake.rest()
            try:
                await held.end()
            finally:
                intake.close()
        return timely

    async def _start(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        output: int,
        fds: Sequence[int],
        above: int,
        made: Sequence[str],
    ) -> _Held:
        if sys.platform != "linux":
            return await Group.start(command, cwd=cwd, env=env, output=output)
        return Ward.start(
            command,
            cwd=cwd,
            env=env,
            output=output,
            fds=fds,
            above=above,
            made=made,
            name=self._name,
        )

    async def _follow(self, waiter: asyncio.Future[int], limit: float) -> bool:
        """Show output as it comes until the command ends; false when its time or room is up."""
        worked = halts().worked
        deadline = worked() + limit
        while not waiter.done():
            left = deadline - worked()
            if left <= 0 or self._capture.full:
                return False
            tick = _SLOW_TICK if self._capture.flooded else TICK
            await asyncio.wait({waiter}, timeout=min(tick, left))
            if not waiter.done() and (text := self._capture.live()):
                await self._show(text)
        return True


async def _over(waiter: asyncio.Future[int], limit: float) -> None:
    """Wait for its end, for no longer than this."""
    worked = halts().worked
    deadline = worked() + limit
    while not waiter.done() and (left := deadline - worked()) > 0:
        await asyncio.wait({waiter}, timeout=left)
