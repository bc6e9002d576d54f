"""Home as text at every size. `LOOPDECK_GOLDENS=write` writes the pictures anew."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from loopdeck.app.paint.lines import plain
from loopdeck.session.summary import Label, Summary
from tests.app.homes import Stage, settled, until
from tests.app.screens import HUGE, MEDIUM, NARROW, WIDE
from tests.support.clock import FakeClock
from tests.support.libraries import summary

FOLDER = Path(__file__).parent / "goldens"
HOUR = 3_600_000_000_000


def shelf() -> list[Summary]:
    """Sessions in every state; some have a name or tags."""
    now = FakeClock().wall()
    states = ("running", "waiting", "paused", "done", "failed", "stopped", "limit", "running")
    found = [
        summary(
            f"s{at}", f"goal {at}: {'long ' * at}", state, started=now - at * at * HOUR, pending=at
        )
        for at, state in enumerate(states)
    ]
    found[3] = replace(found[3], label=Label("the lamp", ("ci",)))
    found[6] = replace(found[6], label=Label("", ("docs", "customer")))
    found[4] = replace(found[4], label=Label("翻訳をレビューする", ("✓", "wide 字")))
    return found


def compare(pilot: Pilot[None], name: str) -> None:
    """Against the stored picture, or store it."""
    width, height = pilot.app.size
    path = FOLDER / f"{name}-{width}x{height}.txt"
    lines = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] # the only way to read cells
    screen = "\n".join(line.text.rstrip() for line in lines) + "\n"
    if os.environ.get("LOOPDECK_GOLDENS") == "write":
        path.write_text(screen, "utf-8")
    assert screen == path.read_text("utf-8"), "LOOPDECK_GOLDENS=write accepts the new picture"


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE, HUGE])
async def test_a_shelf_of_sessions_and_what_is_found_on_it(size: tuple[int, int]) -> None:
    app = Stage(*shelf(), live=frozenset({"s0"}))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("down", "down")
        await settled(pilot)
        compare(pilot, "home")
        await pilot.press("ctrl+f", *"lamp")
        await until(pilot, lambda: app.sessions.count == 1)
        await until(pilot, lambda: "the lamp" in plain(app.sessions.row(0, 90)))
        await settled(pilot)
        compare(pilot, "home-find")
