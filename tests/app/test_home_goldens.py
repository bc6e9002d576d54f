"""Home as text at every size. `LOOPDECK_GOLDENS=write` writes the pictures anew."""

from dataclasses import dataclass, replace

import pytest

from loopdeck.app.curtain import Curtain
from loopdeck.app.keys.keymap import Scope
from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.attic import AtticScreen
from loopdeck.app.panes.bulletin import BulletinScreen
from loopdeck.app.panes.help import HelpScreen
from loopdeck.app.panes.models import ModelsScreen
from loopdeck.app.panes.sure import SureScreen
from loopdeck.app.panes.wishing import WishScreen
from loopdeck.app.sanitize import sanitize
from loopdeck.ports import Bulletin
from loopdeck.ports.wish import Wish
from loopdeck.session.summary import Label, Summary
from tests.app.homes import Stage, settled, until
from tests.app.panes.test_bulletin import ODD, pending
from tests.app.pictures import hold
from tests.app.screens import HUGE, MEDIUM, NARROW, WIDE
from tests.support.clock import FakeClock
from tests.support.libraries import summary

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
    found[5] = replace(found[5], parent="s6", parent_seq=14)
    found[7] = replace(found[7], cut=1)
    found[4] = replace(found[4], label=Label("翻訳をレビューする", ("✓", "wide 字")))
    return found


@dataclass(frozen=True)
class Kept:
    """A session that was put away."""

    id: str
    goal: str
    label: Label
    started: int


async def test_what_opens_over_home() -> None:
    app, now = Stage(), FakeClock().wall()
    wish = Wish(model="claude", level=3, workspace="/home/ada")
    kept = [Kept("s1", "mend the lamp", Label("", ("home",)), now - HOUR)]
    kept.append(Kept("s2", "翻訳をレビューする, and say what it says", Label(), now - 50 * HOUR))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for name, screen in (
            ("home-empty", None),
            ("home-archive", AtticScreen(kept, now, lambda _: None)),
            ("home-sure", SureScreen(app.clock, "Delete it for good?", (sanitize("mend it"),))),
            ("home-options", WishScreen(wish, app.host)),
            ("home-models", ModelsScreen(app.host, "written")),
            ("home-help", HelpScreen(first=(Scope.HOME,))),
            ("bulletin", BulletinScreen(app.clock, Bulletin((ODD,), pending()), accepts=True)),
            ("curtain", Curtain("mend the lamp")),
            ("curtain-home", Curtain(None)),
        ):
            if screen is not None:
                app.push_screen(screen)
            for size in (NARROW, MEDIUM, WIDE):
                await pilot.resize_terminal(*size)
                await settled(pilot)
                hold(pilot.app, name)
            if screen is not None:
                app.pop_screen()


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE, HUGE])
async def test_a_shelf_of_sessions_and_what_is_found_on_it(size: tuple[int, int]) -> None:
    app = Stage(*shelf(), live=frozenset({"s0"}))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("down", "down")
        await settled(pilot)
        hold(pilot.app, "home")
        await pilot.press("ctrl+f", *"lamp")
        await until(pilot, lambda: app.sessions.count == 1)
        await until(pilot, lambda: "the lamp" in plain(app.sessions.row(0, 90)))
        await settled(pilot)
        hold(pilot.app, "home-find")
