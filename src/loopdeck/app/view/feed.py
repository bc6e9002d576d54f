"""From the journal to the deck: the newest state, once a frame, and the state at any moment."""

import asyncio
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from loopdeck.app.view.collecting import held
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
LONG = 20_000  # events beyond which what is around the playhead is shown first
AROUND = 1_000  # of them, on either side
STRETCH = 20_000  # events whose marks are asked for at once: others wait for the journal as well
PLACES = frozenset(
    {
        "model_requested",
        "model_failed",
        "call_asked",
        "call_unknown",
        "human_called",
        "bookmark_added",
        "note_added",
    }
)
"""What the timeline is made of, but for the calls that failed or changed something: the few."""


At = Callable[[], int | None]


def at_head() -> int | None:
    """The playhead of who follows the newest event."""
    return None


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
        self._near = range(0)  # the events whose rows are there while not all are

    async def follow(self, on_update: Callable[[], None], *, at: At = at_head) -> None:
        """Load the session, then stay with it for ever; `on_update` is called once a frame.

        While a long one is read, there are the rows around the playhead, wherever it is `at`.
        """
        newest = await self._journal.head(self._session)
        with held(much=newest > LONG) as loaded:
            await self._load(newest, on_update, at)
            loaded()
            on_update()
            while True:
                await self._pace()
                await self._journal.wait(self._session, self.head.last_seq)
                await self._catch_up(marked=True)
                on_update()

    async def _load(self, newest: int, on_update: Callable[[], None], at: At) -> None:
        start = await self._journal.state_before(self._session, newest)
        if start is None:
            await self._catch_up(marked=True)
            return
        self.head = start
        await self._catch_up(marked=False)
        on_update()
        if self.head.last_seq > LONG:
            self.timeline = Timeline(await self._journal.marks(self._session, kinds=PLACES))
            self.timeline.extend((), head=self.head.last_seq)
            await self._glance(at(), on_update)
        await self._read_marks(on_update, at)

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

    async def _glance(self, position: int | None, on_update: Callable[[], None]) -> None:
        """The rows around a moment: what can be shown before all is read."""
        at, steps = position or self.head.last_seq, self.timeline.steps
        if at in self._near:
            return
        first = steps[max(0, bisect_right(steps, at - AROUND) - 1)] if steps else 1
        near = await self._journal.marks(self._session, after=first - 1, until=at + AROUND)
        self.outline, self._near = Outline(near), range(first, at + AROUND + 1)
        on_update()

    async def _read_marks(self, on_update: Callable[[], None], at: At) -> None:
        outline, timeline = Outline(), Timeline()
        for after in range(0, self.head.last_seq, STRETCH):
            marks = await self._journal.marks(self._session, after=after, until=after + STRETCH)
            for place in range(0, len(marks), MARKS_AT_ONCE):
                some = marks[place : place + MARKS_AT_ONCE]
                outline.extend(some)
                timeline.extend(some)
                self._marked = some[-1].seq
                await asyncio.sleep(0)
            if self._near:
                await self._glance(at(), on_update)
        timeline.extend((), head=self.head.last_seq)
        self.outline, self.timeline = outline, timeline

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
