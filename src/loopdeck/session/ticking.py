"""The part of the fold that every event has: the number of the newest, its time, time at work."""

from loopdeck.session.events import SessionResumed
from loopdeck.session.evolve import amend, evolve
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState


def ticked(before: SessionState, after: SessionState, record: Record) -> SessionState:
    """`after`, which the event made of `before`, with number and clocks of its record.

    Pauses, waiting for the human and a new process are not time at work.
    """
    event = record.event
    new_clock = isinstance(event, SessionResumed) and event.new_process
    worked = 0 if new_clock else _worked(before, record.mono)
    clocks = {
        "last_seq": record.seq,
        "last_ts": record.ts,
        "last_mono": record.mono,
        "elapsed_ns": before.elapsed_ns + worked,
    }
    if after is before:
        return evolve(before, **clocks)
    return amend(after, **clocks)


def passed(before: SessionState, seq: int, ts: int, mono: int) -> SessionState:
    """The state after an event that a later one leaves nothing of: only time went on."""
    return evolve(
        before,
        last_seq=seq,
        last_ts=ts,
        last_mono=mono,
        elapsed_ns=before.elapsed_ns + _worked(before, mono),
    )


def _worked(before: SessionState, mono: int) -> int:
    return 0 if before.rests else max(0, mono - before.last_mono)
