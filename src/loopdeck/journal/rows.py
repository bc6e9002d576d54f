"""Records as rows: every SQL statement about the log, for the thread that owns the database."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from sys import intern
from typing import Any

from loopdeck.journal.packing import pack, unpack
from loopdeck.session.codec import dump_event, load_event
from loopdeck.session.records import Mark, Record, event_ref, mark, settles

SEQ_BITS = 32
SEQ_MAX = (1 << SEQ_BITS) - 1

READ_SQL = """
    SELECT id, ts, mono, v, body FROM records WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"""
MARKS_SQL = "SELECT id, type, ref, ok FROM marks WHERE id > ? AND id <= ? ORDER BY id"
KINDS_SQL = """
    SELECT id, type, ref, ok FROM marks
    WHERE id > ? AND id <= ? AND type IN ({holes}) ORDER BY id"""
CALL_BEGINS_SQL = """
    SELECT min(id) FROM marks INDEXED BY marks_of_calls
    WHERE type = 'call_proposed' AND ref = ? AND id BETWEEN ? AND ?"""
UNMARKED_SQL = """
    SELECT id, ts, mono, v, body FROM records
    WHERE id BETWEEN ? AND ? AND id NOT IN (SELECT id FROM marks WHERE id BETWEEN ? AND ?)"""

_AT_ONCE = 500  # older builds of SQLite take 999 parameters


def key_of(db: sqlite3.Connection, session: str) -> int | None:
    """The number a session goes by inside the database."""
    row = db.execute("SELECT key FROM sessions WHERE id = ?", (session,)).fetchone()
    return row[0] if row else None


def place(key: int, seq: int) -> int:
    """The row id of a record."""
    return key << SEQ_BITS | max(0, min(seq, SEQ_MAX))


def head(db: sqlite3.Connection, key: int) -> int:
    """The newest seq of a session."""
    (newest,) = db.execute(
        "SELECT max(id) FROM records WHERE id BETWEEN ? AND ?", (place(key, 0), place(key, SEQ_MAX))
    ).fetchone()
    return (newest or 0) & SEQ_MAX


def insert(db: sqlite3.Connection, key: int, records: Sequence[Record]) -> int:
    """Write records of one session; returns the bytes of their events."""
    bodies = [dump_event(record.event) for record in records]
    db.executemany(
        "INSERT INTO records (id, ts, mono, v, body) VALUES (?, ?, ?, ?, ?)",
        [
            (place(key, record.seq), record.ts, record.mono, record.v, pack(body))
            for record, body in zip(records, bodies, strict=True)
        ],
    )
    lines = [line for record in records if (line := mark(record))]
    db.executemany(
        "INSERT INTO marks (id, type, ref, ok) VALUES (?, ?, ?, ?)",
        [(place(key, line.seq), line.type, line.ref, line.ok) for line in lines],
    )
    return sum(map(len, bodies))


def read(
    db: sqlite3.Connection, session: str, after: int, until: int | None, limit: int
) -> list[Record]:
    """Records in order."""
    key = key_of(db, session)
    if key is None:
        return []
    last = SEQ_MAX if until is None else until
    rows = db.execute(READ_SQL, (place(key, after), place(key, last), max(0, limit))).fetchall()
    return [to_record(session, row) for row in rows]


def pick(db: sqlite3.Connection, session: str, seqs: Sequence[int]) -> dict[int, Record]:
    """The records of these numbers."""
    key = key_of(db, session)
    if key is None:
        return {}
    ids = sorted({place(key, seq) for seq in seqs if 0 < seq <= SEQ_MAX})
    found = (to_record(session, row) for row in _by_id(db, ids))
    return {record.seq: record for record in found}


def marks(
    db: sqlite3.Connection, session: str, after: int, until: int | None, kinds: Collection[str]
) -> list[Mark]:
    """The index of a session, or of a stretch of it; of some kinds of events, or of all."""
    key = key_of(db, session)
    if key is None:
        return []
    span = (place(key, after), place(key, SEQ_MAX if until is None else until))
    holes = ", ".join("?" * len(kinds))
    sql = KINDS_SQL.format(holes=holes) if kinds else MARKS_SQL
    return list(_sharing(db.execute(sql, (*span, *kinds))))


def call_records(db: sqlite3.Connection, session: str, call_id: str) -> list[Record]:
    """Every event of a call, in order, to its end.

    From its proposal on, the marks lead to that. Only a call that started has output, which lies
    between its start and its end: what its service prints afterwards is not the call's.
    """
    key = key_of(db, session)
    if key is None:
        return []
    marked = list(_call_marks(db, key, call_id))
    rows = _by_id(db, [place(key, line.seq) for line in marked])
    found = [to_record(session, row) for row in rows]
    starts = [line.seq for line in marked if line.type == "call_started"]
    if starts:
        last = marked[-1].seq if settles(marked[-1]) else SEQ_MAX
        during = (place(key, starts[0]), place(key, last))
        rows = db.execute(UNMARKED_SQL, (*during, *during)).fetchall()
        spoken = (to_record(session, row) for row in rows)
        found += [record for record in spoken if event_ref(record.event) == call_id]
    return sorted(found, key=lambda record: record.seq)


def _call_marks(db: sqlite3.Connection, key: int, call_id: str) -> Iterator[Mark]:
    (first,) = db.execute(CALL_BEGINS_SQL, (call_id, place(key, 0), place(key, SEQ_MAX))).fetchone()
    if first is None:
        return
    for row in db.execute(MARKS_SQL, (first - 1, place(key, SEQ_MAX))):
        line = _mark(row)
        if line.ref == call_id and line.type.startswith("call_"):
            yield line
            if settles(line):
                return


def _by_id(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Any]:
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        holes = ", ".join("?" * len(some))
        yield from db.execute(
            f"SELECT id, ts, mono, v, body FROM records WHERE id IN ({holes})", some
        ).fetchall()


def to_record(session: str, row: tuple[int, int, int, int, object]) -> Record:
    """The record in a row of `READ_SQL`."""
    ident, ts, mono, version, body = row
    event = load_event(unpack(body), version)  # of the schema of today, whatever it was
    return Record(session, ident & SEQ_MAX, ts, mono, event)


def _sharing(rows: Iterable[tuple[int, str, str | None, int | None]]) -> Iterator[Mark]:
    """Marks that are kept: every text of the database is a new one, and most are alike."""
    last: str | None = None
    for ident, kind, ref, ok in rows:
        last = last if ref == last else ref
        yield Mark(ident & SEQ_MAX, intern(kind), last, None if ok is None else bool(ok))


def _mark(row: tuple[int, str, str | None, int | None]) -> Mark:
    ident, kind, ref, ok = row
    return Mark(ident & SEQ_MAX, kind, ref, None if ok is None else bool(ok))
