"""Home as text at every size. `LOOPDECK_GOLDENS=write` writes the pictures anew."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.attic import AtticScreen
from loopdeck.app.panes.sure import SureScreen
from loopdeck.app.sanitize import sanitize
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


@dataclass(frozen=True)
class Kept:
    """A session that was put away."""

    id: str
    goal: str
    label: Label
    started: int


async def test_what_opens_over_home() -> None:
    app, now = Stage(), FakeClock().wall()
    kept = [Kept("s1", "mend the lamp", Label("", ("home",)), now - HOUR)]
    kept.append(Kept("s2", "翻訳をレビューする, and say what it says", Label(), now - 50 * HOUR))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for name, screen in (
            ("home-empty", None),
            ("home-archive", AtticScreen(kept, now, lambda _: None)),
            ("home-sure", SureScreen(app.clock, "Delete it for good?", (sanitize("mend it"),))),
        ):
            if screen is not None:
                app.push_screen(screen)
            for size in (NARROW, MEDIUM, WIDE):
                await pilot.resize_terminal(*size)
                await settled(pilot)
                compare(pilot, name)
            if screen is not None:
                await pilot.press("escape")


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
