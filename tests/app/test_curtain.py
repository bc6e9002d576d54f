"""The curtain is the empty deck: what comes after it appears in its place, and nothing jumps."""

import asyncio

import pytest
from textual.events import Paste

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.curtain import Curtain
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.app.home.screen import HomeScreen
from loopdeck.errors import UnknownModel
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from tests.app.screens import MEDIUM, NARROW, PATIENCE_S, WIDE, screen_text
from tests.support.clock import FakeClock
from tests.support.journal import ListJournal, SinkOfLists
from tests.support.libraries import ListedLibrary, NotingHost

HIGH = (100, 40)
SIZES = [WIDE, MEDIUM, NARROW, HIGH, (200, 50), (111, 33)]


def frames(screen: str) -> list[str]:
    """What is between the top line and the bar, where time and place are told."""
    return screen.split("\n")[1:-1]


@pytest.mark.parametrize("size", SIZES)
async def test_the_empty_deck_looks_like_the_curtain_it_comes_after(size: tuple[int, int]) -> None:
    opening = asyncio.Event()
    opened = Opened("s1", ListJournal([]), SinkOfLists(accepts=False))

    async def begin() -> First:
        await opening.wait()
        return First(opened)

    app = LoopdeckApp(begin, clock=FakeClock(), goal="")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Curtain)
        before = screen_text(app)
        assert "Loopdeck ▸ …" in before
        opening.set()
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(app.screen, DeckScreen):
                await pilot.pause(0.005)
        await pilot.pause()
        assert frames(before) == frames(screen_text(app))


async def test_home_comes_in_the_place_of_its_curtain() -> None:
    opening = asyncio.Event()
    host, library = NotingHost(MemoryJournal()), ListedLibrary()

    async def begin() -> First:
        await opening.wait()
        return First(home=lambda: HomeScreen(library, host))

    app = LoopdeckApp(begin, clock=FakeClock(), goal=None)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        before = screen_text(app).splitlines()
        opening.set()
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(app.screen, HomeScreen):
                await pilot.pause(0.005)
        await pilot.pause()
        after = screen_text(app).splitlines()
        same = (1, 2, 4)  # in the third a choice for the next session has come in
        assert [before[at] for at in same] == [after[at] for at in same]
        assert before[3][:10] == after[3][:10] == "╰─────────"
        assert before[0].strip() == "Loopdeck"
        assert after[0].startswith(before[0])


async def test_what_is_typed_on_homes_curtain_is_the_beginning_of_a_goal() -> None:
    opening = asyncio.Event()
    host, library = NotingHost(MemoryJournal()), ListedLibrary()

    async def begin() -> First:
        await opening.wait()
        return First(home=lambda: HomeScreen(library, host))

    app = LoopdeckApp(begin, clock=FakeClock(), goal=None)
    async with app.run_test(size=WIDE) as pilot:
        theme = app.theme
        await pilot.press(*"tidyy", "backspace", "space", "enter")  # t alone turns the theme
        app.screen.post_message(Paste("the\nhall"))
        await pilot.pause()
        assert "│ tidy the hall " in screen_text(app)
        assert app.theme == theme
        opening.set()
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(app.screen, HomeScreen):
                await pilot.pause(0.005)
        await pilot.press("s")
        assert isinstance(app.screen, HomeScreen)
        assert app.screen.goal.value == "tidy the halls"
        assert host.asked == []


async def test_a_letter_that_comes_before_the_box_has_the_focus_is_not_lost() -> None:
    host, library = NotingHost(MemoryJournal()), ListedLibrary()
    first = First(home=lambda: HomeScreen(library, host))
    app = LoopdeckApp(at_once(first), clock=FakeClock(), goal=None)
    async with app.run_test(size=WIDE) as pilot:
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(app.screen, HomeScreen):
                await pilot.pause(0.005)
        theme = app.theme
        app.screen.set_focus(None)
        await pilot.press("t")
        assert (app.screen.goal.value, app.theme) == ("t", theme)


async def test_what_is_typed_on_a_decks_curtain_is_not_kept() -> None:
    async def begin() -> First:
        await asyncio.Event().wait()
        return First()

    app = LoopdeckApp(begin, clock=FakeClock(), goal="tidy")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("y")
        assert isinstance(app.screen, Curtain)
        assert app.screen.typed == ""


async def test_a_goal_is_on_the_curtain_and_cannot_act_there() -> None:
    async def begin() -> First:
        await asyncio.Event().wait()
        return First()

    app = LoopdeckApp(begin, clock=FakeClock(), goal="tidy [/] \x1b]0;gone\x07 up")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert "Loopdeck ▸ tidy [/] ␛]0;gone␇ up" in screen_text(app)


async def test_what_stands_against_a_beginning_ends_the_app_and_is_kept() -> None:
    fault = UnknownModel("There is no such model.", "Name another.")

    async def begin() -> First:
        raise fault

    app = LoopdeckApp(begin, clock=FakeClock())
    async with app.run_test(size=WIDE) as pilot:
        async with asyncio.timeout(PATIENCE_S):
            while app.fault is None:
                await pilot.pause(0.005)
    assert app.fault is fault
