"""What keeps one server going ends when it is told to, whatever carries the connection."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.errors import HeldBackError, LoopdeckError, ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import Server, State
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.talk import Answer, Ears, Progress, Talk
from loopdeck.tools.mcp.things import Things
from tests.tools.mcp.conftest import MemoryBook


class Quiet:
    """A connection with nothing on it."""

    protocol = "2025-11-25"

    async def offers(self) -> list[Offer]:
        """No tools."""
        return []

    async def things(self) -> Things:
        """Nothing."""
        return Things()

    async def watch(self) -> None:
        """Nothing changes."""

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Nobody calls."""
        raise NotImplementedError

    async def read(self, uri: str) -> Answer:
        """Nobody reads."""
        raise NotImplementedError

    async def prompt(self, name: str, args: Mapping[str, str]) -> Answer:
        """Nobody begins."""
        raise NotImplementedError


async def test_a_connection_that_swallows_its_cancellation_does_not_outlive_the_run(
    tmp_path: Path, book: MemoryBook
) -> None:
    opened: list[str] = []

    @asynccontextmanager
    async def swallows(server: Server, _tail: Tail, _ears: Ears) -> AsyncGenerator[Talk]:
        opened.append(server.name)
        with contextlib.suppress(asyncio.CancelledError):
            yield Quiet()

    hub = Hub([Server("odd")], tmp_path, None, book, SystemClock(), swallows)
    hub.start()
    assert (await hub.ready("odd")).state is State.READY
    async with asyncio.timeout(10):
        await hub.stop()
    assert hub.statuses[0].state is State.STOPPED
    assert opened == ["odd"]


async def test_what_goes_first_is_over_before_a_server_is_opened(
    tmp_path: Path, book: MemoryBook
) -> None:
    seen: list[str] = []
    loaded = asyncio.Event()

    @asynccontextmanager
    async def opens(server: Server, _tail: Tail, _ears: Ears) -> AsyncGenerator[Talk]:
        seen.append(server.name)
        yield Quiet()

    async def load() -> None:
        await loaded.wait()
        seen.append("loaded")
        raise LoopdeckError("There is no such model.")

    hub = Hub([Server("odd")], tmp_path, None, book, SystemClock(), opens)
    hub.start(after=load)
    ready = asyncio.ensure_future(hub.ready("odd"))
    await asyncio.sleep(0)
    assert seen == []
    loaded.set()
    assert (await ready).state is State.READY
    assert seen == ["loaded", "odd"]
    await hub.stop()


async def test_one_that_would_run_what_an_agent_wrote_starts_once_for_each_word_of_its_human(
    tmp_path: Path, book: MemoryBook
) -> None:
    begun: list[bool] = []
    ended: list[Callable[[], None]] = []

    @asynccontextmanager
    async def opens(server: Server, _tail: Tail, ears: Ears) -> AsyncGenerator[Talk]:
        begun.append(server.from_workspace)
        if not server.from_workspace:
            raise HeldBackError("It would run server.py.")
        ended.append(ears.gone)
        yield Quiet()

    hub = Hub([Server("here", command="x")], tmp_path, None, book, SystemClock(), opens)
    hub.start()
    for _ in range(2):  # a call has it tried again, and no more
        with pytest.raises(ToolError, match=r"It would run server\.py"):
            await hub.ready("here")
        assert hub.statuses[0].state is State.FAILED
    hub.restart("here")
    assert (await hub.ready("here")).state is State.READY
    ended.pop()()  # what it is by now, nobody has looked at
    with pytest.raises(ToolError, match=r"It would run server\.py"):
        await hub.ready("here")
    hub.restart("here")
    assert (await hub.ready("here")).state is State.READY
    await hub.stop()
    assert begun == [False, False, True, False, True]
