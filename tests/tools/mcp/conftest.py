"""A hub over the odd server, and a book in memory."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.ports.servers import Resource
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import Server
from tests.support import mcp_server

SERVER = str(mcp_server.__file__)


class MemoryBook:
    """An `OfferBook` that a test can look into."""

    def __init__(self) -> None:
        self.offers: dict[str, Sequence[Offer]] = {}
        self.marks: dict[str, str] = {}
        self.resources: dict[str, Sequence[Resource]] = {}

    def known(self, server: Server) -> Sequence[Offer]:
        """What was remembered."""
        return self.offers.get(server.name, ())

    def remember(self, server: Server, offers: Sequence[Offer]) -> None:
        """Keep them."""
        self.offers[server.name] = offers

    def note(self, server: Server, resources: Sequence[Resource]) -> None:
        """Keep what there is to read."""
        self.resources[server.name] = resources

    def accepted(self, offer: Offer) -> str:
        """The mark that was let run."""
        return self.marks.get(offer.name, "")

    def accept(self, offer: Offer) -> None:
        """Keep the mark."""
        self.marks[offer.name] = offer.mark


def odd(name: str = "odd", *, trusted: bool = False, timeout: float = 20.0, **env: str) -> Server:
    """The server of `tests/support`, as a command."""
    return Server(
        name,
        command=sys.executable,
        args=("-I", SERVER),
        env=tuple(env.items()),
        trusted=trusted,
        timeout=timeout,
    )


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition."""
    while not true():  # noqa: ASYNC110 - what it waits for is another process
        await asyncio.sleep(0.01)


@pytest.fixture
def book() -> MemoryBook:
    """Nothing is known yet."""
    return MemoryBook()


@pytest.fixture
def running(tmp_path: Path, book: MemoryBook) -> Callable[..., Any]:
    """Starts servers, waits for them to be ready unless told not to, and ends them."""

    @asynccontextmanager
    async def run(*servers: Server, wait: bool = True) -> AsyncGenerator[Hub]:
        hub = Hub(servers, tmp_path, tmp_path / "logs", book, SystemClock())
        hub.start()
        try:
            if wait:
                await asyncio.gather(*(hub.ready(server.name) for server in servers))
            yield hub
        finally:
            await hub.stop()

    return run
