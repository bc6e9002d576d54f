"""What every valid recording obeys; tests and `loopdeck sessions verify` share it."""

from collections.abc import Iterable, Iterator

from loopdeck.session.calls import CallEvent, CallStatus
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallFinished,
    CallOutput,
    CallProposed,
    CallStarted,
    NoteAdded,
    ServiceEnded,
    SessionEnded,
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
        yield from (f"{place}: {text}" for text in _services(state, record))
        event = record.event
        if isinstance(event, CallProposed):
            if event.call_id in proposed:
                yield f"{place}: call {event.call_id} was proposed twice"
            proposed.add(event.call_id)
        elif isinstance(event, CallEvent) and not _is_of_service(state, event):
            yield from (f"{place}: call {event.call_id} {text}" for text in _call(state, event))
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


def _services(state: SessionState, record: Record) -> Iterator[str]:
    running = [view.name for view in state.services]
    match record.event:
        case SessionEnded():
            yield from (f"service {name} runs after session_ended" for name in running)
        case ServiceEnded(service=name) if name not in running:
            yield f"service {name} does not run, yet here is its service_ended"
        case _:
            pass


def _is_of_service(state: SessionState, event: CallEvent) -> bool:
    """Whether it is output of what a call left running, which comes after the call's end."""
    running = (view.call_id for view in state.services)
    return isinstance(event, CallOutput) and event.call_id in running


def _call(state: SessionState, event: CallEvent) -> Iterator[str]:
    call = state.call(event.call_id)
    if call is None or call.status.is_settled:
        yield f"is not open, yet here is its {event.type}"
        return
    status = call.status
    match event:
        case CallStarted():
            allowed = call.verdict is Decision.ALLOW and status is CallStatus.PROPOSED
            if not (allowed or status is CallStatus.APPROVED):
                yield "started without permission"
        case CallAnswered():
            if event.by == "human" and status is not CallStatus.WAITING:
                yield "was answered without having been asked"
        case CallFinished():
            if event.by == "tool" and status is not CallStatus.RUNNING:
                yield "finished without having started"
        case _:
            pass
