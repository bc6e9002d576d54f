"""A real server over streamable HTTP and over SSE: the same answers, and the same end of a kill."""

import asyncio
import os
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import pytest

from loopdeck.tools.mcp.servers import Server, State
from tests.integration.conftest import Running, free_port, needs
from tests.integration.installing import SERVERS
from tests.tools.mcp.conftest import until

LONG = "trigger-long-running-operation"


@asynccontextmanager
async def listening(kind: str, port: int) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The server at a port of this machine, from when it listens; it is killed at the end."""
    started = await asyncio.create_subprocess_exec(
        SERVERS.program("mcp-server-everything"),
        kind,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert started.stderr is not None
    try:
        await started.stderr.readuntil(str(port).encode())
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@needs(SERVERS)
@pytest.mark.parametrize(
    ("kind", "path", "transport"), [("streamableHttp", "mcp", "http"), ("sse", "sse", "sse")]
)
async def test_everything_over_the_network(
    running: Running, kind: str, path: str, transport: Literal["http", "sse"]
) -> None:
    port = free_port()
    server = Server("all", url=f"http://127.0.0.1:{port}/{path}", transport=transport)
    async with listening(kind, port) as program, running(server) as deck:
        assert (await deck.call("all", "get-sum", a=19, b=23)).text.endswith("is 42.")
        await deck.call("all", LONG, duration=0.4, steps=4)
        assert deck.human.shown[-1].startswith("4/4")
        deck.human.says = {"name": "Ada"}
        assert "Ada" in (await deck.call("all", "trigger-elicitation-request")).text

        waiting = asyncio.ensure_future(deck.call("all", LONG, duration=30, steps=2))
        await until(lambda: deck.status("all").counts.running == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await deck.call("all", "echo", message="on")).text == "Echo: on"

        deck.human.shown.clear()
        waiting = asyncio.ensure_future(deck.call("all", LONG, duration=30, steps=60))
        await until(lambda: bool(deck.human.shown))
        program.kill()
        lost = await asyncio.wait_for(waiting, 20)
        assert not lost.ok
        async with listening(kind, port):
            back = await deck.call("all", "echo", message="back")
            assert back.text == "Echo: back"
            assert deck.status("all").state is State.READY
