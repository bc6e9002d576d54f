"""How the servers of a run stand, as its log is told: one that fails, ends, or was never begun."""

import asyncio
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.config import McpServer
from loopdeck.cli.mcp.news import ServerNews
from loopdeck.cli.mcp.servers import unstarted
from loopdeck.errors import ToolError
from loopdeck.session.events import ServerChecked
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import Server
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import MemoryBook, odd, until

FINE = ServerChecked(server="odd", passed=True)


async def test_each_server_is_told_as_it_stands_and_one_that_ended_with_why(
    tmp_path: Path,
) -> None:
    servers = [odd(), Server("bad", command="/nope/server")]
    hub = Hub(servers, tmp_path, None, MemoryBook(), SystemClock())
    shy = ServerChecked(server="shy", says="It does not start.")
    bad = ServerChecked(server="bad", says="There is no program /nope/server.")
    look = ServerNews(hub, {"shy": shy.says})
    assert look() == [shy]  # nothing is known of the others yet
    hub.start()
    try:
        await until(lambda: bad in look() and FINE in look())
        offer = hub.current("mcp__odd__die")
        assert offer is not None
        with pytest.raises(ToolError, match="ended in the middle"):
            await hub.call(offer, {}, FakeContext(tmp_path))
        await hub.ready("odd")
        anew = look()[-1]
        assert (anew.server, anew.passed) == ("odd", True)
        assert anew.says == "It ended in the middle of a call."
        assert look()[-1] == FINE  # what was told is not told again
        hub.restart("odd")
        await hub.ready("odd")
        assert look()[-1] == FINE  # a human wanted that
    finally:
        await hub.stop()


async def test_a_program_that_does_not_exist_is_known_before_anything_is_loaded(
    tmp_path: Path,
) -> None:
    async def loading() -> None:
        await asyncio.Event().wait()

    names = {"far": "/nope/server", "near": "./server", "nowhere": "no-such-server-program"}
    servers = [Server(name, command=command) for name, command in names.items()]
    hub = Hub([*servers, odd()], tmp_path, None, MemoryBook(), SystemClock())
    look = ServerNews(hub, {})
    hub.start(after=loading)
    try:
        for _ in range(5):
            await asyncio.sleep(0)
        said = {event.server: event.says for event in look()}
        assert said == {name: f"There is no program {command}." for name, command in names.items()}
    finally:
        await hub.stop()


def test_those_that_are_wanted_and_never_begun_each_have_their_reason(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text('{"mcpServers": {"theirs": {"command": "node"}}}')
    mine = {
        "keyed": McpServer(command="notes", env={"KEY": "${NOT_SET_HERE}"}),
        "off": McpServer(command="${NOR_THIS}", disabled=True),
        "fine": McpServer(command="notes"),
    }
    found = unstarted(mine, tmp_path, tmp_path / "accepted.json", {})
    assert set(found) == {"keyed", "theirs"}
    assert "NOT_SET_HERE, which is not set" in found["keyed"]
    assert "before its human accepts it" in found["theirs"]
    (tmp_path / ".mcp.json").write_text("{")
    assert set(unstarted(mine, tmp_path, tmp_path / "accepted.json", {})) == {"keyed"}
