"""What every valid recording obeys; tests and `loopdeck sessions verify` share it."""

from collections.abc import Iterable, Iterator

from loopdeck.session.calls import CallStatus
from loopdeck.session.events import (
    BookmarkAdded,
    CallFinished,
    CallProposed,
    CallStarted,
    NoteAdded,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.values import Decision

_AFTER_THE_END = (SessionResumed, NoteAdded, BookmarkAdded)


def problems(records: Iterable[Record]) -> Iterator[str]:
    """Sentences about what is wrong with a recording; none for a valid one."""
    state = SessionState()
    proposed: set[str] = set()
    for record in records:
        place = f"seq {record.seq}"
        yield from (f"{place}: {text}" for text in _order(state, record))
        yield from (f"{place}: {text}" for text in _calls(state, record, proposed))
        state = advance(state, record)


def _order(state: SessionState, record: Record) -> Iterator[str]:
    if record.seq != state.last_seq + 1:
        yield f"expected seq {state.last_seq + 1}"
    if state.last_seq and record.session != state.session:
        yield f"belongs to session {record.session}, not {state.session}"
    if (state.last_seq == 0) != isinstance(record.event, SessionStarted):
        yield "session_started must come first, and once"
    if state.phase is Phase.ENDED and not isinstance(record.event, _AFTER_THE_END):
        yield f"{record.event.type} after session_ended"


def _calls(state: SessionState, record: Record, proposed: set[str]) -> Iterator[str]:
    event = record.event
    if isinstance(event, CallProposed):
        if event.call_id in proposed:
            yield f"call {event.call_id} was proposed twice"
        proposed.add(event.call_id)
    elif isinstance(event, CallStarted):
        call = state.call(event.call_id)
        allowed = call is not None and call.verdict is Decision.ALLOW
        approved = call is not None and call.status is CallStatus.APPROVED
        if not (allowed or approved):
            yield f"call {event.call_id} started without permission"
    elif isinstance(event, CallFinished):
        call = state.call(event.call_id)
        if call is not None and call.status.is_settled:
            yield f"call {event.call_id} finished twice"
