"""The deck as the command line opens it, with its real agent, driven by keys."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.cli.config import Settings
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.hosting import DeckHost
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.cli.shipped import folder
from loopdeck.session.state import SessionState
from tests.app.screens import FRAME_S, WIDE, screen_text

PATIENCE_S = 30


@dataclass(slots=True)
class Show:
    """A deck with an agent behind it."""

    app: LoopdeckApp
    pilot: Pilot[str]
    host: DeckHost

    @property
    def deck(self) -> DeckScreen:
        """The deck."""
        return next(one for one in self.app.screen_stack if isinstance(one, DeckScreen))

    @property
    def head(self) -> SessionState:
        """The newest state that the deck knows."""
        return self.deck.scene.head

    @property
    def outcome(self) -> str:
        """How the agent of this process ended; empty while it has not."""
        run = self.host.runs[-1]
        return run.ending.outcome if run.ending else ""

    async def until(self, true: Callable[[], bool], what: str = "it") -> None:
        """Wait until something is true, and painted."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not true():  # noqa: ASYNC110 - it may be anything
                    await asyncio.sleep(FRAME_S)
        except TimeoutError:
            raise AssertionError(f"{what} did not happen:\n{self.screen()}") from None
        await self.pilot.pause(0)

    def stands(self) -> bool:
        """Whether the deck is there, with its panes in it."""
        return isinstance(self.app.screen, DeckScreen) and self.app.screen.is_mounted

    async def asked(self, call_id: str) -> None:
        """Wait until a call has waited on the screen for long enough to be answered."""

        def armed() -> bool:
            guard = self.deck.drawer.guard
            now = self.app.clock.mono()
            return guard.key.startswith(call_id) and guard.armed(now) and guard.seen_all

        await self.until(armed, f"asking for {call_id}")

    async def press(self, *keys: str) -> None:
        """Press keys as far apart as a person would."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(0.06)

    async def type(self, text: str) -> None:
        """Type into the box that has the focus, and press enter."""
        await self.pilot.press(*("space" if char == " " else char for char in text), "enter")

    def screen(self) -> str:
        """The text on the screen."""
        return screen_text(self.app)


@asynccontextmanager
async def on_deck(
    *argv: str, size: tuple[int, int] = WIDE, settings: Settings | None = None
) -> AsyncGenerator[Show]:
    """What `loopdeck …` shows for these words, until the block ends."""
    args = parser().parse_args(argv)
    spots = places(args)
    async with open_workshop(spots, settings or Settings()) as workshop:
        host = DeckHost(workshop, args)
        try:
            if args.command == "replay":
                opened = await host.replay(args.session, args.at)
            else:
                opened = await host.begin()
            themes = (folder("themes"), spots.themes)
            app = LoopdeckApp(at_once(First(opened)), clock=workshop.clock, themes=themes)
            async with app.run_test(size=size, notifications=True) as pilot:
                show = Show(app, pilot, host)
                await show.until(show.stands, "the deck")
                yield show
        finally:
            await host.close()
