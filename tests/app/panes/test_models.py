"""Home offers the models that can be named: at once those known here, then those of servers."""

import asyncio
from collections.abc import Sequence

from textual.widgets import Input

from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.choosing import ChoiceList
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.panes.models import ModelsScreen
from loopdeck.app.panes.wishing import WishScreen
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports.wish import ModelOffer
from tests.app.homes import Stage, until
from tests.support.libraries import NotingHost


class SlowHost(NotingHost):
    """Its servers answer when a test lets them."""

    def __init__(self) -> None:
        super().__init__(MemoryJournal())
        self.answers = asyncio.Event()

    async def models(self, *, ask: bool) -> tuple[Sequence[ModelOffer], Sequence[str]]:
        """What is known, or what a server has."""
        if ask:
            await self.answers.wait()
        return await super().models(ask=ask)


async def test_a_model_is_chosen_from_those_that_there_are() -> None:
    app, host = Stage(), SlowHost()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(WishScreen(host.chosen, host))
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
        await until(pilot, lambda: "written" in lines(app))
        assert "Asking the servers" in note(app)
        assert "✓ written" in lines(app)
        assert "gpt-x" not in lines(app)
        await pilot.press("down")  # to the second of those that are known
        host.answers.set()
        await until(pilot, lambda: "gpt-x" in lines(app))
        assert "\x1b" not in lines(app)
        assert "400k" in lines(app)
        assert "1.25 / 10" in lines(app)
        assert "is not there" in note(app)
        await pilot.press("enter")  # the cursor has stayed with it
        await until(pilot, lambda: isinstance(app.screen, WishScreen))
        assert app.screen.query_one("#wish-model", Input).value == "claude-x"
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, WishScreen))
        assert app.screen.query_one("#wish-model", Input).value == "claude-x"


def lines(app: Stage) -> str:
    """What the list shows."""
    found = app.screen.query_one(ChoiceList)
    return "\n".join(plain(found.line_at(at, 90)) for at in range(found.count + 1))


def note(app: Stage) -> str:
    """What stands above it."""
    return plain(app.screen.query_one("#asked", OneLine).line_at(0, 90))
