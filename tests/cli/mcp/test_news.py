"""How the servers of a run stand, as its log is told: one that fails, ends, or was never begun."""

import argparse
import asyncio
import json
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.config import McpServer, McpSettings, Settings
from loopdeck.cli.mcp.lacking import notices, unstarted
from loopdeck.cli.mcp.logins import unheard
from loopdeck.cli.mcp.news import ServerNews
from loopdeck.cli.mcp.project import accept_servers, project_servers
from loopdeck.cli.mcp.serving import hub_for
from loopdeck.cli.places import places
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


def test_an_accepted_server_that_lacks_a_variable_is_said_to(tmp_path: Path) -> None:
    book = tmp_path / "accepted.json"
    theirs = {"theirs": {"command": "node", "env": {"KEY": "${NOT_SET_HERE}"}}}
    (tmp_path / ".mcp.json").write_text(json.dumps({"mcpServers": theirs}), "utf-8")
    accept_servers(tmp_path, book, project_servers(tmp_path))
    [said] = notices({}, tmp_path, book, {})
    assert "theirs needs the variable NOT_SET_HERE" in said
    assert unstarted({}, tmp_path, book, {}) == {"theirs": said}
    assert unstarted({}, tmp_path, book, {"NOT_SET_HERE": "1"}) == {}
    mine = {"theirs": McpServer(command="notes")}
    assert unstarted(mine, tmp_path, book, {}) == {}  # its name is taken


def test_a_name_of_ones_own_is_not_taken_by_the_project_where_ones_own_cannot_start(
    tmp_path: Path,
) -> None:
    args = argparse.Namespace(db=None, config=None)
    spots = places(args, {"LOOPDECK_HOME": str(tmp_path / "home")})
    (tmp_path / ".mcp.json").write_text('{"mcpServers": {"x": {"command": "node"}}}', "utf-8")
    accept_servers(tmp_path, spots.servers, project_servers(tmp_path))
    own = McpServer(command="notes", env={"KEY": "${NOT_SET_HERE}"})

    def hub_of(mine: dict[str, McpServer]) -> Hub | None:
        settings = Settings(mcp=McpSettings(servers=mine))
        return hub_for(settings, spots, tmp_path, SystemClock(), {}, unheard)

    assert hub_of({}) is not None
    assert hub_of({"x": own}) is None
