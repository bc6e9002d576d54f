"""Servers that mean harm do it to their own calls: those of a good one are answered meanwhile."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.listing import MOST_TOOLS
from loopdeck.tools.mcp.offers import MOST_NAME
from loopdeck.tools.mcp.schemas import NOTHING
from loopdeck.tools.mcp.servers import Server, State
from tests.support import hostile_mcp
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import odd

Running = Callable[..., AbstractAsyncContextManager[Hub]]
PROGRAM = str(hostile_mcp.__file__)


def hostile(way: str, timeout: float = 20.0) -> Server:
    """One that does harm in this way, under its name."""
    return Server(way, command=sys.executable, args=("-I", PROGRAM, way), timeout=timeout)


@pytest.fixture
def listening() -> Generator[Server]:
    """One over HTTP, whose answer to a call has a gigabyte."""
    words = (sys.executable, "-I", PROGRAM, "line", "--http")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdout is not None
        port = int(program.stdout.readline())
        yield Server("web", url=f"http://127.0.0.1:{port}/mcp", transport="http")
        program.kill()


async def harmed(hub: Hub, way: str, context: FakeContext) -> str:
    """What its call gives, once it is ready."""
    await hub.ready(way)
    offer = hub.current(f"mcp__{way}__harm")
    assert offer is not None
    try:
        return (await hub.call(offer, {}, context)).text
    except ToolError as error:
        return str(error)


async def test_each_harms_its_own_calls_alone(
    running: Running, tmp_path: Path, listening: Server
) -> None:
    context = FakeContext(tmp_path / "spool")
    ways = [hostile("mute"), hostile("loud"), hostile("line"), hostile("flood", timeout=0.3)]
    async with running(odd("well"), *ways, listening, wait=False) as hub:
        await hub.ready("well")
        harms = [asyncio.ensure_future(harmed(hub, way, context)) for way in ("line", "web")]
        flooded = asyncio.ensure_future(harmed(hub, "flood", context))
        echo = hub.current("mcp__well__echo")
        assert echo is not None
        while not all(one.done() for one in (*harms, flooded)):
            assert (await hub.call(echo, {"text": "fine"}, context)).text == "fine"
        assert "ended in the middle of the call" in harms[0].result()
        assert "It is longer than 8.0 MB" in harms[1].result()
        assert "did not answer within" in flooded.result()
        states = {status.name: status.state for status in hub.statuses}
        assert states["mute"] is states["loud"] is State.STARTING  # for thirty seconds
        assert (await hub.call(echo, {"text": "still"}, context)).text == "still"


async def test_what_they_say_of_their_tools_is_cut_to_what_a_model_and_a_human_can_take(
    running: Running,
) -> None:
    async with running(hostile("many"), hostile("pages"), hostile("lies")) as hub:
        of = {name: [one for one in hub.offers if one.server == name] for name in ("many", "pages")}
        assert len(of["many"]) == MOST_TOOLS
        assert [one.tool for one in of["pages"]] == ["harm"]  # a list that begins again and again
        lies = {offer.tool[:8]: offer for offer in hub.offers if offer.server == "lies"}
        assert lies["deep"].schema_ == NOTHING
        assert lies["none"].schema_ == {**NOTHING, "properties": {"a": {}}}
        for offer in lies.values():
            assert len(offer.name) <= MOST_NAME
            assert offer.name.isascii()
            assert len(offer.description) < 2_100
            assert not {"\x1b", "\u202e", "\x07"} & set(offer.name + offer.description)
