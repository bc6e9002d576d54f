"""A server as a process of our own: lines of JSON both ways, in bounded memory, ended for sure.

What it prints comes at the pace at which it is read, so one that floods has to wait for itself.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp.types import ErrorData, JSONRPCError, jsonrpc_message_adapter

from loopdeck.tools.mcp.answering import UNREADABLE
from loopdeck.tools.mcp.ground import start_of
from loopdeck.tools.mcp.pace import Pace
from loopdeck.tools.mcp.piped import CHUNK, Piped
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.stderr import Tail

_VERSION = rb'\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?'
_ID_FIRST = re.compile(_VERSION + rb'"id"\s*:\s*(\d{1,9})\s*,\s*"(?:result|error)"')
_ID_LAST = re.compile(_VERSION + rb'"(?:result|error)".*"id"\s*:\s*(\d{1,9})\s*\}\s*$', re.DOTALL)
MOST_LINE = 8_000_000  # bytes of one message; a server that sends longer ones is ended

Item = SessionMessage | Exception
Streams = tuple[MemoryObjectReceiveStream[Item], MemoryObjectSendStream[SessionMessage]]


@asynccontextmanager
async def process(
    server: Server, folder: Path, tail: Tail, gone: Callable[[], None]
) -> AsyncGenerator[Streams]:
    """Start it and talk to it; `gone` is called when it says nothing more.

    Raises `OSError`, and `HeldBackError` for one that `folder` could have made another.
    """
    start = start_of(server, folder, get_default_environment())
    started = await Piped.start(start.words, cwd=start.folder, env=start.env)
    into, incoming = anyio.create_memory_object_stream[Item](0)
    outgoing, out = anyio.create_memory_object_stream[SessionMessage](0)

    async def reading() -> None:
        with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            async with into:
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
                await started.end()
            group.cancel_scope.cancel()
            for stream in (incoming, outgoing, into, out):
                stream.close()


async def _write(
    stdin: asyncio.StreamWriter,
    out: MemoryObjectReceiveStream[SessionMessage],
    into: MemoryObjectSendStream[Item],
    gone: Callable[[], None],
) -> None:
    """Send every message; a server that takes no more is gone."""
    with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        async with out:
            async for item in out:
                line = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                stdin.write(line.encode() + b"\n")
                await stdin.drain()
        return
    await into.aclose()
    gone()


async def _read(stdout: asyncio.StreamReader, into: MemoryObjectSendStream[Item]) -> None:
    """Every line as a message, until the server is silent for good or sends an endless one."""
    pieces: list[bytes] = []
    size = 0
    pace = Pace()
    while chunk := await stdout.read(CHUNK):
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


def _message(line: bytes) -> Item:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        answered = _ID_FIRST.match(line) or _ID_LAST.match(line)
        if answered is None:
            return error
        # Whoever waits for this answer would wait for all of its time.
        told = ErrorData(code=UNREADABLE, message="Its answer does not follow the protocol.")
        return SessionMessage(JSONRPCError(jsonrpc="2.0", id=int(answered[1]), error=told))


async def _listening(stderr: asyncio.StreamReader, tail: Tail) -> None:
    while chunk := await stderr.read(CHUNK):
        tail.add(chunk)
