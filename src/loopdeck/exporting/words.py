"""What happened, in the words that every exported document uses."""

from typing import assert_never

from loopdeck.exporting.story import BETWEEN, Asking, Call
from loopdeck.figures import span
from loopdeck.session.attached import with_attached
from loopdeck.session.calls import CallStatus, about
from loopdeck.session.events import (
    CallAnswered,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    NoteAdded,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.state import SessionState, Status
from loopdeck.session.telling import told
from loopdeck.session.values import JsonObject

_STATES: dict[Status, str] = {
    "done": "done",
    "failed": "failed",
    "stopped": "stopped by a person",
    "limit": "stopped by a limit",
    "waiting": "not over: it waits for a person",
    "paused": "not over: it is paused",
    "running": "not over when this was written",
}
_SURE = {"checked": "its check passed", "unchecked": "nothing checked it", "failed": "check failed"}
_PAUSES = {
    "human": "paused by a person",
    "waiting": "waits for a person",
    "signal": "stopped by a signal",
    "model": "paused: the model cannot be reached",
}
_WHO = {"human": "a person", "rule": "a rule", "limit": "a limit"}
_SETTER = {"human": "a person", "harness": "Loopdeck"}
_ANSWERS = {"approved": "approved", "denied": "denied", "expired": "not answered in time:"}
_SAID_IN = {  # event type -> the field with its words, where that is not `text`
    "check_started": "command",
    "check_finished": "output",
    "context_compacted": "summary",
    "loop_suspected": "tool",
    "sandbox_checked": "says",
    "level_changed": "reason",
    "model_changed": "model",
}
_FATES = {
    CallStatus.PROPOSED: "was not run",
    CallStatus.WAITING: "waits for an answer",
    CallStatus.APPROVED: "was approved, and not run",
    CallStatus.DENIED: "was denied",
    CallStatus.RUNNING: "was running at the end of the record",
    CallStatus.DONE: "done",
    CallStatus.FAILED: "failed",
    CallStatus.UNKNOWN: "started, and nobody knows how it ended",
}


def outcome(state: SessionState) -> str:
    """How the session stands."""
    words = _STATES[state.status]
    if state.status == "done" and state.verified:
        return f"{words}; {_SURE.get(state.verified, state.verified)}"
    return words


def forked(start: SessionStarted | None) -> str:
    """Where the session parted from another; empty if it did not."""
    parent = start.parent if start else None
    return f"session {parent.session}, after event {parent.seq}" if parent else ""


def level(number: int) -> str:
    """`3, Human in the loop`."""
    return f"{number}, {LEVEL_NAMES.get(number, 'unknown')}"


def target(args: JsonObject) -> str:
    """The argument that says most about a call, on one line."""
    return " ".join(about(args).split())


def fate(call: Call) -> str:
    """What became of a call."""
    view = call.view
    words = _FATES[view.status]
    if view.blocked:
        words += ", kept by the sandbox from something"
    if view.exit_code is not None and view.status.is_settled:
        words += f", exit code {view.exit_code}"
    if view.duration_ms and view.status in (CallStatus.DONE, CallStatus.FAILED):
        words += f", {span(view.duration_ms)}"
    return words


def answer(asking: Asking) -> str:
    """Who answered, how, and after how long."""
    if asking.answer is None:
        return "asked, and not answered"
    words = f"{answered(asking.answer)} after {span(asking.waited_ns / 1e6)}"
    return f"{words}, with other arguments" if asking.proposed is not None else words


def answered(event: CallAnswered) -> str:
    """Who answered and how."""
    return f"{_ANSWERS[event.answer]} by {_WHO[event.by]}".replace(": by", ": decided by")


def moment(event: BETWEEN) -> str:
    """What happened between two steps, in a few words; what was said in it is `speech`."""
    match event:
        case HumanMessage() | HumanSteered() | NoteAdded() | HumanCalled() | HumanAnswered():
            return _human(event)
        case ModelChanged():
            human = event.by == "human"
            return "a person chose another model" if human else "the model stayed the same"
        case SessionPaused() | SessionResumed() | SessionEnded() | LevelChanged():
            return _lifecycle(event)
        case RuleGranted() | RuleRevoked() | SandboxChecked():
            return _standing(event)
        case CheckStarted() | CheckFinished() | LimitWarned() | LimitHit() | LoopSuspected():
            return _guard(event)
        case ServerChecked() | ServiceEnded():
            return told(event, human="a person")
        case ContextCompacted():
            how = "folded into a summary" if event.summary else "told with long results shortened"
            return f"events up to {event.upto} were {how}"
        case _:
            assert_never(event)


def speech(event: BETWEEN) -> str:
    """The words of a person, the model or a program in an event between steps."""
    match event:
        case HumanAnswered():
            return "" if event.answer == "withdrawn" else event.text or event.answer
        case HumanMessage() | HumanSteered():
            return with_attached(event.text, event.attached)
        case RuleGranted():
            return "\n".join(event.grant.matches)
        case ServiceEnded():
            return ": ".join(filter(None, (event.service, event.output)))
        case ServerChecked():
            return ": ".join(filter(None, (event.server, event.says)))
        case _:
            return str(getattr(event, _SAID_IN.get(event.type, "text"), ""))


def _human(
    event: HumanMessage | HumanSteered | NoteAdded | HumanCalled | HumanAnswered,
) -> str:
    match event:
        case HumanMessage():
            return "a person wrote"
        case HumanSteered():
            return told(event, human="a person")
        case NoteAdded():
            return f"a note on event {event.at}"
        case HumanCalled():
            return "a person was asked" if event.kind == "question" else "a person was called"
        case HumanAnswered():
            return told(event, human="a person")


def _guard(
    event: CheckStarted | CheckFinished | LimitWarned | LimitHit | LoopSuspected,
) -> str:
    match event:
        case CheckStarted():
            return told(event)
        case CheckFinished():
            took = span(event.duration_ms)
            return f"{told(event)} in {took}"
        case LimitWarned() | LimitHit():
            return told(event)
        case LoopSuspected():
            return told(event)


def _lifecycle(event: SessionPaused | SessionResumed | SessionEnded | LevelChanged) -> str:
    match event:
        case SessionPaused():
            return _PAUSES[event.reason]
        case SessionResumed():
            return told(event, human="a person")
        case SessionEnded():
            return f"ended: {_STATES[event.outcome]}"
        case LevelChanged():
            return f"level {level(event.level)}, set by {_SETTER[event.by]}"


def _standing(event: RuleGranted | RuleRevoked | SandboxChecked) -> str:
    match event:
        case RuleGranted():
            return f"a person gave a standing permission ({event.grant.rule.scope})"
        case RuleRevoked():
            return "a standing permission was taken back"
        case SandboxChecked():
            return f"sandbox: {event.backend}" if event.passed else "there is no sandbox"
