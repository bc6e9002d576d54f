"""A journal in a list, and a sink that keeps what it was sent."""

import asyncio
from collections.abc import Collection, Sequence

from loopdeck.errors import ReadOnlyError
from loopdeck.journal.moments import later
from loopdeck.journal.within import holding
from loopdeck.session.calls import of_call
from loopdeck.session.codec import dump_event
from loopdeck.session.commands import Command
from loopdeck.session.events import Event
from loopdeck.session.records import Mark, Record, mark
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from tests.support.records import recording


class ListJournal:
    """The log of one session; `push` appends events as an agent would, and wakes who waits."""

    def __init__(self, events: Sequence[Event] = (), *, session: str = "s1") -> None:
        self.session = session
        self.records: list[Record] = recording(events, session=session)
        self.reads = 0
        self._grown = asyncio.Event()

    def push(self, *events: Event) -> None:
        """More happened."""
        self.take(recording(events, session=self.session, after=len(self.records)))

    def take(self, records: Sequence[Record]) -> None:
        """More happened, at times of the caller's choice."""
        self.records += records
        self._grown.set()
        self._grown = asyncio.Event()

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Take the records in."""
        self.take(records)

    async def read(
        self, session: str, *, after: int = 0, until: int | None = None, limit: int = 500
    ) -> list[Record]:
        """Records in order."""
        self.reads += 1
        end = len(self.records) if until is None else min(until, len(self.records))
        return self.records[after : min(end, after + limit)]

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records that exist."""
        return {seq: self.records[seq - 1] for seq in seqs if 0 < seq <= len(self.records)}

    async def call_records(self, session: str, call_id: str) -> list[Record]:
        """A call's events."""
        return list(of_call(self.records, call_id))

    async def marks(
        self, session: str, *, after: int = 0, until: int | None = None, kinds: Collection[str] = ()
    ) -> list[Mark]:
        """The index."""
        found = (mark(record) for record in self.records[max(0, after) : until])
        return [line for line in found if line and (not kinds or line.type in kinds)]

    async def find_in(self, session: str, words: str, *, after: int, until: int) -> list[int]:
        """The records of a stretch whose texts hold these words."""
        stretch = self.records[after:until]
        return holding(words, ((record.seq, dump_event(record.event)) for record in stretch))

    async def head(self, session: str) -> int:
        """The newest number."""
        return len(self.records)

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """Nothing is stored."""
        return None

    async def approach(
        self, session: str, seq: int, near: SessionState | None = None
    ) -> SessionState:
        """The fold from what is nearest on."""
        self.reads += 1
        state = later(near, await self.state_before(session, seq))
        return project(self.records[state.last_seq : seq], state)

    async def wait(self, session: str, after: int) -> int:
        """Until there is more."""
        while len(self.records) <= after:
            await self._grown.wait()
        return len(self.records)


class SinkOfLists:
    """Keeps the commands it is sent; refuses them when it is told to."""

    def __init__(self, *, accepts: bool = True) -> None:
        self.accepts = accepts
        self.sent: list[Command] = []
        self.refusal: ReadOnlyError | None = None

    async def send(self, command: Command) -> None:
        """Keep it."""
        if self.refusal is not None:
            raise self.refusal
        if not self.accepts:
            raise ReadOnlyError("This is a recording.", "Nothing can be answered in it.")
        self.sent.append(command)
