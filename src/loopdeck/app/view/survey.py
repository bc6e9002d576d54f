"""What a whole session says of files, time and tools: read once, a little at a time, and kept."""

import asyncio
from collections.abc import Sequence

from loopdeck.app.view.served import EVENTS as SERVED
from loopdeck.app.view.served import Served
from loopdeck.ports import Journal
from loopdeck.session.events import CallJudged, CallProposed
from loopdeck.session.records import Record
from loopdeck.session.spent import EVENTS as TIMED
from loopdeck.session.spent import Beat, Fold, StepTime, beat, step_times
from loopdeck.session.touched import EVENTS as TOUCHING
from loopdeck.session.touched import Touches
from loopdeck.session.values import Category

AT_ONCE = 60  # records between two turns of the screen
_WANTED = TIMED | TOUCHING | SERVED


class Survey:
    """Grows with the session; what it says of the past is what was so then."""

    def __init__(self, journal: Journal, session: str) -> None:
        self.touches = Touches()
        self.served = Served()
        self.tools: dict[str, str] = {}
        self.categories: dict[str, Category] = {}
        self.read_to = 0
        self._journal = journal
        self._session = session
        self._beats: list[Beat] = []
        self._fold = Fold()
        self._lock = asyncio.Lock()

    async def extend(self, head: int) -> bool:
        """Take in what is new up to an event; true if there was anything."""
        async with self._lock:
            if head <= self.read_to:
                return False
            marks = await self._journal.marks(self._session, after=self.read_to)
            seqs = [mark.seq for mark in marks if mark.type in _WANTED]
            for at in range(0, len(seqs), AT_ONCE):
                found = await self._journal.pick(self._session, seqs[at : at + AT_ONCE])
                self._take([found[seq] for seq in sorted(found)])
                await asyncio.sleep(0)
            self.read_to = max(head, marks[-1].seq if marks else 0)
            return bool(seqs)

    async def steps(self, upto: int, now: int | None = None) -> list[StepTime]:
        """The time of every step up to an event, or up to now."""
        if now is not None:
            return self._fold.until(now)
        if not self._beats or upto >= self._beats[-1].seq:
            return list(self._fold.steps)
        return await asyncio.to_thread(step_times, self._beats, upto)

    def _take(self, records: Sequence[Record]) -> None:
        for record in records:
            self.touches.take(record)
            self.served.take(record)
            timed = beat(record)
            if timed is not None:
                self._beats.append(timed)
                self._fold.take(timed)
            match record.event:
                case CallProposed(call_id=call_id, tool=tool):
                    self.tools[call_id] = tool
                case CallJudged(call_id=call_id, category=category):
                    self.categories[call_id] = category
                case _:
                    pass
