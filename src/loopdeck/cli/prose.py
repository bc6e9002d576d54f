"""One plain line about an event, for people who read a run without a screen."""

from collections.abc import Iterable

from loopdeck.figures import span
from loopdeck.session.attached import attached_line
from loopdeck.session.calls import about
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    CallUnknown,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    ModelFailed,
    ModelReplied,
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
from loopdeck.session.telling import server_fate, service_fate, told
from loopdeck.session.values import TextBlock

WIDTH = 100


class Calls:
    """The numbers that calls go by, from 1, in the order in which they were proposed."""

    def __init__(self, proposed: Iterable[str] = ()) -> None:
        self._numbers = {call_id: number for number, call_id in enumerate(proposed, 1)}

    def name(self, call_id: str) -> str:
        """What a call is named on each of its lines; a new one gets the next number."""
        return f"call {self._numbers.setdefault(call_id, len(self._numbers) + 1)}"


def sentence(event: Event, calls: Calls) -> str:
    """What happened, in one line; empty for events that nobody needs to read."""
    match event:
        case SessionStarted():
            return f"goal: {event.goal}"
        case ModelReplied():
            said = " ".join(b.text for b in event.blocks if isinstance(b, TextBlock))
            return f"≡ the model {told(event)}" if told(event) else _clip(said)
        case ModelFailed():
            wait = f" Trying again in {event.wait_s:.0f} s." if event.wait_s is not None else ""
            return f"✗ {event.error}{wait}"
        case CallProposed() | CallAsked() | CallAnswered() | CallFinished() | CallUnknown():
            return _call(event, calls.name(event.call_id))
        case _:
            return _turning_point(event)


def _call(
    event: CallProposed | CallAsked | CallAnswered | CallFinished | CallUnknown, name: str
) -> str:
    match event:
        case CallProposed():
            return f"  ○ {name} {event.tool} {_cut(in_a_row(about(event.args)))}"
        case CallAsked():
            return f"  ◐ {name} waits for approval, as {event.call_id}"
        case CallAnswered():
            reason = f": {event.reason}" if event.reason else ""
            return f"  {name} {event.answer} by {event.by}{reason}"
        case CallFinished():
            return _finished(event, name)
        case CallUnknown():
            return f"  ? {name} {told(event)}"


def _finished(event: CallFinished, name: str) -> str:
    if event.blocked:
        return f"  ⊘ {name} the sandbox kept it from: {_clip(event.blocked)}"
    if event.ok and event.withheld:
        return f"  ✓ {name} {event.withheld} characters went to the agent, unstored"
    how = span(event.duration_ms) if event.ok else _clip(event.output)
    return f"  {'✓' if event.ok else '✗'} {name} {how}"


def _turning_point(event: Event) -> str:
    match event:
        case CheckFinished():
            return (
                "✓ the check passed" if event.ok else f"✗ the check failed: {_clip(event.output)}"
            )
        case LimitHit() | LimitWarned() | LoopSuspected():
            return f"! {told(event)}"
        case ServiceEnded():
            return f"⚙ the service {_clip(event.service)} {service_fate(event)}"
        case ServerChecked():
            sign, why = "▣" if event.passed else "!", _clip(event.says)
            fate = f"the MCP server {_clip(event.server)} {server_fate(event)}"
            return f"{sign} {fate}: {why}" if why else f"{sign} {fate}"
        case CheckStarted():
            return told(event)
        case SessionPaused() | SessionResumed() | SessionEnded():
            return _lifecycle(event)
        case _:
            return _human(event)


def _lifecycle(event: SessionPaused | SessionResumed | SessionEnded) -> str:
    match event:
        case SessionPaused():
            return f"paused: {event.text or event.reason}"
        case SessionResumed():
            return told(event)
        case SessionEnded():
            sure = f", {event.verified}" if event.outcome == "done" else ""
            return f"■ {event.outcome}{sure}"


def question(kind: str, text: str) -> str:
    """What is asked, on one line; of a call whose end nobody saw without what is left of it."""
    parts = text.split("\n\n")
    return " ".join(" ".join(parts[:2]).split()) if kind == "unknown" else text


def _turned(event: LevelChanged | ModelChanged) -> str:
    if isinstance(event, LevelChanged):
        return f"level {event.level}, by {event.by}"
    return f"model {event.model}, by {event.by} {event.reason}".rstrip()


def _beside(event: HumanMessage | HumanSteered) -> str:
    return "".join(f"\n  {_clip(attached_line(one))}" for one in event.attached or ())


def _human(event: Event) -> str:
    match event:
        case HumanMessage():
            return f"you: {_clip(event.text)}{_beside(event)}"
        case HumanSteered():
            said = f"you, at once: {_clip(event.text)}{_beside(event)}"
            return said if event.text else told(event)
        case HumanCalled():
            return f"◐ {question(event.kind, event.text)}"
        case HumanAnswered():
            withdrawn = told(event) if event.answer == "withdrawn" else ""
            return f"  {withdrawn or 'answered: ' + _clip(event.text or event.answer)}"
        case ContextCompacted():
            return f"≡ {told(event)}"
        case LevelChanged() | ModelChanged():
            return _turned(event)
        case RuleGranted() | RuleRevoked() | SandboxChecked():
            return _standing(event)
        case _:
            return ""


def _standing(event: RuleGranted | RuleRevoked | SandboxChecked) -> str:
    match event:
        case RuleGranted():
            words = _cut(in_a_row(" and ".join(event.grant.matches)))
            return f"✚ standing permission ({event.grant.rule.scope}): {words}"
        case RuleRevoked():
            return f"⊘ standing permission {event.grant_id} taken back"
        case SandboxChecked():
            says = f": {_clip(event.says)}" if event.says else ""
            return f"sandbox {event.backend}{says}" if event.passed else f"no sandbox{says}"


def in_a_row(text: str) -> str:
    """Lines as one line that says where they ended: two commands are not one with arguments."""
    return text.strip().replace("\n", "⏎")


def _clip(text: str) -> str:
    return _cut(" ".join(text.split()))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
