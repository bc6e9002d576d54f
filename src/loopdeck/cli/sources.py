"""Where a recording comes from that a command names: a file, one that was shipped, a session."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from loopdeck.cli.places import Places
from loopdeck.cli.reading import open_to_read
from loopdeck.cli.shipped import recordings
from loopdeck.errors import CodecError, UnknownSession, UsageError
from loopdeck.journal.jsonl import check_recording, export_records, read_records
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
        try:
            records = read_records(path)
        except CodecError as error:
            raise CodecError(f"{str(error).rstrip('.')}.", error.hint) from error
    else:
        records = asyncio.run(_of_session(name, spots))
    check_recording(records)
    return records


async def _of_session(name: str, spots: Places) -> list[Record]:
    if not spots.database.exists():
        raise unknown(UnknownSession(f"There is no session {name}."))
    async with open_to_read(spots.database) as journal:
        try:
            session = await journal.find(name)
        except UnknownSession as error:
            raise unknown(error) from error
        return [record async for record in export_records(journal, session)]
