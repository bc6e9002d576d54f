"""Servers of a project wait for a yes to just what they are."""

import json
from pathlib import Path

from loopdeck.cli.config import McpServer
from loopdeck.cli.mcp.lacking import notices
from loopdeck.cli.mcp.project import accept_servers, accepted_servers, waiting_sentence
from loopdeck.cli.mcp.roster import PROJECT

GIVEN = {"mcpServers": {"fs": {"command": "npx", "args": ["-y", "server-filesystem", "/srv"]}}}


def test_a_server_of_a_project_waits_for_a_yes_to_just_this_command_line(tmp_path: Path) -> None:
    book, file = tmp_path / "book.json", tmp_path / PROJECT
    assert waiting_sentence(tmp_path, book) == ()
    file.write_text(json.dumps(GIVEN), "utf-8")
    assert "mcp accept" in waiting_sentence(tmp_path, book)[0]
    assert accepted_servers(tmp_path, book) == {}
    mine = McpServer(command="npx")
    assert notices({"fs": mine}, tmp_path, book, {}) == ()  # it is not the project's that runs
    off = mine.model_copy(update={"disabled": True})
    assert "mcp accept" in notices({"fs": off}, tmp_path, book, {})[0]
    shown = {"fs": McpServer(command="npx", args=["-y", "server-filesystem", "/srv"])}
    accept_servers(tmp_path, book, shown)
    assert waiting_sentence(tmp_path, book) == ()
    assert list(accepted_servers(tmp_path, book)) == ["fs"]
    assert accepted_servers(tmp_path, book, {"fs"}) == {}
    file.write_text(json.dumps(GIVEN).replace("/srv", "/etc"), "utf-8")
    assert accepted_servers(tmp_path, book) == {}
    assert len(waiting_sentence(tmp_path, book)) == 1
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert accepted_servers(tmp_path, book) == {}
    file.unlink()
    file.write_text("{", "utf-8")
    assert "do not start" in waiting_sentence(tmp_path, book)[0]
