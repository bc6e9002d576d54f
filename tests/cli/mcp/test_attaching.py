"""What a goal names of a server is said beside it, once; what cannot be read is said too."""

from pathlib import Path

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.attaching import said_with_goal, tell_unable
from loopdeck.cli.mcp.board import Board
from loopdeck.cli.mcp.offers import OfferFile
from loopdeck.session.state import SessionState
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import Server
from tests.tools.mcp.conftest import MemoryBook, odd, until

GOAL = "Do as @odd:notes://plan says, not @odd:notes://none nor @ada:home"


async def test_a_goal_brings_what_it_names(tmp_path: Path) -> None:
    hub = Hub([odd()], tmp_path, None, MemoryBook(), SystemClock())
    hub.start()
    try:
        said = await said_with_goal(SessionState(goal=GOAL), hub)
        assert said is not None
        assert said.attached is not None
        plan, none = said.attached
        assert (plan.source, plan.text) == ("@odd:notes://plan", "Ship it on Friday.")
        assert none.text == ""
        assert "there is no notes://none" in none.fault
        assert await said_with_goal(SessionState(goal=GOAL, step=1), hub) is None
        assert await said_with_goal(SessionState(goal="Nothing of theirs."), hub) is None
    finally:
        await hub.stop()


async def test_a_server_that_cannot_be_used_is_told_once_to_whoever_listens_first(
    tmp_path: Path,
) -> None:
    hub = Hub([Server("bad", command="/nope/server")], tmp_path, None, MemoryBook(), SystemClock())
    board, heard, later = Board(lambda: hub), list[str](), list[str]()
    hub.start()
    try:
        await tell_unable(hub, board.unable)
        board.listen(heard.append)
        board.listen(later.append)
    finally:
        await hub.stop()
    says = "The MCP server bad cannot be used: There is no program /nope/server."
    assert (heard, later) == ([says], [])


async def test_what_a_server_has_to_read_can_be_named_before_it_runs_again(tmp_path: Path) -> None:
    book = OfferFile(tmp_path / "mcp")
    hub = Hub([odd()], tmp_path, None, book, SystemClock())
    hub.start()
    try:
        await hub.ready("odd")
        await until(lambda: bool(hub.things.resources))
    finally:
        await hub.stop()
    again = OfferFile(tmp_path / "mcp")
    assert again.noted(["gone"]) == []
    assert again.noted(["odd"])[0].uri == "notes://plan"
    assert again.known(odd())  # and its tools are still there
