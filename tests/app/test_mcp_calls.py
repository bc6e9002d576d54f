"""Calls of MCP tools on the deck, at three sizes: what waits in the drawer, how far one is."""

import pytest

from loopdeck.session.events import (
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallStarted,
    Event,
)
from loopdeck.session.values import Category, Decision, JsonObject, Preview, Reason
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, deck
from tests.support import stories
from tests.support.servers import EVIL

TOOL = "mcp__shop__print_poster"
ARGS: JsonObject = {"file": "poster.pdf", "copies": 3}
WORDS = f"Prints a file. {EVIL}"
FACTS: JsonObject = {"server": "shop", "network": True, "hosts": ["shop.example"]}


def judged(verdict: Decision) -> list[Event]:
    """A call of a server that nobody vouches for, whose tool changed since it last ran."""
    why = "nobody vouches for the MCP server shop, so the worst is assumed"
    reasons = (Reason(text=why), Reason(text="what the server says of this tool is new"))
    return [
        *stories.beginning(),
        *stories.turn(5, "Three copies, please.", ("p1", TOOL, ARGS)),
        CallJudged(
            call_id="p1",
            verdict=verdict,
            category=Category.DESTRUCTIVE,
            level=3,
            rule="level 3 asks for what destroys",
            reasons=reasons,
            facts={**FACTS, "tool_changed": True},
        ),
    ]


def waiting() -> list[Event]:
    """The call waits for its human."""
    text = f'{{\n "file": "poster.pdf",\n "copies": 3\n}}\n\nNew words of the server:\n{WORDS}'
    note = "print_poster of the MCP server shop"
    preview = Preview(kind="text", text=text, title=TOOL, note=note)
    return [*judged(Decision.ASK), CallAsked(call_id="p1", binding="b1", preview=preview)]


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_a_call_of_a_server_shows_what_it_gives_away_and_what_is_new(
    size: tuple[int, int],
) -> None:
    async with deck(waiting(), size=size) as desk:
        await desk.shows("Approve?")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await desk.shows("% seen")
        await desk.pilot.pause()
        assert "\x1b]52" not in desk.screen()
        hold(desk.app, "mcp-call")


async def test_a_running_call_says_in_its_row_how_far_its_server_is() -> None:
    events = [*judged(Decision.ALLOW), CallStarted(call_id="p1")]
    async with deck(events) as desk:
        for said in ("1/3 warming up\n", "2/3 printing \x1b[2J\n"):
            desk.journal.push(CallOutput(call_id="p1", stream="stdout", text=said))
        await desk.shows("2/3 printing ␛[2J")
        desk.journal.push(CallFinished(call_id="p1", ok=True, output="printed", duration_ms=1_400))
        await desk.shows("✓ mcp__shop__print_poster")
        await desk.until(lambda: "2/3 printing" not in desk.screen())
