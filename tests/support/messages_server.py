"""A fake Messages server on a loopback port: real HTTP, real event streams, real faults.

It speaks to its sockets directly: a reset or a body that ends in the middle of a frame cannot be
had from a web framework, and a request costs a tenth of a millisecond, so benches can use it.
By hand: `python -m tests.support.messages_server --port 8080 --script steps:10`.
"""

import argparse
import asyncio
import json
import socket
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from loopdeck.session.values import JsonObject
from tests.support.dialects import MESSAGES, Dialect
from tests.support.message_script import (
    Answer,
    Answers,
    Fault,
    HttpFault,
    NoAnswer,
    Script,
    script_named,
)

VERSIONS = ("2023-06-01", "2026-10-21")
OVER = HttpFault(400, "invalid_request_error", "the script of the fake server is over")
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: JsonObject


class HangUp(Exception):
    """The connection is to be closed without another byte."""


class MessagesServer:
    """Answers in order, or by a function of the request.

    `key` is the only key it takes, if set. Without `record` it forgets requests, as long runs want.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        key: str = "",
        port: int = 0,
        record: bool = True,
        speaks: Dialect = MESSAGES,
    ) -> None:
        self.speaks = speaks
        self.requests: list[Request] = []
        self.hung_up = asyncio.Event()
        self.stalled = asyncio.Event()
        self.connections = 0
        self._answers = answers if callable(answers) else _in_order(list(answers))
        self._key = key
        self._port = port
        self._record = record
        self._listener = socket.socket()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def bodies(self) -> list[JsonObject]:
        """The bodies of the message requests so far."""
        asks = self.speaks.takes
        return [each.body for each in self.requests if asks(each.path.partition("?")[0])]

    @property
    def plain(self) -> list[JsonObject]:
        """The same, in the shape of the Messages API whatever the server speaks."""
        return [self.speaks.plain(body) for body in self.bodies]

    async def __aenter__(self) -> Self:
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self._port))
        self._listener.listen(100)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._listener, self._accept)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        await asyncio.sleep(0)  # a task cancelled before its first step would not close its socket
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self) -> None:
        """Take one connection; from here on its socket belongs to a task that is waited for.

        `asyncio.start_server` lets a connection that comes while it closes slip through.
        """
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        self.connections += 1
        task = asyncio.create_task(self._serve(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=connection)
        except BaseException:
            connection.close()
            raise
        try:
            await self._converse(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await read_request(reader)
                if self._record:
                    self.requests.append(request)
                await self._answer(request, reader, writer)
        except (HangUp, ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()

    async def _answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match self._choose(request):
            case Script() as script:
                await self._stream(script, reader, writer)
            case HttpFault() as fault:
                body = self.speaks.payload(fault)
                write_plain(writer, fault.status, body, dict(fault.headers))
            case NoAnswer():
                raise HangUp
            case bytes() as body:
                write_plain(writer, 200, body, {})
        await writer.drain()

    def _choose(self, request: Request) -> Answer | bytes:
        headers = request.headers
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        given = headers.get("x-api-key") or headers.get("x-goog-api-key") or bearer
        needed = self._key or self.speaks is MESSAGES  # a client of that API always sends one
        if (needed and not given) or (self._key and given != self._key):
            return HttpFault(401, "authentication_error", "invalid x-api-key")
        path = request.path.partition("?")[0]
        if request.method == "POST" and self.speaks.takes(path):
            return self._asked(request)
        return self._other(request.method, path, request)

    def _asked(self, request: Request) -> Answer:
        known = request.headers.get("anthropic-version") in VERSIONS
        if self.speaks is MESSAGES and not known:
            return HttpFault(400, "invalid_request_error", "anthropic-version: unknown")
        return self._answers(self.speaks.plain(request.body))

    def _other(self, method: str, path: str, request: Request) -> Answer | bytes:
        match method, path:
            case "POST", "/v1/messages/count_tokens":
                return json.dumps({"input_tokens": len(json.dumps(request.body)) // 4}).encode()
            case "GET", "/v1/models" | "/v1beta/models":
                model = {"id": "fake", "type": "model", "display_name": "Fake"}
                return json.dumps({"data": [model], "has_more": False}).encode()
            case _:
                return HttpFault(404, "not_found_error", "no such path")

    async def _stream(
        self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(STREAM)
        frames = self.speaks.frames(script)
        fault = script.fault
        for data in frames if fault is None else frames[: fault.after]:
            writer.write(chunk(data))
            await writer.drain()
            if script.delay_s:
                await asyncio.sleep(script.delay_s)
        if fault is not None:
            rest = b"".join(frames[fault.after :])
            await self._fail(fault, rest, reader, writer)
        writer.write(b"0\r\n\r\n")

    async def _fail(
        self,
        fault: Fault,
        rest: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        match fault.kind:
            case "cut":
                writer.write(chunk(rest[: fault.extra]) if fault.extra else b"")
            case "drop" | "reset":
                await writer.drain()
                if fault.kind == "reset":
                    writer.transport.abort()
                raise HangUp
            case "stall" | "pings":
                self.stalled.set()
                await self._wait(reader, writer, ping=fault.kind == "pings")
            case "error":
                writer.write(chunk(self.speaks.error(fault.error_type)))
            case "garbage":
                writer.write(chunk(b"event: content_block_delta\ndata: {nope\n\n" + rest))

    async def _wait(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, ping: bool
    ) -> None:
        gone = asyncio.create_task(reader.read(1))
        try:
            while not gone.done():
                if ping:
                    writer.write(chunk(self.speaks.ping))
                    await writer.drain()
                await asyncio.wait([gone], timeout=0.01 if ping else None)
        finally:
            gone.cancel()
        raise HangUp


def _in_order(answers: list[Answer]) -> Callable[[JsonObject], Answer]:
    return lambda request: answers.pop(0) if answers else OVER


def chunk(data: bytes) -> bytes:
    """One piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def write_plain(
    writer: asyncio.StreamWriter, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """A whole answer of known length."""
    lines = {"content-type": "application/json", "content-length": str(len(body))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The next request of a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, json.loads(raw) if raw else {})


@contextmanager
def serving(
    answers: Answers, *, key: str = "", speaks: Dialect = MESSAGES
) -> Generator[MessagesServer]:
    """The server in a thread of its own, for tests that start other programs."""
    ready = threading.Event()
    server = MessagesServer(answers, key=key, speaks=speaks)
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stop = asyncio.Event()
        async with server:
            loops.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("The fake server did not start.")
    try:
        yield server
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


async def serve_by_hand(script: str, port: int, delay_s: float) -> None:
    """Run until interrupted, and say where."""
    answers = script_named(script, delay_s=delay_s)
    async with MessagesServer(answers, port=port, record=False) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A fake Messages server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="steps:10")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between deltas")
    options = parser.parse_args()
    try:
        asyncio.run(serve_by_hand(options.script, options.port, options.delay))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
