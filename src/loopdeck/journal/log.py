"""The `Journal` over SQL: appending in one transaction, reading by page, waiting for more."""

import asyncio
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from loopdeck.errors import JournalError, SequenceConflict
from loopdeck.journal import keyframes, moments, rows, shelf, within
from loopdeck.journal.footing import Footing
from loopdeck.journal.transaction import transaction
from loopdeck.journal.watch import Pulse
from loopdeck.journal.worker import Worker
from loopdeck.journal.writers import Writers
from loopdeck.session.events import SessionStarted
from loopdeck.session.records import Mark, Record
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Summary, summarize


@dataclass(slots=True)
class _Tail:
    """What this process knows about the end of a session it writes: saves work, not truth."""

    summary: Summary | None = None
    keyframe: int = 0
    base: keyframes.Base | None = None  # the last fold that was stored whole
    unfolded: int = 0  # bytes of events since the last stored fold


class SqlLog:
    """Reads and writes the log of every session."""

    def __init__(self, worker: Worker, pulse: Pulse, writers: Writers, footing: Footing) -> None:
        self._worker = worker
        self._footing = footing
        self._writers = writers
        self._pulse = pulse
        self._tails: dict[str, _Tail] = {}

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write records of one session in one transaction."""
        if not records:
            return
        check_batch(records)
        await asyncio.shield(self._commit(records, state, durable=durable))

    async def read(
        self, session: str, *, after: int = 0, until: int | None = None, limit: int = 500
    ) -> list[Record]:
        """Records with `after < seq <= until`, in order, at most `limit`."""
        return await self._worker.run(lambda db: rows.read(db, session, after, until, limit))

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers, as far as they exist."""
        return await self._worker.run(lambda db: rows.pick(db, session, seqs))

    async def call_records(self, session: str, call_id: str) -> list[Record]:
        """Every event of one call, in order, to its end."""
        return await self._worker.run(lambda db: rows.call_records(db, session, call_id))

    async def marks(
        self, session: str, *, after: int = 0, until: int | None = None, kinds: Collection[str] = ()
    ) -> list[Mark]:
        """The session's index, `after < seq <= until`, in order; of some kinds alone if named."""
        return await self._worker.run(lambda db: rows.marks(db, session, after, until, kinds))

    async def find_in(self, session: str, words: str, *, after: int, until: int) -> list[int]:
        """The records of a stretch that say these words, in any case, in order."""
        return await self._worker.run(lambda db: within.find_in(db, session, words, after, until))

    async def head(self, session: str) -> int:
        """The newest seq; 0 for a session that does not exist."""
        return await self._worker.run(lambda db: _head(db, session))

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """A stored fold at or before `seq` to start from, if there is one."""
        return await self._worker.run(lambda db: _state_before(db, session, seq))

    async def approach(
        self, session: str, seq: int, near: SessionState | None = None
    ) -> SessionState:
        """The fold after event `seq`, or as far towards it as is read at once."""
        return await self._worker.run(lambda db: moments.approach(db, session, seq, near))

    async def wait(self, session: str, after: int) -> int:
        """Return the head as soon as it is beyond `after`, whoever wrote."""

        async def beyond() -> int | None:
            newest = await self.head(session)
            return newest if newest > after else None

        return await self._pulse.until(beyond)

    async def _commit(
        self, records: Sequence[Record], state: SessionState, *, durable: bool
    ) -> None:
        await self._worker.run(lambda db: self._append(db, records, state, durable=durable))
        self._pulse.grow()

    def _append(
        self,
        db: sqlite3.Connection,
        records: Sequence[Record],
        state: SessionState,
        *,
        durable: bool,
    ) -> None:
        session = records[0].session
        self._footing.check()
        tail = self._tails.pop(session, None)  # comes back when the commit has been made
        with transaction(db, durable=durable):
            key = rows.key_of(db, session)
            writer = self._writers.admit(db, session, key) if key is not None else None
            if records[0].seq != (rows.head(db, key) if key is not None else 0) + 1:
                raise conflict(session)
            if tail is None:
                tail = _Tail(keyframe=_last_keyframe(db, key))
            summary = summarize(state)
            if key is None:
                key = shelf.add(db, session, summary)
                writer = self._writers.admit(db, session, key)
            elif summary != tail.summary:
                shelf.update(db, key, summary)
            tail.summary = summary
            tail.unfolded += rows.insert(db, key, records)
            _keep_fold(db, key, state, tail)
        self._tails[session] = tail
        self._writers.keep(session, writer)


def check_batch(records: Sequence[Record]) -> None:
    """Refuse what cannot be one stretch of one session."""
    first = records[0]
    if any(record.session != first.session for record in records):
        raise JournalError("One append holds records of two sessions.")
    if [record.seq for record in records] != list(range(first.seq, first.seq + len(records))):
        raise conflict(first.session)
    if first.seq == 1 and not isinstance(first.event, SessionStarted):
        raise JournalError("A session has to begin with session_started.")


def conflict(session: str) -> SequenceConflict:
    """The error for records that do not follow the head."""
    return SequenceConflict(
        f"Somebody else has written to session {session}.",
        f"`loopdeck resume {session}` reads what is there and goes on from it.",
    )


def _keep_fold(db: sqlite3.Connection, key: int, state: SessionState, tail: _Tail) -> None:
    seq = state.last_seq
    if seq - tail.keyframe < keyframes.EVERY or not keyframes.is_small(state):
        return
    base = keyframes.store(db, rows.place(key, seq), state, tail.base, budget=tail.unfolded)
    if base is not None:
        tail.keyframe, tail.base, tail.unfolded = seq, base, 0


def _last_keyframe(db: sqlite3.Connection, key: int | None) -> int:
    if key is None:
        return 0
    newest = keyframes.newest(db, rows.place(key, 0), rows.place(key, rows.SEQ_MAX))
    return (newest or 0) & rows.SEQ_MAX


def _head(db: sqlite3.Connection, session: str) -> int:
    key = rows.key_of(db, session)
    return rows.head(db, key) if key is not None else 0


def _state_before(db: sqlite3.Connection, session: str, seq: int) -> SessionState | None:
    key = rows.key_of(db, session)
    if key is None:
        return None
    return keyframes.load(db, rows.place(key, 0), rows.place(key, seq))
