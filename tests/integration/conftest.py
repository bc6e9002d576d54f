"""Real servers at work under one hub with a human before it, and how they are killed."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import Server, Status
from loopdeck.tools.mcp.talk import Answer
from tests.integration.human import Human
from tests.integration.installing import Kit, missing
from tests.tools.mcp.conftest import MemoryBook

Running = Callable[..., AbstractAsyncContextManager["Deck"]]


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Only who names this folder wants its tests: they take their time, and the network once."""
    return None if any("integration" in word for word in config.args) else True


def needs(*kits: Kit) -> pytest.MarkDecorator:
    """Skip with the reason where one of them is not there."""
    why = next((said for kit in kits if (said := missing(kit))), "")
    return pytest.mark.skipif(bool(why), reason=why)


class Deck:
    """A hub with somebody before it."""

    def __init__(self, hub: Hub, human: Human) -> None:
        self.hub, self.human = hub, human

    async def call(self, server: str, tool: str, **args: object) -> Answer:
        """What a tool answers; the words of the error where it does not."""
        offer = self.hub.current(f"mcp__{server}__{tool}")
        assert offer is not None, tool
        given: JsonObject = dict(args)
        try:
            return await self.hub.call(offer, given, self.human)
        except ToolError as error:
            return Answer(ok=False, text=str(error))

    def status(self, server: str) -> Status:
        """How a server is doing."""
        return next(one for one in self.hub.statuses if one.name == server)

    def tools(self, server: str) -> set[str]:
        """What it calls its tools."""
        return {offer.tool for offer in self.hub.offers if offer.server == server}


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """Starts servers, waits until all of them are ready, and ends them."""

    @asynccontextmanager
    async def run(*servers: Server) -> AsyncGenerator[Deck]:
        hub = Hub(servers, tmp_path, tmp_path / "logs", MemoryBook(), SystemClock())
        hub.start()
        try:
            await asyncio.gather(*(hub.ready(server.name) for server in servers))
            yield Deck(hub, Human(tmp_path / "spool"))
        finally:
            await hub.stop()

    return run


def kill(words: str) -> None:
    """SIGKILL to the processes of ours in whose command line these words are."""
    listed = subprocess.run(
        ("ps", "-A", "-ww", "-o", "pid=,ppid=,args="), capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, _ in rows}
    ours = [int(pid) for pid, _, args in rows if words in args and _is_below_us(int(pid), parents)]
    assert ours, f"no process with {words}"
    for pid in ours:
        os.kill(pid, signal.SIGKILL)


def _is_below_us(pid: int, parents: Mapping[int, int]) -> bool:
    """Whether a process is ours, or was started by one that is."""
    while pid := parents.get(pid, 0):
        if pid == os.getpid():
            return True
    return False


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
