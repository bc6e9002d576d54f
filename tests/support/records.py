"""Builders of recordings, so that a test can say only what matters to it."""

from collections.abc import Iterable
from pathlib import Path

from loopdeck.session.codec import dump_record
from loopdeck.session.events import Event, SessionStarted
from loopdeck.session.recorded import Recorded, RecordedCall
from loopdeck.session.records import Record

START = 1_795_000_000_000_000_000


def started(goal: str = "tidy the shed", **more: object) -> SessionStarted:
    """A plain first event."""
    base: dict[str, object] = {
        "goal": goal,
        "model": "scripted:test",
        "level": 3,
        "workspace": "/demo/shed",
    }
    return SessionStarted.model_validate(base | more)


def recording(events: Iterable[Event], *, session: str = "s1", after: int = 0) -> list[Record]:
    """The events as records a millisecond apart, numbered from `after + 1`."""
    return [
        Record(session, seq, START + seq * 1_000_000, seq * 1_000_000, event)
        for seq, event in enumerate(events, start=after + 1)
    ]


def write_records(path: Path, records: Iterable[Record]) -> None:
    """A file of these records."""
    path.write_text("".join(f"{dump_record(record)}\n" for record in records), encoding="utf-8")


def recorded_calls(records: Iterable[Record]) -> list[RecordedCall]:
    """Every judged call of one session's records, in order."""
    return list(Recorded().take(records).calls())
