"""From the journal to the deck: the newest state, once a frame, and the state at any moment."""

import asyncio
import gc
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager

from loopdeck.ports import Journal
from loopdeck.session.outline import Outline
from loopdeck.session.records import Mark, Record, mark
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.timeline import Timeline

FRAME_S = 1 / 20  # the log takes streamed text in no oftener
PAGE = 500
KEYFRAME_EVERY = 1_000  # events between two folds kept of a session that is read as a whole
KEYFRAMES = 96
MARKS_AT_ONCE = 2_000  # rows of the outline built before the screen gets a turn


@contextmanager
def staying() -> Generator[None]:
    """What is made here stays: garbage is not looked for meanwhile, nor among it ever after.

    The collector would go through all of a long session again and again, 80 ms at a time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def frame() -> None:
    """The pause between two updates."""
    await asyncio.sleep(FRAME_S)


class Keyframes:
    """Folds kept in memory to seek from; the ones not used for longest are forgotten."""

    def __init__(self, limit: int = KEYFRAMES) -> None:
        self._limit = limit
        self._states: OrderedDict[int, SessionState] = OrderedDict()

    def keep(self, state: SessionState) -> None:
        """Remember a state."""
        self._states[state.last_seq] = state
        self._states.move_to_end(state.last_seq)
        if len(self._states) > self._limit:
            self._states.popitem(last=False)

    def before(self, seq: int) -> SessionState | None:
        """The newest state at or before `seq`."""
        places = sorted(self._states)
        index = bisect_right(places, seq)
        if not index:
            return None
        self._states.move_to_end(places[index - 1])
        return self._states[places[index - 1]]


class Feed:
    """Follows one session. `on_records` sees every record that is read on the way."""

    def __init__(
        self,
        journal: Journal,
        session: str,
        *,
        pace: Callable[[], Awaitable[None]] = frame,
        on_records: Callable[[Sequence[Record]], None] | None = None,
    ) -> None:
        self.head = SessionState()
        self.outline = Outline()
        self.timeline = Timeline()
        self._journal = journal
        self._session = session
        self._pace = pace
        self._on_records = on_records
        self._keyframes = Keyframes()
        self._marked = 0

    async def follow(self, on_update: Callable[[], None]) -> None:
        """Load the session, then stay with it for ever; `on_update` is called once a frame."""
        with staying():
            await self._load(on_update)
        on_update()
        while True:
            await self._pace()
            await self._journal.wait(self._session, self.head.last_seq)
            await self._catch_up(marked=True)
            on_update()

    async def _load(self, on_update: Callable[[], None]) -> None:
        newest = await self._journal.head(self._session)
        start = await self._journal.state_before(self._session, newest)
        if start is None:
            await self._catch_up(marked=True)
            return
        self.head = start
        await self._catch_up(marked=False)
        on_update()
        await self._read_marks()

    async def state_at(self, seq: int) -> SessionState:
        """The session as it was after event `seq`."""
        at_head = seq >= self.head.last_seq > 0
        state = self.head if at_head else self._keyframes.before(seq)
        while state is None or state.last_seq < seq:
            before = state.last_seq if state is not None else 0
            state = await self._journal.approach(self._session, seq, state)
            if state.last_seq <= before:
                break
            self._keyframes.keep(state)
        return state

    async def _catch_up(self, *, marked: bool) -> None:
        while records := await self._journal.read(
            self._session, after=self.head.last_seq, limit=PAGE
        ):
            self.head = self._fold(self.head, records)
            if self._on_records:
                self._on_records(records)
            if marked:
                fresh = [record for record in records if record.seq > self._marked]
                self._mark([line for record in fresh if (line := mark(record))])
            if len(records) < PAGE:
                return

    async def _read_marks(self) -> None:
        marks = await self._journal.marks(self._session, after=self._marked)
        for at in range(0, len(marks), MARKS_AT_ONCE):
            self._mark(marks[at : at + MARKS_AT_ONCE])
            await asyncio.sleep(0)
        self.timeline.extend((), head=self.head.last_seq)

    def _mark(self, marks: Sequence[Mark]) -> None:
        self.outline.extend(marks)
        self.timeline.extend(marks, head=self.head.last_seq)
        if marks:
            self._marked = marks[-1].seq

    def _fold(self, state: SessionState, records: Sequence[Record]) -> SessionState:
        for record in records:
            state = advance(state, record)
            if record.seq % KEYFRAME_EVERY == 0:
                self._keyframes.keep(state)
        return state
