"""Folds stored beside the log, so that a long session can be entered in the middle.

One that is stored whole is the base of those after it, which say only how they differ: they are
compressed with its text as the dictionary, and take a tenth of the room.
"""

import sqlite3
import zlib
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from loopdeck.errors import CodecError
from loopdeck.journal.packing import pack, unpack
from loopdeck.session.reducer import REDUCER_VERSION
from loopdeck.session.state import SessionState

EVERY = 48  # events between two of them, at least
SHARE = 16  # and this many times their own size of events: the log may not grow much by them
WORN = 4  # a base is given up once what differs from it is a quarter of a whole one
_DIFFERS = b"\0"  # begins what differs from a base; nothing that is stored whole begins so
_PLACE = 8  # bytes of the base's id behind it

LOAD_SQL = """
    SELECT state FROM keyframes WHERE id BETWEEN ? AND ? AND reducer = ? ORDER BY id DESC LIMIT 1"""
BASE_SQL = "SELECT state FROM keyframes WHERE id = ? AND reducer = ?"


@dataclass(frozen=True, slots=True)
class Base:
    """A fold that was stored whole: where, and its text."""

    place: int
    text: bytes


def is_small(state: SessionState) -> bool:
    """True between two steps: no call is open, nothing is being streamed."""
    return not state.calls and (state.draft is None or not state.draft.length)


def store(
    db: sqlite3.Connection, place: int, state: SessionState, base: Base | None, *, budget: int
) -> Base | None:
    """Keep a fold, if it is small beside the `budget` bytes of events that it stands for.

    Returns what the next one may differ from; `None` where the fold was not kept.
    """
    text = dump_state(state)
    stored: str | bytes = _difference(text, base) if base else text
    if base is None or len(stored) * WORN > len(text):
        base, stored = Base(place, text.encode()), text
    if len(stored) * SHARE > budget:
        return None
    db.execute(
        "INSERT OR REPLACE INTO keyframes (id, reducer, state) VALUES (?, ?, ?)",
        (place, REDUCER_VERSION, pack(stored) if isinstance(stored, str) else stored),
    )
    return base


def load(db: sqlite3.Connection, first: int, last: int) -> SessionState | None:
    """The newest fold in a range of ids, made by this very reducer."""
    row = db.execute(LOAD_SQL, (first, last, REDUCER_VERSION)).fetchone()
    if row is None:
        return None
    try:
        return load_state(_whole(db, first, row[0]))
    except CodecError:
        return None


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


def _difference(text: str, base: Base) -> bytes:
    packer = zlib.compressobj(zdict=base.text)
    return b"".join(
        (
            _DIFFERS,
            base.place.to_bytes(_PLACE, "big"),
            packer.compress(text.encode()),
            packer.flush(),
        )
    )


def _whole(db: sqlite3.Connection, first: int, stored: object) -> object:
    """What was stored, with the base it differs from."""
    if not isinstance(stored, bytes) or not stored.startswith(_DIFFERS):
        return stored
    place = int.from_bytes(stored[1 : 1 + _PLACE], "big")
    row = db.execute(BASE_SQL, (place, REDUCER_VERSION)).fetchone() if place >= first else None
    if row is None:
        raise CodecError("the base of a stored fold is missing")
    base = unpack(row[0])
    try:
        unpacker = zlib.decompressobj(zdict=base.encode() if isinstance(base, str) else base)
        return unpacker.decompress(stored[1 + _PLACE :]).decode()
    except (zlib.error, ValueError) as error:
        raise CodecError(f"not a difference: {error}") from error


@cache
def _adapter() -> TypeAdapter[SessionState]:
    return TypeAdapter(SessionState)  # on first use: it takes a while to build
