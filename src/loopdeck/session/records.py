"""The envelope of an event (`Record`) and the little of it that an index keeps (`Mark`)."""

from dataclasses import dataclass

from loopdeck.session.events import Event
from loopdeck.session.values import Category

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One event in its place. `seq` is gapless from 1 and the only order there is.

    `ts` is wall time in UTC nanoseconds (whole microseconds, so that it survives text);
    `mono` is monotonic nanoseconds, comparable only inside one process's stretch of a session.
    """

    session: str
    seq: int
    ts: int
    mono: int
    event: Event
    v: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of a session's index: enough to find steps, calls, approvals and errors.

    `ref` is the ask, call or step the event belongs to, the moment a bookmark or note is about, or
    the sandbox that holds; `ok` is its yes or no where it has one, and whether a judged call would
    change things.
    """

    seq: int
    type: str
    ref: str | None = None
    ok: bool | None = None


CHANGES = frozenset({Category.WRITE, Category.DESTRUCTIVE})
UNMARKED = frozenset({"model_chunk", "call_output"})  # the many: an index of them would not help
_FAILURES = frozenset({"model_failed", "call_unknown"})
_OUTCOMES = frozenset({"call_finished", "check_finished"})
_ASKS = frozenset({"call_asked", "human_called"})


def mark(record: Record) -> Mark | None:
    """The index line of a record, or `None` for the kinds that are not indexed.

    The last piece of a reply that was cut is indexed: nothing else says what that took.
    """
    event = record.event
    if event.type in UNMARKED and not (event.type == "model_chunk" and event.usage is not None):
        return None
    return Mark(record.seq, event.type, event_ref(event), event_ok(event))


def failed(mark: Mark) -> bool:
    """Whether something went wrong there."""
    return mark.type in _FAILURES or (mark.type in _OUTCOMES and mark.ok is False)


def asks(mark: Mark) -> bool:
    """Whether a human was asked something there."""
    return mark.type in _ASKS


def settles(mark: Mark) -> bool:
    """Whether its call is over with that: nothing that follows is the call's."""
    return mark.type == "call_finished" or (mark.type == "call_answered" and mark.ok is False)


def event_ref(event: Event) -> str | None:
    """What an event belongs to: its ask, its call, its step or the moment it marks, as text.

    Of a sandbox that holds, and of which there is no more to say, its name.
    """
    if event.type == "sandbox_checked":
        return event.backend if event.passed and event.backend and not event.says else None
    fields = vars(event)  # to ask for one that is not there takes ten times as long
    for name in ("ask_id", "call_id", "step", "at"):
        ref = fields.get(name)
        if ref is not None:
            return str(ref)
    return None


def event_ok(event: Event) -> bool | None:
    """Yes or no, where the event is an outcome."""
    match event.type:
        case "call_finished" | "check_finished":
            return event.ok
        case "call_answered":
            return event.answer == "approved"
        case "call_judged":
            return event.category in CHANGES
        case "session_ended":
            return event.outcome == "done"
        case _:
            return None
