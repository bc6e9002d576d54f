"""The only writer of a session: number, time-stamp, persist, and only then announce."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from loopdeck.errors import JournalError
from loopdeck.harness.makings import Makings
from loopdeck.harness.patience import Patience
from loopdeck.harness.redaction import redacted
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Clock, Journal
from loopdeck.session.events import Event, LevelChanged
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState

Listener = Callable[[Record], None]


class Recorder:
    """Turns events into records. `state` is the fold of what is on disk, never of more.

    Events of several tasks that arrive while a commit is under way share the next one, and wait
    for it together: no task commits by itself what another has just committed. With
    `patience` a disk that is full for now is waited for. After the first commit that failed for
    good nothing more is taken: what cannot be written must not happen.
    Secrets are taken out here, so that neither the log nor anybody who follows it has them.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        session: str,
        state: SessionState,
        redactor: Redactor | None = None,
        makings: Makings | None = None,
    ) -> None:
        self.session = session
        self.state = state
        self.redactor = redactor or Redactor()
        self.makings = makings or Makings()
        self.patience: Patience | None = None
        self._journal = journal
        self._clock = clock
        self._listeners: list[Listener] = [self.makings.apply]
        self._queue: list[Event] = []
        self._then: list[Callable[[], None]] = []
        self._durable = False
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._broken: JournalError | None = None
        self._leaving = asyncio.Event()

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each record, once it is on disk."""
        self._listeners.append(listener)

    def hold(self, *events: Event) -> None:
        """Queue events for the next commit, where one follows at once anyway."""
        self._queue.extend(events)
        self._durable = True

    def soon(self, *events: Event) -> None:
        """Begin to commit events that nobody waits for; `flush` returns after them."""
        self.hold(*events)
        self._flushing()

    @property
    def is_behind(self) -> bool:
        """Whether something is not on disk yet that was given to it before."""
        return bool(self._queue) or self._lock.locked()

    @property
    def held(self) -> Sequence[Event]:
        """What waits for the next commit."""
        return self._queue

    async def record(
        self, *events: Event, durable: bool = True, then: Callable[[], None] | None = None
    ) -> None:
        """Commit the events and whatever is held. Raises `JournalError`.

        `then` is called in the same moment in which the events become the state, and not at all
        if they do not. A cancelled caller still leaves a whole commit behind it.
        """
        self._queue.extend(events)
        self._then += [then] if then is not None else []
        self._durable = self._durable or durable
        await asyncio.shield(self._flushing())

    def give_up(self) -> None:
        """Wait for no disk any more: the program is being left."""
        self._leaving.set()

    async def flush(self) -> None:
        """Commit what is held."""
        await asyncio.shield(self._flushing())

    def _flushing(self) -> asyncio.Task[None]:
        """The next commit, as a task; where nobody waits any more, nobody asks how it ended."""
        if self._next is None or self._next.done():
            self._next = asyncio.ensure_future(self._flush())
            self._next.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._next

    async def _flush(self) -> None:
        async with self._lock:
            self._next = None  # whoever comes from here on comes too late for this one
            if self._broken is not None:
                raise self._broken
            events, self._queue = self._queue, []
            thens, self._then = self._then, []
            durable, self._durable = self._durable, False
            if events:
                await self._commit(events, thens, durable=durable)

    async def _commit(
        self, events: list[Event], thens: list[Callable[[], None]], *, durable: bool
    ) -> None:
        state = self.state
        records: list[Record] = []
        for given in events:
            seq, ts, mono = state.last_seq + 1, self._clock.wall(), self._clock.mono()
            event = _not_above(redacted(given, self.redactor), state.level)
            record = Record(self.session, seq, ts, mono, event)
            records.append(record)
            state = advance(state, record)
        try:
            await self._append(records, state, durable=durable)
        except JournalError as error:
            self._broken = error
            raise
        self.state = state
        for then in thens:
            then()
        for record in records:
            for listener in self._listeners:
                listener(record)

    async def _append(self, records: list[Record], state: SessionState, *, durable: bool) -> None:
        def write() -> Awaitable[None]:
            return self._journal.append(records, state, durable=durable)

        if self.patience is None:
            await write()
        else:
            await self.patience.through(write, self._leaving)


def _not_above(event: Event, level: int) -> Event:
    """A level that the harness turned down, where a human has turned it further meanwhile."""
    if isinstance(event, LevelChanged) and event.by == "harness" and event.level > level:
        return LevelChanged(level=level, by=event.by, reason=event.reason)
    return event
