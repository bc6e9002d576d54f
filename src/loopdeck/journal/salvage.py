"""Copies what can be read of a damaged database into a new one, and counts what cannot."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import TypeGuard

from loopdeck.errors import CodecError, JournalError, NewerDatabase, UsageError
from loopdeck.journal.jsonl import import_records
from loopdeck.journal.migrations import MIGRATIONS
from loopdeck.journal.naming import check_id
from loopdeck.journal.packing import unpack
from loopdeck.journal.pages import Pages, Row
from loopdeck.journal.reading import log_of, looks, open_reader
from loopdeck.journal.rows import SEQ_BITS, SEQ_MAX
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import load_event
from loopdeck.session.events import Event, NoteAdded, SessionStarted
from loopdeck.session.labels import label
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.summary import summarize

_TRIES = 3
_FARTHEST = 100_000  # events between two that are left
_LEVEL = 3
LOST_GOAL = "(its goal could not be read)"


@dataclass(slots=True)
class _Line:
    """What the list of sessions knew of one."""

    id: str
    goal: str = LOST_GOAL
    model: str = "unknown"
    workspace: str = "/"
    name: str = ""
    tags: tuple[str, ...] = ()
    told: Row = ()  # its state, steps and calls


@dataclass(slots=True)
class _Wreck:
    """What was found in the pages, by the session's key."""

    lines: dict[int, _Line] = field(default_factory=dict[int, _Line])
    records: dict[int, dict[int, Record]] = field(default_factory=dict[int, dict[int, Record]])


@dataclass(frozen=True, slots=True)
class Saved:
    """A session in the new database: of its `events` so many are `missing`, with a note each.

    It is `cut` where its line in the list told of more.
    """

    id: str
    events: int
    missing: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Salvage:
    """What came of it; `empty` are the sessions of which nothing but their line was found."""

    saved: tuple[Saved, ...]
    empty: tuple[str, ...]


async def salvage(damaged: Path, output: Path) -> Salvage:
    """Read the damaged file, which stays as it is, and write a new one. Raises `JournalError`."""
    if output.exists():
        raise UsageError(f"{output} is there already.", "Name another file with --output.")
    wreck = await asyncio.to_thread(_found, damaged)
    if not wreck.records:
        hint = await asyncio.to_thread(_way_on, damaged)
        raise JournalError(f"Nothing of a session can be read in {damaged}.", hint)
    foreign = await asyncio.to_thread(_imported, damaged)
    saved: list[Saved] = []
    async with await SqliteJournal.open(output) as journal:
        for key, found in sorted(wreck.records.items()):
            line = wreck.lines.get(key) or _Line(f"salvaged-{key}")
            saved.append(await _keep(journal, line, found, foreign))
    empty = [line.id for key, line in wreck.lines.items() if key not in wreck.records]
    return Salvage(tuple(saved), tuple(sorted(empty)))


def _way_on(damaged: Path) -> str:
    """What is left to do with a file of which nothing can be saved."""
    copies = sorted(damaged.parent.glob(f"{escape(damaged.name)}.v*.bak"), key=_age)
    before = (
        f"{copies[-1].name} beside it is from before an update: put a copy in its place. Else move"
        if copies
        else "Move"
    )
    return f"It was not changed. {before} it aside to begin anew, or name another with `--db FILE`."


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


async def _keep(
    journal: SqliteJournal, line: _Line, found: dict[int, Record], foreign: dict[str, int] | None
) -> Saved:
    """What is not as it was is taken like what came from elsewhere: nothing of it is trusted."""
    records = list(_whole(line, found))
    missing = sum(record.event is not _event(found, record.seq) for record in records)
    upto = len(records) if missing or foreign is None else foreign.get(line.id, 0)
    await import_records(journal, records, imported=upto, as_kept=True)
    if line.name or line.tags:
        await journal.relabel(line.id, label(line.name, line.tags))
    now = summarize(project(records))
    cut = bool(line.told) and line.told != (now.state, now.steps, now.calls)
    return Saved(line.id, len(records), missing, cut)


def _event(found: dict[int, Record], seq: int) -> Event | None:
    return found[seq].event if seq in found else None


def _whole(line: _Line, found: dict[int, Record]) -> Iterator[Record]:
    """A log without a gap, each event at its old number; what is missing is a note there."""
    near = found[min(found)]
    for seq in range(1, _last(found) + 1):
        if seq in found and (seq == 1) == isinstance(found[seq].event, SessionStarted):
            near = found[seq]
            yield Record(line.id, seq, near.ts, near.mono, near.event)
        elif seq == 1:
            event = SessionStarted(
                goal=line.goal, model=line.model, level=_LEVEL, workspace=line.workspace
            )
            yield Record(line.id, 1, near.ts, near.mono, event)
        else:
            note = NoteAdded(at=seq, text="An event that stood here could not be read.")
            yield Record(line.id, seq, near.ts, near.mono, note)


def _last(found: dict[int, Record]) -> int:
    """The newest event; a number far behind all others is one that was damaged."""
    last = 0
    for seq in sorted(found):
        if seq - last > _FARTHEST:
            break
        last = seq
    return last


def _found(path: Path) -> _Wreck:
    wreck, pages = _Wreck(), Pages.of(*_bytes_of(path))
    if pages.version > len(MIGRATIONS):
        raise NewerDatabase(f"A newer Loopdeck wrote {path}.", "Update Loopdeck.")
    for ident, row in pages.rows():
        if _is_record(row):
            _take_record(wreck, ident, row)
        elif _is_line(row):
            _take_line(wreck, ident, row)
    return wreck


def _bytes_of(path: Path) -> tuple[bytes, bytes]:
    """The file and its log, as they were at one moment."""
    try:
        for _ in range(_TRIES):
            seen, file, log = looks(path), path.read_bytes(), b""
            with contextlib.suppress(FileNotFoundError):
                log = log_of(path).read_bytes()
            if looks(path) == seen:
                return file, log
    except OSError as error:
        raise JournalError(
            f"{path} cannot be read: {error.strerror}.", "Check its name and its disk."
        ) from error
    raise JournalError(f"{path} is being written.", "Stop what uses it, then try again.")


def _is_record(row: Row) -> bool:
    return (
        len(row) == 5
        and row[0] is None
        and all(isinstance(one, int) for one in row[1:4])
        and isinstance(row[4], (str, bytes))
    )


def _is_line(row: Row) -> bool:
    return len(row) >= 14 and row[0] is None and _texts(row[1:4]) and isinstance(row[12], str)


def _texts(values: Row) -> TypeGuard[tuple[str, ...]]:
    return all(isinstance(value, str) for value in values)


def _take_record(wreck: _Wreck, ident: int, row: Row) -> None:
    _, ts, mono, version, body = row
    if not (isinstance(ts, int) and isinstance(mono, int) and isinstance(version, int)):
        return
    key, seq = ident >> SEQ_BITS, ident & SEQ_MAX
    with contextlib.suppress(CodecError):
        event = load_event(unpack(body), version)
        wreck.records.setdefault(key, {})[seq] = Record("", seq, ts, mono, event)


def _take_line(wreck: _Wreck, key: int, row: Row) -> None:
    ident, goal, model, workspace = (str(row[place]) for place in (1, 2, 3, 12))
    name, tags = (str(one or "") for one in row[14:16]) if len(row) >= 16 else ("", "")
    with contextlib.suppress(JournalError):
        check_id(ident)
        wreck.lines[key] = _Line(ident, goal, model, workspace, name, tuple(tags.split()), row[5:8])


def _imported(path: Path) -> dict[str, int] | None:
    """Which sessions came from elsewhere; `None` where that cannot be read."""
    try:
        reader = open_reader(path)
        with contextlib.closing(reader.db) as db:
            found = db.execute("SELECT session, upto FROM imported").fetchall()
    except sqlite3.Error:
        return None
    return None if reader.caveat else dict(found)
