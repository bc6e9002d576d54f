"""What counts when two logs of the same run are held against each other: the one place to look.

No two logs are the same, not even of runs in which the same happened. Left out of account are

* the pieces of a stream, since the whole follows (`model_chunk`, `call_output`), and what humans
  note for themselves (`note_added`, `bookmark_added`);
* when things happened and how long they took, also where a limit on minutes speaks of it; how long
  the next attempt at a model was waited for, but not whether there was to be one;
* names a run makes up: calls and asks are numbered in the order in which they first appear, and
  the number of the event up to which a prompt was made shorter;
* digests over such names, over the rules and over the world (`binding`, `policy`), and with them
  the words for what exactly had changed when a call was asked again because of that;
* where the rest of a long output was put, and which version of Loopdeck wrote the log;
* how a service ended, and what it printed last;
* what was left of a call whose end nobody saw, as its human was shown it;
* why a standing permission that came with a yes was refused: the log does not have it;
* that a run which nobody watched said it had failed where it now waits for its human;
* fields that are newer than the log, as far as the two are compared by `unheard_of`.

Everything else counts: kinds and order, arguments, verdicts with their reasons, outputs, usage.
"""

from collections.abc import Iterable
from typing import cast

from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    ContextCompacted,
    Event,
    HumanCalled,
    LimitHit,
    LimitWarned,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
)
from loopdeck.session.values import JsonObject

UNCOUNTED = frozenset({"model_chunk", "call_output", "note_added", "bookmark_added"})
MOVED = "Review again:"  # how the sentence begins that says what has changed
UNWATCHED = "It needs its human, and nobody is watching."  # the end of such a run once
_NEVER = {"binding", "policy", "duration_ms", "full_output", "app_version"}
_NAMED = ("call_id", "ask_id")


class Likeness:
    """Takes a log's events in order and gives what counts of each, as JSON that can be compared."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def of(self, event: Event) -> JsonObject | None:
        """What counts of the next event; nothing of some."""
        if event.type in UNCOUNTED:
            return None
        if isinstance(event, SessionEnded) and event.text == UNWATCHED:
            event = SessionPaused(reason="waiting")
        found = event.model_dump(mode="json", exclude_none=True, exclude=_NEVER | _passing(event))
        self._rename(found)
        for block in cast("list[JsonObject]", found.get("blocks", [])):
            self._rename(block)
        if isinstance(event, CallAsked) and event.again.startswith(MOVED):
            found["again"] = MOVED
        if "wait_s" in found:
            found["wait_s"] = "waits"  # the run's minutes may have cut it short
        return found

    def _rename(self, found: JsonObject) -> None:
        for field in _NAMED:
            if field in found:
                key = (field, str(found[field]))
                found[field] = self._names.setdefault(key, f"{field} {len(self._names) + 1}")


def likeness(events: Iterable[Event]) -> list[JsonObject]:
    """What counts of a whole log: equal lists mean that the same happened."""
    counts = Likeness()
    return [found for event in events if (found := counts.of(event)) is not None]


def unheard_of(event: Event) -> set[str]:
    """The fields that whoever wrote an event did not know: its log has nothing of them.

    A field that may be left out because it is nothing is not among them.
    """
    fields = type(event).model_fields
    return {
        name
        for name, field in fields.items()
        if name not in event.model_fields_set and field.default is not None and name != "type"
    }


def differing(one: JsonObject, other: JsonObject) -> list[str]:
    """The fields in which two events differ."""
    names = dict.fromkeys((*one, *other))
    return [name for name in names if one.get(name) != other.get(name)]


def _passing(event: Event) -> set[str]:
    """The fields of an event that speak of time, or of what the log does not have."""
    match event:
        case LimitWarned(limit="minutes") | LimitHit(limit="minutes"):
            return {"used"}
        case HumanCalled(kind="limit") | SessionEnded(outcome="limit") if "minutes" in event.text:
            return {"text"}
        case CallAnswered(answer="approved", by="human"):
            return {"reason"}
        case SessionPaused(reason="waiting"):
            return {"text"}
        case ContextCompacted():
            return {"upto"}
        case ServiceEnded():
            return {"exit_code", "output"}
        case HumanCalled(kind="unknown"):
            return {"text", "options"}
        case _:
            return set()
