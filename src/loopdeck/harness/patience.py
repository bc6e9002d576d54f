"""Waits out a disk that is full, failing or locked: nothing is lost, and nothing acts meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from loopdeck.errors import StorageBlocked
from loopdeck.ports import Clock

log = logging.getLogger(__name__)

FIRST_S = 1.0
LONGEST_S = 15.0

Hear = Callable[[StorageBlocked | None], None]


class Patience:
    """Shared by the runs of one database.

    A write that is refused for now is tried again by itself, later each time, and at once when
    somebody asks for it. Whoever waits for the write waits as long: so no tool starts, as the
    record that it does cannot be kept.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._again = asyncio.Event()
        self._hear: list[Hear] = []
        self.obstacle: StorageBlocked | None = None

    def listen(self, hear: Hear) -> None:
        """Call `hear` with what stands against writing, and with `None` once nothing does."""
        self._hear.append(hear)

    def again(self) -> None:
        """Try at once."""
        self._again.set()
        self._again = asyncio.Event()

    async def through(self, write: Callable[[], Awaitable[None]], leaving: asyncio.Event) -> None:
        """Write, however long it takes; once somebody is `leaving`, raise what stands against it.

        Raises `JournalError` at once where waiting cannot help.
        """
        pause = FIRST_S
        while True:
            try:
                await write()
            except StorageBlocked as error:
                self._say(error)
                if not leaving.is_set():
                    await self._wait(pause, leaving)
                if leaving.is_set():
                    raise
                pause = min(pause * 2, LONGEST_S)
            else:
                self._say(None)
                return

    async def _wait(self, seconds: float, leaving: asyncio.Event) -> None:
        """Until the time is over, or somebody wants to try again or to leave."""
        waits = [
            asyncio.ensure_future(wait)
            for wait in (self._clock.sleep(seconds), self._again.wait(), leaving.wait())
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _say(self, obstacle: StorageBlocked | None) -> None:
        if str(obstacle) == str(self.obstacle):
            return
        self.obstacle = obstacle
        if obstacle is not None:
            log.warning("waiting to write: %s", obstacle)
        for hear in self._hear:
            hear(obstacle)
