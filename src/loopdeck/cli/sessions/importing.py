"""`loopdeck sessions import`: a recording of Loopdeck's own, or a trajectory of any agent's."""

from pathlib import Path

from loopdeck.cli.console import tell
from loopdeck.errors import CodecError, UsageError
from loopdeck.journal.jsonl import import_records, read_records
from loopdeck.journal.labels import label_of
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.records import Record
from loopdeck.session.summary import Label

_FORMS = (
    "What can be imported is jsonl, as `loopdeck sessions export` writes it, and atif: "
    "--format markdown, html and asciicast are for reading."
)
_FIRST = 4_096  # bytes: an object of another format shows itself in its first line or never


async def bring(journal: SqliteJournal, path: Path) -> str:
    """Take in a file; the id of its session. Raises `CodecError`, `JournalError`."""
    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Check the path.")
    records, missing = records_in(path)
    before = await journal.ids()
    session = await import_records(journal, records)
    if session in before:
        tell(f"session {session} was here already, and agrees with the file.")
    label = label_of(path)
    if label != Label():
        await journal.relabel(session, label)
    for text in missing:
        tell(text)
    return session


def records_in(path: Path) -> tuple[list[Record], tuple[str, ...]]:
    """The records of a file, and what it does not tell. Raises `CodecError`, `JournalError`."""
    return _trajectory(path) if _may_be_atif(path) else (_records(path), ())


def _may_be_atif(path: Path) -> bool:
    """Whether the file is one object; a record is one too, and names its `seq`."""
    from loopdeck.exporting.atif_in import looks_like_atif

    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(_FIRST)
    if not begin.lstrip().startswith(b"{") or b'"seq"' in begin.partition(b"\n")[0]:
        return False
    return looks_like_atif(path.read_bytes())


def _trajectory(path: Path) -> tuple[list[Record], tuple[str, ...]]:
    from loopdeck.exporting.atif_in import read_atif

    try:
        trip = read_atif(path.read_bytes())
    except CodecError as error:
        raise CodecError(f"{path}: {error}", error.hint) from error
    return list(trip.records), trip.missing


def _records(path: Path) -> list[Record]:
    try:
        return read_records(path)
    except CodecError as error:
        hint = error.hint or _FORMS
        raise CodecError(f"{str(error).rstrip('.')}.", hint) from error
