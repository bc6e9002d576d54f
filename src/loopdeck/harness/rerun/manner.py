"""How a recorded process behaved where nobody was watching, read from what it did."""

from collections.abc import Sequence

from loopdeck.harness.gating.cases import NOBODY
from loopdeck.harness.setting import OnAsk, OnUnknown
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallUnknown,
    Event,
    HumanCalled,
    LimitHit,
    ModelRequested,
    SessionEnded,
    SessionPaused,
)


def on_ask(events: Sequence[Event]) -> OnAsk:
    """Whether it waited for its human in place, parked what needs one, or denied it."""
    if any(_denied_unseen(event) for event in events):
        return "deny"
    waits = any(isinstance(event, SessionPaused) and event.reason == "waiting" for event in events)
    return "park" if waits or _gave_up(events) else "wait"


def on_unknown(events: Sequence[Event]) -> OnUnknown:
    """Whether a call whose end nobody saw was left to the model."""
    unknown = {event.call_id for event in events if isinstance(event, CallUnknown)}
    told = (
        isinstance(event, CallFinished) and event.by == "harness" and event.call_id in unknown
        for event in events
    )
    return "tell" if any(told) else "park"


def _denied_unseen(event: Event) -> bool:
    match event:
        case CallAnswered(by="rule", answer="denied", reason=reason):
            return reason == NOBODY
        case CallFinished(ok=False, output=output):
            return output.startswith(f"Nobody can answer: {NOBODY}")
        case _:
            return False


def _gave_up(events: Sequence[Event]) -> bool:
    """Whether it met a limit or trouble with its model, and asked nobody."""
    for at, event in enumerate(events):
        after = events[at + 1] if at + 1 < len(events) else None
        ends = isinstance(after, SessionEnded) and after.outcome == "limit"
        if isinstance(event, LimitHit) and ends:
            return True
    *before, last = events
    if isinstance(last, SessionPaused) and last.reason == "model":
        return True
    if not isinstance(last, SessionEnded) or last.outcome != "failed":
        return False
    since = [event for event in before if isinstance(event, ModelRequested | HumanCalled)]
    return not since or not isinstance(since[-1], HumanCalled)
