"""Recordings as files: one record a line, in and out of a journal."""

import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loopdeck.errors import CodecError, JournalError
from loopdeck.journal.naming import check_id
from loopdeck.ports import Journal, Library
from loopdeck.session.codec import load_record
from loopdeck.session.events import ModelRequested
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project

BATCH = 200
LONGEST_BATCH = 400  # one that has found no end of a step by then is cut anywhere
PAGE = 500
_SHOWN = 3


class Store(Journal, Library, Protocol):
    """Where recordings come from and go to."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The records of a file. `cut` is true when its last line was not written to the end."""

    records: list[Record]
    cut: bool = False


def read_recording(path: Path) -> Recording:
    """A file that may have been cut short while it was written; damage elsewhere is an error."""
    lines = list(_lines(path))
    records: list[Record] = []
    for place, (number, line) in enumerate(lines):
        try:
            records.append(load_record(line))
        except CodecError as error:
            if place == len(lines) - 1 and not line.endswith(b"\n"):
                return Recording(records, cut=True)
            raise CodecError(f"{path}, line {number}: {error}", error.hint) from error
    return Recording(records)


def read_records(path: Path) -> list[Record]:
    """The records of a whole file. Raises `CodecError` with the line, `JournalError`."""
    recording = read_recording(path)
    if recording.cut:
        raise CodecError(
            f"{path}, line {len(recording.records) + 1}: the line ends in the middle.",
            "The file was not written to its end; without its last line it can be read.",
        )
    return recording.records


async def import_records(
    journal: Store,
    records: Sequence[Record],
    *,
    imported: int | None = None,
    as_kept: bool = False,
) -> str:
    """Keep a recording; returns its session's id. Raises `JournalError`.

    It is marked as one that came from elsewhere, up to its event `imported` where that is given.

    What is there already has to be the beginning of the recording, so that an import that was
    cut short can be done again. A recording that breaks a rule is refused as a whole, except
    where it is a session of this library, `as_kept`: that comes back as it was.
    """
    session = records[0].session if as_kept and records else check_recording(records)
    journal.claim(session)
    try:
        known = await _known(journal, session, records)
        foreign = len(records) if imported is None else imported
        if foreign and known < len(records):
            await journal.mark_imported(session, foreign)
        state = project(records[:known])
        for batch in _batches(records[known:]):
            state = project(batch, state)
            await journal.append(batch, state)
    finally:
        journal.release(session)
    return session


async def export_records(journal: Journal, session: str) -> AsyncIterator[Record]:
    """Every record of a session, read a page at a time."""
    after = 0
    while records := await journal.read(session, after=after, limit=PAGE):
        for record in records:
            yield record
        after = records[-1].seq


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, empty ones left out."""
    if path.exists() and not path.is_file():
        raise JournalError(f"{path} is not a file.", "Name a file of JSON lines.")
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise JournalError(
            f"{path} cannot be read: {error.strerror}.", "Check its name and permissions."
        ) from error


def check_recording(records: Sequence[Record]) -> str:
    """The id of the session in a whole, valid recording. Raises `JournalError`."""
    if not records:
        raise JournalError("The recording is empty.", "`loopdeck sessions export` makes one.")
    check_id(records[0].session)
    found = list(itertools.islice(problems(records), _SHOWN + 1))
    if found:
        more = "; and more" if len(found) > _SHOWN else ""
        raise JournalError(
            f"The recording is not a valid session: {'; '.join(found[:_SHOWN])}{more}.",
            "It is left as it is.",
        )
    return records[0].session


async def _known(journal: Journal, session: str, records: Sequence[Record]) -> int:
    """How many of the records are there; another session of the same id is an error."""
    known = 0
    async for record in export_records(journal, session):
        if known >= len(records) or record != records[known]:
            raise JournalError(
                f"There is another session {session} already.",
                f"`loopdeck sessions delete {session}` makes room for this one.",
            )
        known += 1
    return known


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Stretches that end between two steps if they can: there the state is small to store."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        between = isinstance(record.event, ModelRequested)
        if len(batch) >= LONGEST_BATCH or (between and len(batch) >= BATCH):
            yield batch
            batch = []
    if batch:
        yield batch
