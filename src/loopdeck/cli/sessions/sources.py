"""Where a recording comes from that a command names: a file, one that was shipped, a session."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from loopdeck.cli.places import Places
from loopdeck.cli.reading import open_to_read
from loopdeck.cli.sessions.importing import records_in
from loopdeck.cli.shipped import recordings
from loopdeck.errors import UnknownSession, UsageError
from loopdeck.journal.jsonl import Store, check_recording, export_records
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.records import Record


def file_named(name: str) -> Path | None:
    """The file that a name means, one that came with Loopdeck included. Raises `UsageError`."""
    path = Path(name).expanduser()
    path = path if path.is_file() else recordings().get(name, path)
    if path.is_file():
        return path
    if path.suffix or len(path.parts) > 1:
        raise UsageError(f"There is no file {name}.", "Check the path.")
    return None


def unknown(error: UnknownSession) -> UnknownSession:
    """The error with what there is to be named."""
    shipped = ", ".join(recordings())
    hint = f"Recordings that came with Loopdeck: {shipped}" if shipped else error.hint
    return UnknownSession(str(error), hint)


def records_named(name: str, spots: Places) -> Sequence[Record]:
    """All records of what a name means, checked. Raises `LoopdeckError`s."""
    path = file_named(name)
    if path is not None:
        records, _ = records_in(path)
    else:
        records = asyncio.run(_of_session(name, spots))
    check_recording(records)
    return records


def check_moment(head: int, at: int | None) -> None:
    """Raise `UsageError` for an event there is not."""
    if at is not None and at > head:
        raise UsageError(
            f"There is no event #{at}: the session has {head:,}.", f"--at {head} is its end."
        )


async def held(library: Store, name: str) -> tuple[Store, str]:
    """The session that a name means, and where it is: in the library, shipped, or in a file.

    Raises `LoopdeckError`s.
    """
    try:
        return library, await library.find(name)
    except UnknownSession as error:
        path = file_named(name)
        if path is None:
            raise unknown(error) from error
    records, _ = records_in(path)
    return MemoryJournal.of(records), check_recording(records)


async def _of_session(name: str, spots: Places) -> list[Record]:
    if not spots.database.exists():
        raise unknown(UnknownSession(f"There is no session {name}."))
    async with open_to_read(spots.database) as library:
        journal, session = await held(library, name)
        return [record async for record in export_records(journal, session)]
