"""Folds stored beside the log, so that a long session can be entered in the middle."""

import sqlite3
from functools import cache

from pydantic import TypeAdapter

from loopdeck.errors import CodecError
from loopdeck.journal.packing import pack, unpack
from loopdeck.session.reducer import REDUCER_VERSION
from loopdeck.session.state import SessionState

EVERY = 256  # events between two of them, at least
SHARE = 16  # and this many times their own size of events: the log may not grow much by them


def is_small(state: SessionState) -> bool:
    """True between two steps: no call is open, nothing is being streamed."""
    return not state.calls and (state.draft is None or not state.draft.length)


def store(db: sqlite3.Connection, place: int, state: SessionState, *, budget: int) -> bool:
    """Keep a fold, if it is small beside the `budget` bytes of events that it stands for."""
    text = dump_state(state)
    if len(text) * SHARE > budget:
        return False
    db.execute(
        "INSERT OR REPLACE INTO keyframes (id, reducer, state) VALUES (?, ?, ?)",
        (place, REDUCER_VERSION, pack(text)),
    )
    return True


def load(db: sqlite3.Connection, first: int, last: int) -> SessionState | None:
    """The newest fold in a range of ids, made by this very reducer."""
    row = db.execute(
        "SELECT state FROM keyframes WHERE id BETWEEN ? AND ? AND reducer = ?"
        " ORDER BY id DESC LIMIT 1",
        (first, last, REDUCER_VERSION),
    ).fetchone()
    return load_state(row[0]) if row else None


def newest(db: sqlite3.Connection, first: int, last: int) -> int | None:
    """The id of the newest fold in a range."""
    (place,) = db.execute(
        "SELECT max(id) FROM keyframes WHERE id BETWEEN ? AND ?", (first, last)
    ).fetchone()
    return place


def dump_state(state: SessionState) -> str:
    """The state as JSON text, what is at its default left out."""
    return _adapter().dump_json(state, exclude_defaults=True).decode()


def load_state(stored: object) -> SessionState | None:
    """The state in a stored text; `None` for what cannot be read, which costs only time."""
    try:
        return _adapter().validate_json(unpack(stored))
    except (ValueError, CodecError):
        return None


@cache
def _adapter() -> TypeAdapter[SessionState]:
    return TypeAdapter(SessionState)  # on first use: it takes a while to build
