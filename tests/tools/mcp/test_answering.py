"""A server over HTTP whose answers nobody can read: each fails its call at once, in a sentence."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.errors import ToolError
from loopdeck.tools.mcp.answering import wrong_with
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import Server
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import MemoryBook

Body = Callable[[bytes], bytes]
PAGE = b"<!doctype html><p>Sign in to the network.</p>"
LONG = 3_600.0  # seconds of a call, which no test waits for
TOOL = {"name": "go", "inputSchema": {"type": "object"}}
RESULTS: dict[str, Any] = {
    "initialize": {
        "protocolVersion": "2025-06-18",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "odd", "version": "1"},
    },
    "tools/list": {"tools": [TOOL]},
    "tools/call": {"content": [{"type": "text", "text": "gone"}]},
}


def answer(body: bytes, kind: str = "application/json", status: str = "200 OK") -> bytes:
    """A whole answer of HTTP."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


OVER_HTTP: list[tuple[Body, str]] = [
    (answer, "gone"),
    (lambda _: answer(PAGE, "text/html"), "It answered with text/html, which is not JSON."),
    (lambda body: answer(body[:40]), "Its answer is not JSON, or not all of it."),
    (lambda _: answer(b"", status="202 Accepted"), "It took the request and gave no answer."),
    (lambda _: answer(PAGE, "text/html", "502 Bad"), "It answered with HTTP 502."),
    (lambda _: answer(b'{"why": 1}', status="500 Oh"), "It answered with HTTP 500."),
    (lambda _: answer(b"data: {\n\n", "text/event-stream"), "does not follow the protocol."),
]
OVER_A_STREAM: list[tuple[Body, str]] = [
    (lambda body: b"event: message\ndata: " + body + b"\n\n", "gone"),
    (lambda body: b"event: message\ndata: " + body[:40] + b"\n\n", "follow the protocol"),
    (lambda _: answer(PAGE, "text/html", "500 Oh"), "It answered with HTTP 500."),
    (lambda _: answer(PAGE, "text/html"), "It answered with a page"),
]


def good(asked: dict[str, Any]) -> bytes:
    """What a server says that is in order."""
    result = RESULTS.get(asked["method"])
    said = {"result": result} if result else {"error": {"code": -32601, "message": "no such"}}
    return json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}).encode()


class Odd:
    """Speaks HTTP, or the older protocol with one stream, until something it is told to spoil."""

    def __init__(self, spoiled: str, spoil: Body, *, streams: bool) -> None:
        self._spoiled, self._spoil, self._streams = spoiled, spoil, streams
        self._stream: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if head.startswith(b"POST"):
                    size = int(head.lower().split(b"content-length:")[1].split()[0])
                    writer.write(self._said(json.loads(await reader.readexactly(size))))
                elif self._streams and head.startswith(b"GET"):
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
                    writer.write(b"event: endpoint\ndata: /post\n\n")
                    self._stream = writer
                else:
                    writer.write(answer(b"", status="405 No"))
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    def _said(self, asked: dict[str, Any]) -> bytes:
        if "id" not in asked:
            return answer(b"", status="202 Accepted")
        body, spoiled = good(asked), asked["method"] == self._spoiled
        if self._stream is None:
            return self._spoil(body) if spoiled else answer(body)
        said = self._spoil(body) if spoiled else b"event: message\ndata: " + body + b"\n\n"
        if said.startswith(b"HTTP"):
            return said
        self._stream.write(said)
        return answer(b"", status="202 Accepted")


@asynccontextmanager
async def odd_one(
    folder: Path, spoil: Body, way: Literal["http", "sse"] = "http", at: str = "tools/call"
) -> AsyncGenerator[Hub]:
    """A hub with this server."""
    odd = Odd(at, spoil, streams=way == "sse")
    listening = await asyncio.start_server(odd.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/mcp"
    server = Server("odd", url=url, transport=way, timeout=LONG)
    hub = Hub([server], folder, None, MemoryBook(), SystemClock())
    hub.start()
    try:
        yield hub
    finally:
        await hub.stop()
        listening.close()


async def called(hub: Hub, folder: Path) -> str:
    """What its call gives."""
    await hub.ready("odd")
    offer = hub.current("mcp__odd__go")
    assert offer is not None
    try:
        return (await hub.call(offer, {}, FakeContext(folder))).text
    except ToolError as error:
        return str(error)


@pytest.mark.parametrize(
    ("spoil", "words"),
    OVER_HTTP,
)
async def test_an_answer_that_cannot_be_read_fails_its_call_at_once(
    tmp_path: Path, spoil: Body, words: str
) -> None:
    async with odd_one(tmp_path, spoil) as hub:
        said = await called(hub, tmp_path)
        assert words in said
        assert "pydantic" not in said


async def test_a_page_in_the_place_of_a_server_is_named_when_it_begins(tmp_path: Path) -> None:
    missing = answer(PAGE, "text/html", "404 Not Found")
    async with odd_one(tmp_path, lambda _: missing, at="initialize") as hub:
        with pytest.raises(ToolError, match="no MCP server at this address"):
            await hub.ready("odd")


@pytest.mark.parametrize(
    ("spoil", "words"),
    OVER_A_STREAM,
)
async def test_so_does_one_of_the_older_protocol_with_its_one_stream(
    tmp_path: Path, spoil: Body, words: str
) -> None:
    async with odd_one(tmp_path, spoil, "sse") as hub:
        assert words in await called(hub, tmp_path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"jsonrpc": "2.0", "id": 7, "result": {}}', ""),
        (b'{"jsonrpc": "2.0", "id": "7", "error": {}}', ""),
        (b'{"jsonrpc": "2.0", "id": 8, "result": {}}', "something else than what was asked"),
        (b'{"jsonrpc": "2.0", "method": "x"}', "something else than what was asked"),
        (b'[{"jsonrpc": "2.0", "id": 7, "result": {}}]', "does not follow the protocol"),
        (b'{"id": 7, "result": {}}', "does not follow the protocol"),
        (b'{"jsonrpc": "2.0", "id": 7, "resu', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a": "\xe9"}', "is not JSON"),
        (b" \n", "gave no answer"),
    ],
)
def test_only_the_answer_to_what_was_asked_is_one(body: bytes, words: str) -> None:
    said = wrong_with(body, 7, failed=False)
    assert words in said
    assert bool(said) == bool(words)


def test_an_error_may_come_without_the_number_of_its_question() -> None:
    assert wrong_with(b'{"jsonrpc": "2.0", "id": null, "error": {}}', 7, failed=True) == ""
    assert wrong_with(b'{"jsonrpc": "2.0", "id": 7, "result": {}}', 7, failed=True) != ""
