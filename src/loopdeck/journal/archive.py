"""The archive: sessions put away as recordings in a folder beside the database, to be restored.

An archived session is an export like any other: `loopdeck replay FILE` opens it, and so does
every other reader of recordings. It is on the disk, whole and read back, before a row is removed.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from loopdeck.errors import CodecError, JournalError, UnknownSession
from loopdeck.journal.jsonl import Store, export_records, import_records, read_records
from loopdeck.journal.labels import imported_of, label_of, with_label
from loopdeck.journal.naming import check_id, choose, missing
from loopdeck.session.codec import dump_record, load_record
from loopdeck.session.events import SessionStarted
from loopdeck.session.records import Record
from loopdeck.session.summary import Label

_ENDING = ".jsonl"


@dataclass(frozen=True, slots=True)
class Archived:
    """A session that was put away."""

    id: str
    goal: str
    label: Label
    started: int
    path: Path


class Archive:
    """The sessions that were put away from one database."""

    def __init__(self, journal: Store, database: Path) -> None:
        self._journal = journal
        self.folder = database.with_name(f"{database.name}.archive")

    async def put_away(self, session: str) -> Path:
        """Move a session out of the library. Raises `SessionBusy` while somebody runs it."""
        check_id(session)
        self._journal.claim(session)
        try:
            lines = await self._journal.lines([session])
            if session not in lines:
                raise missing(session)
            path = self._path(session)
            await self._write(path, session, lines[session].label)
            await self._journal.remove(session)
        finally:
            self._journal.release(session)
        return path

    async def restore(self, name: str) -> str:
        """Bring a session back, with its name and tags; `name` as for the library."""
        session = self.find(name)
        path = self._path(session)
        records = await asyncio.to_thread(read_records, path)
        await import_records(self._journal, records, imported=imported_of(path), as_kept=True)
        label = label_of(path)
        if label != Label():
            await self._journal.relabel(session, label)
        path.unlink()
        return session

    def remove(self, name: str) -> str:
        """Remove a session from the archive, for good."""
        session = self.find(name)
        self._path(session).unlink()
        return session

    def find(self, name: str) -> str:
        """The id that a name means among the sessions that were put away."""
        sessions = self.sessions()
        names, kept = [one.id for one in sessions], " ".join(name.split())
        named = [one.id for one in sessions if kept and one.label.name == kept]
        try:
            return choose(name, names, named)
        except UnknownSession as error:
            hint = "`loopdeck sessions list --archived` shows the archive."
            text = str(error) if names else "There is nothing in the archive."
            raise UnknownSession(text, hint) from error

    def sessions(self) -> list[Archived]:
        """What was put away, newest first. A file that is no recording is passed over."""
        found = (_archived(path) for path in self.folder.glob(f"*{_ENDING}"))
        return sorted((one for one in found if one), key=lambda one: (-one.started, one.id))

    def _path(self, session: str) -> Path:
        return self.folder / f"{session}{_ENDING}"

    async def _write(self, path: Path, session: str, label: Label) -> None:
        """Write a private file and read it back, then give it its name."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            imported = await self._journal.imported(session)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=f".{session}.")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    async for record in export_records(self._journal, session):
                        line = dump_record(record)
                        if record.seq == 1:
                            line = with_label(line, label, imported=imported)
                        file.write(f"{line}\n")
                    file.flush()
                    os.fsync(handle)
                await _compare(Path(name), export_records(self._journal, session))
                Path(name).replace(path)
                _sync(self.folder)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise JournalError(
                f"The archive {self.folder} cannot be written: {error.strerror}.",
                "The session is where it was.",
            ) from error


async def _compare(path: Path, records: AsyncIterator[Record]) -> None:
    """Read back what was written. Raises `JournalError` where it is not the session."""
    written = _records(path)
    async for record in records:
        try:
            same = record == next(written, None)
        except CodecError:
            same = False
        if not same:
            raise JournalError(
                f"Session {record.session} could not be read back from the archive.",
                "It is where it was; look at the disk.",
            )


def _records(path: Path) -> Iterator[Record]:
    with path.open("rb") as file:
        for line in file:
            yield load_record(line)


def _archived(path: Path) -> Archived | None:
    try:
        with path.open("rb") as file:
            first = load_record(file.readline())
    except (OSError, CodecError):
        return None
    if not isinstance(first.event, SessionStarted) or first.session != path.stem:
        return None
    return Archived(first.session, first.event.goal, label_of(path), first.ts, path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
