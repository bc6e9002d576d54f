"""The MCP servers on the deck, with real keys, at three sizes: as they are, and as the log was."""

from dataclasses import replace

import pytest

from loopdeck.app.panes.servers import ServersScreen
from loopdeck.session.events import CallFinished, CallJudged, CallStarted, Event
from loopdeck.session.values import Category, Decision
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories
from tests.support.servers import DOCS, EVIL, GIT, FakeServers

TOOL = "mcp__git__log"


def called(step: int, *, ok: bool = True) -> list[Event]:
    """A call of a server's tool."""
    call_id = f"m{step}"
    facts = {"server": "git", "tool_changed": not ok}
    judged = CallJudged(
        call_id=call_id,
        verdict=Decision.ALLOW,
        category=Category.NETWORK,
        level=4,
        rule="",
        facts=facts,
    )
    end = CallFinished(call_id=call_id, ok=ok, output="done", duration_ms=100 * step)
    turn = stories.turn(step, "Look.", (call_id, TOOL, {}))
    return [*turn, judged, CallStarted(call_id=call_id), end]


async def opened(desk: Desk) -> None:
    """Press the key, and wait for the screen."""
    await desk.press("M")
    await desk.until(lambda: isinstance(desk.app.screen, ServersScreen))
    await desk.until(lambda: "Reading the session" not in desk.screen())


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_each_server_says_how_it_is_and_can_be_begun_anew(size: tuple[int, int]) -> None:
    servers = FakeServers()
    async with deck(stories.beginning(), size=size, work=True, servers=servers) as desk:
        await opened(desk)
        await desk.shows("git · 1 running")
        hold(desk.app, "servers")
        await desk.press("down")
        await desk.shows("It ended in the middle of a call.")
        await desk.press("tab", "pagedown")
        await desk.shows("KeyError: ␛]52;c;b3duZWQ=")
        hold(desk.app, "servers-ill")
        await desk.press("enter")
        await desk.shows("! changed")
        assert "\x1b]52" not in desk.screen()
        hold(desk.app, "servers-tools")
        await desk.press("r")
        assert servers.restarted == ["docs"]
        servers.known = [GIT, replace(DOCS, state="ready", trouble="", again_s=None, calls=77)]
        await desk.until(lambda: "77" in desk.screen())  # by itself, within a second
        await desk.press("M")
        await desk.until(lambda: desk.app.screen is desk.deck)
        for tell in servers.listeners:
            tell(f"The MCP server cal cannot be used: It ended. {EVIL}")
        await desk.shows("MCP server cal")
        assert "\x1b]52" not in desk.screen()


async def test_servers_that_fail_together_are_told_of_in_one_warning() -> None:
    servers = FakeServers()
    async with deck(stories.beginning(), servers=servers) as desk:
        for name in ("cal", "docs", "shop"):
            for tell in servers.listeners:
                tell(f"The MCP server {name} cannot be used: It ended.")
        await desk.shows("3 MCP servers cannot be used: M shows why.")
        assert "The MCP server" not in desk.screen()


async def test_a_recording_shows_what_its_log_knows_and_restarts_nothing() -> None:
    events = [*stories.beginning(), *called(5), *called(6, ok=False)]
    async with deck(events, accepts=False, servers=FakeServers()) as desk:
        await opened(desk)
        await desk.shows("2 calls · 1 of them failed · 550 ms is usual, 600 ms the last one")
        await desk.press("enter")
        await desk.shows("! changed")
        await desk.press("r")
        await desk.shows("Nothing can be restarted here")
        await desk.press("escape", "left")
        await desk.until(lambda: desk.deck.scene.position is not None)
        await opened(desk)
        await desk.shows("PAST, up to step 5")
        await desk.shows("1 call · 500 ms is usual")


async def test_when_the_agent_ends_the_log_has_the_say() -> None:
    events = [*stories.beginning(), *called(5)]
    async with deck(events, size=MEDIUM, work=True, servers=FakeServers()) as desk:
        await opened(desk)
        await desk.shows("r restarts")
        desk.agent_breaks.set()
        await desk.shows("1 call · 500 ms is usual")  # by itself, within a second
        assert "r restarts" not in desk.screen()


async def test_without_servers_it_says_how_to_name_some() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter", "/", "m", "c", "p", "enter")
        await desk.shows("loopdeck mcp add")
        assert "enter its tools" not in desk.screen()  # there is none to be chosen
