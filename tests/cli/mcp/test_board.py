"""The servers of a run as its deck gets them: none before it begins, frozen words from then on."""

from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.board import Board
from loopdeck.errors import ToolError
from loopdeck.session.values import Category
from loopdeck.tools.mcp.hub import Hub
from tests.tools.mcp.conftest import MemoryBook, odd, until


async def test_a_board_is_empty_until_its_run_begins_and_then_says_how_it_is(
    tmp_path: Path,
) -> None:
    hub = Hub([odd()], tmp_path, None, MemoryBook(), SystemClock())
    board = Board(lambda: hub)
    assert (board.views(), board.tools("odd"), board.resources(), board.prompts()) == ((),) * 4
    board.restart("odd")
    with pytest.raises(ToolError, match="No MCP server runs here"):
        await board.read("odd", "notes://plan")
    assert board.begin() is hub
    hub.start()
    try:
        await hub.ready("odd")
        await until(lambda: bool(board.prompts()))
        (view,) = board.views()
        assert (view.name, view.state, view.reached) == ("odd", "ready", "stdio 2025-11-25")
        assert view.tools == len(board.tools("odd"))
        echo = next(one for one in board.tools("odd") if one.name == "mcp__odd__echo")
        assert (echo.category, echo.standing) == (Category.DESTRUCTIVE, "new")
        assert await board.read("odd", "notes://plan") == "Ship it on Friday."
        assert (await board.prompt("odd", "sum_up", {"topic": "cats"})).startswith("Sum up cats")
        with pytest.raises(ToolError, match="no MCP server"):
            await board.read("gone", "notes://plan")
        (view,) = board.views()
        assert (view.calls, view.failed) == (2, 0)
        board.restart("odd")
        await until(lambda: board.views()[0].restarts == 1)
    finally:
        await hub.stop()
    assert board.views()[0].state == "stopped"


def test_a_run_without_servers_has_an_empty_board() -> None:
    board = Board(lambda: None)
    assert board.begin() is None
    assert board.views() == ()
