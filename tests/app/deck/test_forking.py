"""F asks what is to be different, says what stays as it is, and forks only then."""

from dataclasses import replace

import pytest
from textual.widgets import TextArea

from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.editing import EditScreen
from loopdeck.app.panes.forking import ForkScreen
from loopdeck.app.panes.loop import LoopPane
from loopdeck.errors import WorkspaceError
from loopdeck.ports import Branch, Opened
from loopdeck.session.events import HumanMessage
from tests.app.screens import MEDIUM, Desk, deck
from tests.support import stories


class Forks:
    """Notes the forks that are wanted; opens the same session again."""

    def __init__(self, desk: Desk) -> None:
        self.wanted: list[Branch] = []
        self._opened = desk.deck.opened
        desk.deck.opened = replace(self._opened, means=replace(self._opened.means, fork=self))

    async def __call__(self, branch: Branch) -> Opened:
        self.wanted.append(branch)
        raise WorkspaceError("There is no folder /demo.", "Make it.")


async def asked(desk: Desk) -> None:
    await desk.press("F")
    await desk.until(lambda: isinstance(desk.app.screen, ForkScreen))
    await desk.until(lambda: desk.app.screen.query_one(Box).has_focus)
    await desk.pilot.pause()
    desk.clock.advance(1)


async def test_it_forks_from_the_last_quiet_moment_and_says_that_the_files_stay() -> None:
    events = stories.beginning()
    async with deck(events, accepts=False, position=20, size=MEDIUM) as desk:
        forks = Forks(desk)
        await asked(desk)
        await desk.shows("The files are not taken back.")
        await desk.press(*"more")
        await desk.press("enter")
        await desk.until(lambda: bool(forks.wanted))
        (branch,) = forks.wanted
        assert branch.message == "more"
        assert branch.at < 20
        assert events[branch.at].type == "model_requested"
        await desk.shows("There is no folder /demo.")
        await asked(desk)
        assert desk.app.screen.query_one(Box).value == "more"


async def test_it_forks_from_the_moment_that_was_shown_when_the_key_was_pressed() -> None:
    async with deck(stories.beginning(), accepts=False, position=20) as desk:
        forks = Forks(desk)
        desk.deck.player.wanted = 12  # on its way there, and not shown yet
        await desk.press("F")
        await desk.shows("This moment is still being read")
        assert not isinstance(desk.app.screen, ForkScreen)
        desk.deck.player.seek(20)
        desk.deck.forks.fork()
        desk.deck.player.seek(5)
        await desk.until(lambda: isinstance(desk.app.screen, ForkScreen))
        await desk.until(lambda: desk.app.screen.query_one(Box).has_focus)
        await desk.pilot.pause()
        desk.clock.advance(1)
        await desk.press("enter")
        await desk.until(lambda: bool(forks.wanted))
        assert forks.wanted[0].at == desk.deck.feed.timeline.steps[2] - 1


async def test_escape_forks_nothing() -> None:
    async with deck(stories.beginning(), accepts=False) as desk:
        forks = Forks(desk)
        await asked(desk)
        await desk.press("escape")
        await desk.until(lambda: not isinstance(desk.app.screen, ForkScreen))
        assert forks.wanted == []


async def test_the_humans_own_words_can_be_said_otherwise() -> None:
    events = [*stories.beginning(), HumanMessage(text="in blue")]
    async with deck(events, accepts=False) as desk:
        forks = Forks(desk)
        desk.deck.query_one(LoopPane).action_move(0)
        await asked(desk)
        await desk.shows("What you say there instead")
        assert desk.app.screen.query_one(Box).value == "in blue"
        await desk.press("enter")
        await desk.until(lambda: bool(forks.wanted))
        assert forks.wanted == [Branch(len(events), "in blue")]


async def test_the_arguments_of_the_selected_call_can_be_changed() -> None:
    async with deck(stories.beginning(), accepts=False) as desk:
        forks = Forks(desk)
        assert desk.deck.query_one(LoopPane).point_at("c6")
        await asked(desk)
        await desk.press("ctrl+e")
        await desk.until(lambda: isinstance(desk.app.screen, EditScreen))
        await desk.pilot.pause()
        desk.app.screen.query(TextArea).first().text = "shows/other.json"
        await desk.pilot.pause()
        desk.clock.advance(1)
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(forks.wanted))
        (branch,) = forks.wanted
        assert (branch.call_id, branch.args) == ("c6", {"path": "shows/other.json"})


@pytest.mark.parametrize("key", ["F"])
async def test_where_nothing_can_be_forked_it_is_said(key: str) -> None:
    async with deck(stories.beginning(), accepts=False) as desk:
        await desk.press(key)
        await desk.shows("This cannot be forked from here.")
