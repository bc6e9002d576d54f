"""A server as a process of our own: lines of JSON both ways, in bounded memory, ended for sure.

What it prints comes at the pace at which it is read, so one that floods has to wait for itself.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
from anyio.abc import ByteReceiveStream, ByteSendStream, Process
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp.types import jsonrpc_message_adapter

from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.stderr import Tail

MOST_LINE = 8_000_000  # bytes of one message; a server that sends longer ones is ended
MOST_A_SECOND = 2_000  # messages; more of them are taken later
GRACE = 0.5  # seconds to end by itself, and again after it was told to

Item = SessionMessage | Exception
Streams = tuple[MemoryObjectReceiveStream[Item], MemoryObjectSendStream[SessionMessage]]


@asynccontextmanager
async def process(
    server: Server, folder: Path, tail: Tail, gone: Callable[[], None]
) -> AsyncGenerator[Streams]:
    """Start it and talk to it; `gone` is called when it says nothing more. Raises `OSError`."""
    started = await anyio.open_process(
        [server.command, *server.args],
        env=get_default_environment() | dict(server.env),
        cwd=folder,
        start_new_session=True,
    )
    into, incoming = anyio.create_memory_object_stream[Item](0)
    outgoing, out = anyio.create_memory_object_stream[SessionMessage](0)

    async def reading() -> None:
        with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            async with into:
                if started.stdout is not None:
                    await _read(started.stdout, into)
        gone()

    async with anyio.create_task_group() as group:
        group.start_soon(reading)
        group.start_soon(_write, started.stdin, out, into, gone)
        group.start_soon(_listening, started.stderr, tail)
        try:
            yield incoming, outgoing
        finally:
            with anyio.CancelScope(shield=True):
                await _end(started)
            group.cancel_scope.cancel()
            for stream in (incoming, outgoing, into, out):
                stream.close()


async def _write(
    stdin: ByteSendStream | None,
    out: MemoryObjectReceiveStream[SessionMessage],
    into: MemoryObjectSendStream[Item],
    gone: Callable[[], None],
) -> None:
    """Send every message; a server that takes no more is gone."""
    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        async with out:
            async for item in out:
                line = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                if stdin is not None:
                    await stdin.send(line.encode() + b"\n")
        return
    await into.aclose()
    gone()


async def _read(stdout: ByteReceiveStream, into: MemoryObjectSendStream[Item]) -> None:
    """Every line as a message, until the server is silent for good or sends an endless one."""
    pieces: list[bytes] = []
    size = 0
    pace = _Pace()
    async for chunk in stdout:
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            whole = b"".join((*pieces, line))
            pieces, size = [], 0
            await pace.wait()
            if whole.strip():
                await into.send(_message(whole))
        pieces.append(rest)
        size += len(rest)
        if size > MOST_LINE:
            return


class _Pace:
    """Lets so many messages through a second."""

    def __init__(self) -> None:
        self._since, self._count = anyio.current_time(), 0

    async def wait(self) -> None:
        """Return when it is the next one's turn."""
        now = anyio.current_time()
        if now - self._since >= 1.0:
            self._since, self._count = now, 0
        self._count += 1
        if self._count > MOST_A_SECOND:
            await anyio.sleep(1.0 - (now - self._since))
            self._since, self._count = anyio.current_time(), 1


def _message(line: bytes) -> Item:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        return error


async def _listening(stderr: ByteReceiveStream | None, tail: Tail) -> None:
    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
        if stderr is not None:
            async for chunk in stderr:
                tail.add(chunk)


async def _end(started: Process) -> None:
    """Ask it to end, tell it to, make it: all of its group, and none of the waits is long."""
    if started.stdin is not None:
        with contextlib.suppress(OSError, anyio.BrokenResourceError):
            await started.stdin.aclose()
    if not await _over(started):
        _signal(started, signal.SIGTERM)
        await _over(started)
    _signal(started, signal.SIGKILL)  # also what it left behind
    await _over(started)
    for stream in (started.stdout, started.stderr):
        if stream is not None:
            await stream.aclose()
    # Nothing public closes what stays open for as long as somebody else holds one of its pipes.
    inner: object = getattr(getattr(started, "_process", None), "_transport", None)
    if isinstance(inner, asyncio.SubprocessTransport):
        with contextlib.suppress(PermissionError):
            inner.close()
    await anyio.lowlevel.checkpoint()


def _signal(started: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(started.pid, number)


async def _over(started: Process) -> bool:
    until = anyio.current_time() + GRACE
    while started.returncode is None:  # waiting for it would wait for whoever holds its pipes too
        if anyio.current_time() > until:
            return False
        await anyio.sleep(0.01)
    return True
