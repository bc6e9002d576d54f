"""One command in a process group of its own, read without ever waiting for who holds the pipe."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from loopdeck.tools.capture import Capture

TICK = 0.05
_SLOW_TICK = 1.0
GRACE = 2.0
_CHUNK = 65_536
_LAST_CHUNKS = 64


class Process:
    """Runs a command and feeds its output to a capture.

    The command's own end counts, not the end of its pipe: a background child that keeps the pipe
    open holds nothing up. Whatever is left in the group is killed, also when this is cancelled.
    """

    def __init__(self, capture: Capture, show: Callable[[str], Awaitable[None]]) -> None:
        self._capture = capture
        self._show = show

    async def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        limit: float,
        fds: Sequence[int] = (),
        keepers: int = 0,
    ) -> tuple[int, bool]:
        """The exit code (negative for a signal), and whether it ended in time.

        `fds` stay open for the command. `keepers` is how many processes of a sandbox stand above
        it: only what is below them is asked to stop. The two of a process space of its own end all
        in it by ending, a single one is asked to.
        """
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        try:
            process = await _spawn(command, cwd=cwd, env=env, output=writer, fds=fds)
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        loop = asyncio.get_running_loop()
        loop.add_reader(reader, self._read, reader)
        waiter = asyncio.ensure_future(process.wait())
        try:
            timely = await self._follow(waiter, limit)
            if not timely:
                await self._end(process.pid, waiter, keepers)
        finally:
            loop.remove_reader(reader)
            try:
                await _ended(process.pid, waiter, keepers)
            finally:
                self._drain(reader)
                os.close(reader)
        return waiter.result(), timely

    async def _follow(self, waiter: asyncio.Future[int], limit: float) -> bool:
        """Show output as it comes until the command ends; false when its time is up."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        while not waiter.done():
            left = deadline - loop.time()
            if left <= 0:
                return False
            tick = _SLOW_TICK if self._capture.flooded else TICK
            await asyncio.wait({waiter}, timeout=min(tick, left))
            if not waiter.done() and (text := self._capture.live()):
                await self._show(text)
        return True

    async def _end(self, group: int, waiter: asyncio.Future[int], keepers: int) -> None:
        """Ask the group to stop; it has a moment to do so."""
        if keepers:
            for pid in _below(group, keepers):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGTERM)
        else:
            _kill_group(group, signal.SIGTERM)
        await asyncio.wait({waiter}, timeout=GRACE)

    def _read(self, reader: int) -> bool:
        """Take what is there now; false at the end of the pipe."""
        try:
            data = os.read(reader, _CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._capture.feed(data)
            return True
        asyncio.get_running_loop().remove_reader(reader)
        return False

    def _drain(self, reader: int) -> None:
        """What the pipe still holds; bounded, as somebody outside the group may go on writing."""
        for _ in range(_LAST_CHUNKS):
            if not self._read(reader):
                return


async def _spawn(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: int, fds: Sequence[int]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env=dict(env),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        pass_fds=fds,
    )


async def _ended(group: int, waiter: asyncio.Future[int], keepers: int) -> None:
    """See the end of all that is left; a single keeper first ends what it keeps, wherever it is."""
    try:
        if keepers == 1 and not waiter.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(group, signal.SIGTERM)
            await asyncio.wait({waiter}, timeout=GRACE)
    finally:
        _kill_group(group, signal.SIGKILL)
        await _finish(waiter)


async def _finish(waiter: asyncio.Future[int]) -> None:
    """Wait for the killed process itself; a cancellation meanwhile counts only after that."""
    cancelled = False
    while not waiter.done():
        try:
            await asyncio.wait({waiter})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError


def _kill_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _below(keeper: int, keepers: int) -> list[int]:
    """The processes under the last of so many keepers."""
    found, left = list[int](), [keeper]
    for _ in range(keepers):
        left = [child for pid in left for child in _children(pid)]
    while left:
        found.append(left[-1])
        left += _children(left.pop())
    return found


def _children(pid: int) -> list[int]:
    """The children that the kernel names; none where it does not."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]
