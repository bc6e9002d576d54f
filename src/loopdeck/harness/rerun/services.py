"""The services of a recording: each ends where it ended, if that was no doing of the harness."""

import asyncio

from loopdeck.harness.rerun.prompter import Prompter
from loopdeck.harness.rerun.tape import Chapter
from loopdeck.ports.services import Over, Said, ServiceOver
from loopdeck.session.events import ServiceEnded
from loopdeck.session.values import Why


class TapeServices:
    """A `RunServices` that reads from the tape. Nothing runs."""

    def __init__(self, prompter: Prompter, chapter: Chapter) -> None:
        self._prompter = prompter
        self._chapter = chapter
        self._ends: list[asyncio.Future[None]] = []

    def attend(self, said: Said, over: Over) -> None:
        """From now on the ends come, each at its recorded moment."""
        for place in range(self._chapter.start, self._chapter.end):
            event = self._prompter.tape.event(place)
            if isinstance(event, ServiceEnded) and event.is_from_outside:
                self._ends.append(asyncio.ensure_future(self._end(place, event, over)))

    def announced(self, name: str) -> None:
        """It knew."""

    async def stop(self, name: str, why: Why) -> bool:
        """Nothing of it runs here."""
        return False

    async def close(self) -> None:
        """Nothing ends any more."""
        for end in self._ends:
            end.cancel()
        await asyncio.gather(*self._ends, return_exceptions=True)

    async def _end(self, place: int, event: ServiceEnded, over: Over) -> None:
        await self._prompter.until(place)
        self._prompter.give(place)
        await over(ServiceOver(event.service, event.why, event.exit_code, event.output))
