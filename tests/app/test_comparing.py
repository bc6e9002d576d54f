"""Two runs on one screen, at one playhead, whatever the width."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.comparing import CompareScreen
from loopdeck.app.first import First, at_once
from loopdeck.session.comparing import compare
from loopdeck.session.events import Event
from tests.app.screens import MEDIUM, NARROW, WIDE, screen_text
from tests.support import stories
from tests.support.clock import FakeClock
from tests.support.records import recording


def look(step: int, path: str, *, ok: bool = True) -> list[Event]:
    call = f"c{step}"
    return [
        *stories.turn(step, f"I look at {path}.", (call, "read_file", {"path": path})),
        *stories.ran(call, f"what {path} says", 5, ok=ok),
    ]


def run(*paths: str) -> Sequence[Event]:
    steps = [look(n, path) for n, path in enumerate(paths, start=1)]
    return [stories.beginning()[0], *(event for step in steps for event in step)]


@asynccontextmanager
async def comparing(
    left: Sequence[Event], right: Sequence[Event], size: tuple[int, int] = WIDE
) -> AsyncGenerator[tuple[CompareScreen, Pilot[str]]]:
    found = compare(recording(left, session="left1"), recording(right, session="right1"))
    screen = CompareScreen(found)
    app = LoopdeckApp(at_once(First(home=lambda: screen)), clock=FakeClock())
    async with app.run_test(size=size) as pilot:
        while app.screen is not screen:
            await pilot.pause(0.005)
        await pilot.pause()
        yield screen, pilot


def text_of(pilot: Pilot[str]) -> str:
    app = pilot.app
    assert isinstance(app, LoopdeckApp)
    return screen_text(app)


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_it_begins_where_the_two_part_and_shows_both_sides(size: tuple[int, int]) -> None:
    left, right = run("a", "b", "c"), run("a", "x", "c")
    async with comparing(left, right, size) as (screen, pilot):
        text = text_of(pilot)
        assert screen.place == 1
        assert "part at step 2" in text
        assert text.count("I look at b.") == text.count("I look at x.") == 1


async def test_one_playhead_moves_both_sides() -> None:
    async with comparing(run("a", "b", "c"), run("a", "x", "c", "d")) as (screen, pilot):
        await pilot.press("end")
        assert "no such step in this run" in text_of(pilot)
        assert "I look at d." in text_of(pilot)
        await pilot.press("left")
        assert screen.place == 2
        assert text_of(pilot).count("what c says") == 2
        await pilot.press("home", "}", "}")
        assert screen.place == 3
        await pilot.press("{")
        assert screen.place == 1


async def test_the_sums_name_what_differs_in_all() -> None:
    async with comparing(run("a"), run("a", "b")) as (_, pilot):
        assert "at work" not in text_of(pilot)
        await pilot.press("s")
        await pilot.pause()
        text = text_of(pilot)
        assert "≠ 1: read_file 1" in text
        assert "2: read_file 2" in text


async def test_two_runs_that_are_the_same_say_so() -> None:
    async with comparing(run("a"), run("a")) as (_, pilot):
        assert "the same in every step" in text_of(pilot)
        assert "no difference" in text_of(pilot)


async def test_runs_without_a_step_can_be_compared() -> None:
    async with comparing(run(), run()) as (_, pilot):
        assert "Neither run has made a step." in text_of(pilot)
        await pilot.press("right", "end", "}")
        await pilot.press("escape")
