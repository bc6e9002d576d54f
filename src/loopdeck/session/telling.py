"""The facts that every screen, line and document tells, each in the same words."""

from loopdeck.figures import plural
from loopdeck.session.events import (
    CallUnknown,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanSteered,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelReplied,
    ServerChecked,
    ServiceEnded,
    SessionResumed,
)
from loopdeck.session.events.thinking import COMPACTED, NOT_COMPACTED

_MINUTE_PART = 0.1  # below it a tenth of a minute would be told as none
WITHDRAWN = "withdrawn: the turn was interrupted"
_SUMS_UP = {
    COMPACTED: "sums up what happened so far",
    NOT_COMPACTED: "sums up what happened so far, and that is not used",
}


def told(event: Event, *, human: str = "you") -> str:
    """What a turning point says of itself, on one line and without a text from outside.

    Empty for an event whose own words say it: its goal, its message, its call.
    """
    match event:
        case SessionResumed():
            return _resumed(event, human)
        case HumanSteered():
            return f"{human} interrupted" + (" and wrote" if event.text else "")
        case HumanAnswered():
            return WITHDRAWN if event.answer == "withdrawn" else f"{human} answered"
        case ModelReplied():
            return _SUMS_UP.get(event.stop, "")
        case ContextCompacted():
            how = "is summed up" if event.summary else "lost the middle of long results"
            return f"what the model is told {how}"
        case LimitWarned() | LimitHit():
            return _limit(event)
        case ServerChecked():
            return f"an MCP server {server_fate(event)}"
        case _:
            return _guarded(event, human)


def allowance(limit: str, value: float) -> str:
    """What a limit allows, or how much of it is used: whole cents where it is not finer."""
    match limit:
        case "cost_usd":
            return f"${value:.{2 if round(value, 2) == round(value, 4) else 4}f}"
        case "minutes":
            return (
                f"{value:.1f} minutes" if value >= _MINUTE_PART else f"{round(value, 3):g} minutes"
            )
        case _:
            return plural(round(value), limit.removesuffix("s"))


def _resumed(event: SessionResumed, human: str) -> str:
    if event.fork:
        return "a fork from here on; the files stayed as they were"
    who = f"{human} went on" if event.by == "human" else "went on"
    return who + (" in a new process" if event.new_process else "")


def _limit(event: LimitWarned | LimitHit) -> str:
    if isinstance(event, LimitHit) and event.limit == "cost_usd" and event.used < event.allowed:
        allowed = allowance(event.limit, event.allowed)  # hit though not used up: not measurable
        return f"limit of {allowed} cannot be kept: the price of the model is unknown"
    used = f"{allowance(event.limit, event.used)} of {allowance(event.limit, event.allowed)} used"
    return f"limit {'reached' if isinstance(event, LimitHit) else 'near'}: {used}"


def server_fate(event: ServerChecked) -> str:
    """What became of an MCP server, whose name goes before."""
    if not event.passed:
        return "cannot be used"
    return "was begun anew" if event.says else "can be used again"


def service_fate(event: ServiceEnded, *, human: str = "you") -> str:
    """How a service ended."""
    match event.why:
        case "itself":
            return "ended" if event.exit_code is None else f"ended, exit code {event.exit_code}"
        case "agent" | "human":
            return f"was stopped by {'the agent' if event.why == 'agent' else human}"
        case "output":
            return "was stopped: it printed too much"
        case "run":
            return "was stopped with the run"
        case "lost":
            return "is gone with the process that ran it"


def _guarded(event: Event, human: str) -> str:
    match event:
        case ServiceEnded():
            return f"a service {service_fate(event, human=human)}"
        case LoopSuspected():
            return f"the same call gave the same result {event.count} times"
        case CheckStarted():
            return f"check {event.attempt} started"
        case CheckFinished():
            return f"check {event.attempt} {'passed' if event.ok else 'failed'}"
        case CallUnknown():
            return "nobody saw how it ended"
        case _:
            return ""
