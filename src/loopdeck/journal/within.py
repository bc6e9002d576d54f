"""Looking for words inside one session: a stretch of its records at a time, without an index."""

import sqlite3
from collections.abc import Iterable

from loopdeck.errors import CodecError
from loopdeck.journal.packing import unpack
from loopdeck.journal.rows import SEQ_MAX, key_of, place
from loopdeck.journal.texts import searchable

_SQL = "SELECT id, body FROM records WHERE id > ? AND id <= ? ORDER BY id"
_ESCAPED = frozenset('"\\')


def find_in(db: sqlite3.Connection, session: str, words: str, after: int, until: int) -> list[int]:
    """The records of a stretch whose words hold these, as they follow each other there."""
    key = key_of(db, session)
    if key is None:
        return []
    rows = db.execute(_SQL, (place(key, after), place(key, until)))
    return holding(words, ((ident & SEQ_MAX, body) for ident, body in rows))


def holding(words: str, stored: Iterable[tuple[int, object]]) -> list[int]:
    """The numbers of the events, as they are stored, whose words hold these in any case.

    Most events are ruled out by their JSON as it lies, which is much cheaper than reading it.
    """
    sought = words.casefold()
    plain = sought.isprintable() and not _ESCAPED & set(sought)
    return [
        number
        for number, body in stored
        if (not plain or sought in _lying(body)) and sought in searchable(body)[1].casefold()
    ]


def _lying(body: object) -> str:
    try:
        text = unpack(body)
    except CodecError:
        return ""
    return (text if isinstance(text, str) else text.decode("utf-8", "replace")).casefold()
