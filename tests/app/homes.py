"""Home on a stage: with a library, and a host that notes what it was asked for."""

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import Worker

from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.look.themed import ThemedApp
from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.sessions import SessionList
from loopdeck.journal.archive import Archive
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports import Opened
from loopdeck.session.summary import Summary
from tests.support.clock import FakeClock
from tests.support.libraries import ListedLibrary, NotingHost


class Stage(ThemedApp[None]):
    """Home on a stage that notes which sessions it was given to show."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EVERYWHERE)]

    def __init__(
        self,
        *summaries: Summary,
        live: frozenset[str] = frozenset(),
        journal: SqliteJournal | None = None,
    ) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.library = ListedLibrary(*summaries, live=live)
        self.journal = journal
        self.host = NotingHost(MemoryJournal())
        self.shown: list[str] = []
        self.opened: list[Opened] = []

    def on_mount(self) -> None:
        journal = self.journal
        if journal is None:
            self.push_screen(HomeScreen(self.library, self.host))
            return
        attic = Archive(journal, journal.path)
        self.push_screen(HomeScreen(journal, self.host, finder=journal.index, attic=attic))

    async def open_session(self, opened: Opened) -> None:
        self.shown.append(opened.session)
        self.opened.append(opened)

    @property
    def sessions(self) -> SessionList:
        return self.screen.query_one(SessionList)

    @property
    def goal(self) -> Input:
        return self.screen.query_one("#goal", Input)

    @property
    def hits(self) -> HitList:
        return self.screen.query_one(HitList)

    @property
    def find(self) -> FindBox:
        return self.screen.query_one(FindBox)

    @property
    def label_box(self) -> Input:
        return self.screen.query_one("#label", Input)

    @property
    def messages(self) -> list[str]:
        return [note.message for note in self._notifications]

    @property
    def text(self) -> str:
        pane = self.sessions
        return "\n".join(plain(pane.line_at(at, 76)) for at in range(pane.virtual_size.height))


WORK = ("open", "read", "find", "fill", "index", "label", "delete")


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was pressed has been done; the watch over the themes goes on for ever."""
    await pilot.pause()
    workers = cast("Iterable[Worker[object]]", pilot.app.workers)
    while any(one.group in WORK and not one.is_finished for one in workers):
        await pilot.pause(0.02)
    await pilot.pause()


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until something is true, and painted."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - it may be anything
            await asyncio.sleep(0.01)
        await pilot.pause(0)
