"""Two runs on one screen, at one playhead, whatever the width."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest
from textual.pilot import Pilot

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.comparing import CompareScreen, Openers
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.ports import Opened
from loopdeck.session.comparing import compare
from loopdeck.session.events import Event
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, screen_text
from tests.support import stories
from tests.support.clock import FakeClock
from tests.support.journal import ListJournal, SinkOfLists
from tests.support.records import recording


async def opened(events: Sequence[Event], at: int) -> Opened:
    """One of the two on the deck."""
    return Opened("one", ListJournal(events), SinkOfLists(accepts=False), at)


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
    openers: Openers = {"a": partial(opened, left), "b": partial(opened, right)}
    screen = CompareScreen(found, openers)
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


def messages(pilot: Pilot[str]) -> list[str]:
    """What was said in passing."""
    return [note.message for note in pilot.app._notifications]  # pyright: ignore[reportPrivateUsage] # the only way to read them


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_it_begins_where_the_two_part_and_shows_both_sides(size: tuple[int, int]) -> None:
    left, right = run("a", "b", "c"), run("a", "x", "c")
    async with comparing(left, right, size) as (screen, pilot):
        text = text_of(pilot)
        assert screen.place == 1
        assert "part at step 2" in text
        assert text.count("I look at b.") == text.count("I look at x.") == 1
        hold(pilot.app, "compare")


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
    async with comparing(run("a"), run("a", "b")) as (screen, pilot):
        assert "waited" not in text_of(pilot)
        await pilot.press("s")
        await pilot.pause()
        text = text_of(pilot)
        assert "≠ 1: read_file 1" in text
        assert "2: read_file 2" in text
        await pilot.press("escape")
        assert "waited" not in text_of(pilot)
        assert pilot.app.screen is screen


async def test_its_help_begins_with_its_own_keys() -> None:
    async with comparing(run("a"), run("b")) as (_, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        text = text_of(pilot)
        assert "what differs in all" in text
        assert text.index("Compare  ") < text.index("Playhead  ")


async def test_two_runs_that_are_the_same_say_so() -> None:
    async with comparing(run("a"), run("a")) as (_, pilot):
        assert "the same in every step" in text_of(pilot)
        assert "no difference" in text_of(pilot)


async def test_runs_without_a_step_can_be_compared() -> None:
    async with comparing(run(), run()) as (_, pilot):
        assert "Neither run has made a step." in text_of(pilot)
        await pilot.press("right", "end", "}")
        await pilot.press("escape")


async def test_either_side_opens_on_the_deck_at_the_step_and_escape_comes_back() -> None:
    left, right = run("a", "b"), run("a", "x", "c")
    async with comparing(left, right) as (screen, pilot):
        assert "calls 2 ≠ 3   files 0 =" in text_of(pilot)
        await pilot.press("b")
        while not isinstance(deck := pilot.app.screen, DeckScreen):
            await pilot.pause(0.005)
        last = screen.shown_step("b")
        assert last is not None
        while deck.scene.seq != last.last:
            await pilot.pause(0.005)
        assert (deck.scene.position, deck.scene.state.step) == (last.last, 2)
        await pilot.press("escape", "end", "a")
        while "There is no such step in this run." not in messages(pilot):
            await pilot.pause(0.005)
        assert pilot.app.screen is screen
