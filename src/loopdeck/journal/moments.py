"""A session as it was after any event: the nearest fold, and what is left of the events since.

What was streamed is nothing once the whole of it is there: a piece of a reply before the reply, a
piece of output before the result. Such rows are the many; of them only the time is read.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from loopdeck.journal import keyframes, rows
from loopdeck.session.events import (
    CallFinished,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.ticking import passed

NEAR = 24  # events that are folded sooner than a stored fold is looked for
PAGE = 1_000  # events read at once: whoever writes waits that long
_CHUNK = '{"type":"model_chunk",'
_SPENT = '"usage":'  # of a reply that was cut: it stays in the sums
_OUTPUT = re.compile(r'\{"type":"call_output","call_id":"([^"\\]+)"')
_END_OF_DRAFT = (
    ModelRequested,
    ModelReplied,
    ModelFailed,
    SessionPaused,
    SessionEnded,
    SessionResumed,
)


def approach(
    db: sqlite3.Connection, session: str, seq: int, near: SessionState | None
) -> SessionState:
    """The fold of every record up to `seq`, or of as many as one job may read."""
    key = rows.key_of(db, session)
    if key is None:
        return SessionState()
    state = _start(db, key, seq, near)
    span = (rows.place(key, state.last_seq), rows.place(key, seq), PAGE)
    return _fold(state, session, db.execute(rows.READ_SQL, span).fetchall())


def later(one: SessionState | None, other: SessionState | None) -> SessionState:
    """The fold that went further; that of nothing where there is none."""
    found = [state for state in (one, other) if state is not None]
    return max(found, key=lambda state: state.last_seq, default=SessionState())


def _start(db: sqlite3.Connection, key: int, seq: int, near: SessionState | None) -> SessionState:
    if near is not None and seq - near.last_seq <= NEAR:
        return near
    return later(near, keyframes.load(db, rows.place(key, 0), rows.place(key, seq)))


def _fold(state: SessionState, session: str, page: Sequence[Any]) -> SessionState:
    kept = list(_lasting(session, page))
    for row, record in zip(page, reversed(kept), strict=True):
        if record is not None:
            state = advance(state, record)
        else:
            ident, ts, mono, *_ = row
            state = passed(state, ident & rows.SEQ_MAX, ts, mono)
    return state


def _lasting(session: str, page: Sequence[Any]) -> Iterator[Record | None]:
    """From the last row to the first, its record; `None` where a later one leaves nothing of it."""
    finished, drafted = set[str](), True
    for row in reversed(page):
        body = row[-1]
        if isinstance(body, str) and _is_void(body, finished, drafted=drafted):
            yield None
            continue
        record = rows.to_record(session, row)
        match record.event:
            case CallFinished(service=None) as event:  # what stays has its output in the state
                finished.add(event.call_id)
            case event:
                drafted = drafted and not isinstance(event, _END_OF_DRAFT)
        yield record


def _is_void(body: str, finished: set[str], *, drafted: bool) -> bool:
    if body.startswith(_CHUNK):
        return not drafted and _SPENT not in body
    output = _OUTPUT.match(body) if finished else None
    return output is not None and output[1] in finished
