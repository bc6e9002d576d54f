"""The palette: every entry does something, in the same words as the tables it is made from."""

import inspect
from functools import partial
from typing import Any

from textual.actions import parse
from textual.app import App, SystemCommand
from textual.dom import DOMNode

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.first import First, at_once
from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.panes.help import HelpScreen
from loopdeck.journal.memory import MemoryJournal
from tests.app.screens import deck
from tests.support import stories
from tests.support.clock import FakeClock
from tests.support.libraries import ListedLibrary, NotingHost


def lost(command: SystemCommand, app: App[Any]) -> bool:
    """Whether an entry names an action that is not there: textual would do nothing, silently."""
    callback = command.callback
    assert isinstance(callback, partial)
    if not callback.args or not isinstance(callback.args[0], str):
        return False  # begins a command in a box
    node = callback.func.__self__  # pyright: ignore[reportFunctionMemberAccess] - a bound method
    assert isinstance(node, DOMNode)
    place, name, _ = parse(callback.args[0])
    holder = {"app": app, "screen": node.screen}.get(place, node)
    return not hasattr(holder, f"action_{name}")


async def choose(app: LoopdeckApp, title: str) -> None:
    """Choose an entry by the beginning of its title."""
    found = app.get_system_commands(app.screen)
    done = next(one for one in found if one.title.startswith(title)).callback()
    if inspect.isawaitable(done):
        await done


async def test_every_entry_of_the_deck_names_what_there_is() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        offered = [*desk.deck.palette()]
        assert len(offered) > 50
        assert [one.title for one in offered if lost(one, desk.app)] == []
        theme = desk.app.theme
        await choose(desk.app, "Next theme")
        assert desk.app.theme != theme
        await choose(desk.app, "Maximise")
        assert desk.deck.frames.maximised
        await choose(desk.app, "Help")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))


async def test_every_entry_of_home_names_what_there_is() -> None:
    host, library = NotingHost(MemoryJournal()), ListedLibrary()
    first = First(home=lambda: HomeScreen(library, host))
    app = LoopdeckApp(at_once(first), clock=FakeClock(), goal=None)
    async with app.run_test() as pilot:
        while not isinstance(app.screen, HomeScreen):
            await pilot.pause(0.005)
        offered = [*app.screen.palette()]
        assert len(offered) > 15
        assert [one.title for one in offered if lost(one, app)] == []
        await choose(app, "Help")
        assert isinstance(app.screen, HelpScreen)
        await pilot.pause()
