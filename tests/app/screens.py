"""Running the real deck in tests: open it, wait for what should become true, read the screen."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.events import Key
from textual.pilot import Pilot

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.app.keys.keynames import key_name
from loopdeck.app.panes.approval import ApprovalDrawer
from loopdeck.errors import LoopdeckError, ModelRejected
from loopdeck.ports import Bulletin, Means, Opened, Servers
from loopdeck.ports.calling import Caller
from loopdeck.session.commands import Jot
from loopdeck.session.events import Event
from loopdeck.session.records import Record
from tests.support.clock import FakeClock
from tests.support.journal import ListJournal, SinkOfLists

WIDE, MEDIUM, NARROW, HUGE = (120, 36), (80, 24), (60, 20), (200, 50)
PATIENCE_S = 20
FRAME_S = 1 / 60  # nothing new is on the screen any sooner, and every look at it paints


@dataclass(slots=True)
class Desk:
    """A running deck and everything around it."""

    app: LoopdeckApp
    pilot: Pilot[str]
    journal: ListJournal
    sink: SinkOfLists
    clock: FakeClock
    agent_breaks: asyncio.Event

    @property
    def deck(self) -> DeckScreen:
        """The deck, also while another screen covers it."""
        return next(one for one in self.app.screen_stack if isinstance(one, DeckScreen))

    @property
    def drawer(self) -> ApprovalDrawer:
        """What waits."""
        return self.deck.drawer

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true, and painted."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # noqa: ASYNC110 - it may be anything
                await asyncio.sleep(FRAME_S)
            await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Press keys a human pace apart."""
        await press(self.pilot, *keys, before_each=lambda: self.clock.advance(0.5))

    async def settled(self) -> None:
        """Wait until no answer is about to be sent and what happened was painted."""
        await self.pilot.pause()
        await self.until(lambda: not self.deck.answers.pending)
        await self.pilot.pause()

    def screen(self) -> str:
        """The text on the screen."""
        return screen_text(self.app)

    async def shows(self, text: str) -> None:
        """Wait until the screen says something."""
        try:
            await self.until(lambda: text in self.screen())
        except TimeoutError:
            raise AssertionError(f"{text!r} is not on the screen:\n{self.screen()}") from None


async def _resume() -> Opened:
    raise AssertionError("no test resumes it")


@asynccontextmanager
async def deck(
    events: Sequence[Event],
    *,
    size: tuple[int, int] = WIDE,
    accepts: bool = True,
    position: int | None = None,
    keys: dict[str, str] | None = None,
    work: bool = False,
    elsewhere: str = "",
    ours: bool = False,
    bulletin: Bulletin | None = None,
    jot: Callable[[Jot], Awaitable[None]] | None = None,
    records: Sequence[Record] = (),
    servers: Servers | None = None,
    caller: Caller | None = None,
    checkup: Callable[[], Awaitable[LoopdeckError | None]] | None = None,
) -> AsyncGenerator[Desk]:
    """The app showing one session, loaded."""
    journal, sink, clock = ListJournal(events), SinkOfLists(accepts=accepts), FakeClock()
    agent_breaks = asyncio.Event()
    journal.records += records

    async def agent() -> None:
        await agent_breaks.wait()
        raise ModelRejected("The model is [gone].", "Choose another.")

    opened = Opened(
        "s1",
        journal,
        sink,
        position,
        agent if work else None,
        holder=(lambda: elsewhere) if elsewhere else None,
        bulletin=bulletin or Bulletin(),
        means=Means(resume=_resume if ours else None, jot=jot, servers=servers),
    )
    first = First(opened, keys=keys or {}, caller=caller, checkup=checkup)
    app = LoopdeckApp(at_once(first), clock=clock)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot, journal, sink, clock, agent_breaks)
        await desk.until(lambda: isinstance(app.screen, DeckScreen) or app.screen.id == "small")
        await desk.until(lambda: desk.deck.scene.head.last_seq == len(journal.records))
        await desk.until(lambda: position is None or desk.deck.scene.position == position)
        await pilot.pause()
        yield desk


async def press(
    pilot: Pilot[Any], *keys: str, before_each: Callable[[], object] = lambda: None
) -> None:
    """Press keys; the screen is waited for after each but the letters within a word."""
    for at, key in enumerate(keys):
        before_each()
        if len(key) == 1 and at + 1 < len(keys):
            await strike(pilot, key)
        else:
            await pilot.press(key)


async def strike(pilot: Pilot[Any], letter: str) -> None:
    """Press the key of a letter; it has been dealt with when this returns, but is not painted."""
    pilot.app.post_message(Key("space" if letter == " " else key_name(letter), letter))
    for _ in range(2):  # the app hands it on, and whoever takes it may tell others
        await pilot._wait_for_screen()  # pyright: ignore[reportPrivateUsage] # `pause` paints


def screen_text(app: LoopdeckApp) -> str:
    """What a terminal would show, without colours and trailing blanks."""
    lines = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] # the only way to read cells
    return "\n".join(line.text.rstrip() for line in lines)
