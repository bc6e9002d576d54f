"""Events as labelled lines: words instead of signs, nothing that moves, nothing cut in the middle.

Every line begins with what it is; what belongs to it follows, indented.
"""

from collections.abc import Iterator

from loopdeck.app.paint.calls import why
from loopdeck.app.plain.labels import INDENT, body, indented, labelled, one_line
from loopdeck.app.view.words import target
from loopdeck.figures import clock, count, money, plural, span
from loopdeck.session.attached import attached_line
from loopdeck.session.events import (
    BookmarkAdded,
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
    ModelRequested,
    NoteAdded,
    PlanRevised,
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
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from loopdeck.session.telling import server_fate, service_fate, told
from loopdeck.session.values import TextBlock

LONGEST = 20  # lines of a result before the rest is only counted
_PLAN = {"todo": "to do", "doing": "doing", "done": "done", "dropped": "dropped"}
_CALLS = (CallProposed, CallAsked, CallAnswered, CallFinished, CallUnknown)
_LIFE = (SessionStarted, SessionResumed, SessionPaused, SessionEnded)
_MODEL = (ModelReplied, ModelFailed, PlanRevised, ContextCompacted)
_CHECKS = (CheckStarted, CheckFinished, LimitWarned, LimitHit, LoopSuspected)


class Teller:
    """Tells one session from its beginning, and numbers its calls on the way.

    `brief` leaves to others to say what a request is about.
    """

    def __init__(self, *, brief: bool = False) -> None:
        self._brief = brief
        self._numbers: dict[str, int] = {}
        self._step = 0
        self._said = ""  # by the agent, last

    def number(self, call_id: str) -> int:
        """The number a call goes by, from 1."""
        return self._numbers.setdefault(call_id, len(self._numbers) + 1)

    def tell(self, record: Record, state: SessionState) -> list[str]:
        """What to print for a record; `state` is the session right after it."""
        event = record.event
        if isinstance(event, _CALLS):
            return list(self._call(event, state))
        if isinstance(event, _LIFE):
            return list(_life(event, state, self._said))
        if isinstance(event, ModelRequested):
            return self._step_of(event, state)
        if isinstance(event, _MODEL):
            if isinstance(event, ModelReplied):
                self._said = "\n".join(b.text for b in event.blocks if isinstance(b, TextBlock))
            return list(_model(event))
        return list(_check(event) if isinstance(event, _CHECKS) else _human(event))

    def _call(
        self,
        event: CallProposed | CallAsked | CallAnswered | CallFinished | CallUnknown,
        state: SessionState,
    ) -> Iterator[str]:
        name = f"call {self.number(event.call_id)}"
        match event:
            case CallProposed():
                about = target(event.args)
                yield labelled(name, f"{one_line(event.tool)} {about}".rstrip())
            case CallAsked():
                call = None if self._brief else state.call(event.call_id)
                reasons = "; ".join(why(call)) if call else ""
                yield labelled("waits", f"{name} waits for an answer. {reasons}".rstrip())
            case CallAnswered():
                yield from self._answered(event, name, state)
            case CallFinished():
                yield from _finished(event, name)
            case CallUnknown():
                yield labelled("unknown", f"nobody saw how {name} ended. {one_line(event.reason)}")

    def _answered(self, event: CallAnswered, name: str, state: SessionState) -> Iterator[str]:
        call = state.call(event.call_id)
        who = "you" if event.by == "human" else f"a {event.by}"
        waited = f", after {span(call.waited_ns / 1e6)}" if call and call.waited_ns else ""
        edited = ", with other arguments" if event.args is not None else ""
        reason = f": {one_line(event.reason)}" if event.reason else ""
        yield labelled("answer", f"{name} {event.answer} by {who}{edited}{waited}{reason}")
        if event.args is not None:
            yield f"{INDENT}now: {target(event.args)}"

    def _step_of(self, event: ModelRequested, state: SessionState) -> list[str]:
        if event.step == self._step:
            return []
        self._step = event.step
        return ["", labelled(f"step {event.step}", f"{clock(state.elapsed_ns)} at work")]


def _model(
    event: ModelReplied | ModelFailed | PlanRevised | ContextCompacted,
) -> Iterator[str]:
    match event:
        case ModelReplied():
            yield from _reply(event)
        case ModelFailed():
            again = "" if event.wait_s is None else f" Trying again in {event.wait_s:.0f} s."
            yield labelled(
                "problem", f"{one_line(event.error)} {one_line(event.hint)}{again}".strip()
            )
        case PlanRevised():
            done = sum(item.state == "done" for item in event.items)
            yield labelled("plan", f"{done} of {len(event.items)} done")
            for item in event.items:
                yield f"{INDENT}{_PLAN[item.state]}: {one_line(item.text)}"
        case ContextCompacted():
            yield labelled("notice", told(event))


def _reply(event: ModelReplied) -> Iterator[str]:
    if told(event):  # what it says is for the model alone
        yield labelled("notice", f"the agent {told(event)}")
        return
    for block in event.blocks:
        if isinstance(block, TextBlock) and block.text.strip():
            yield from body("agent", block.text)


def _finished(event: CallFinished, name: str) -> Iterator[str]:
    how = f"{span(event.duration_ms)}" if event.ok else f"failed, {span(event.duration_ms)}"
    label = f"result of {name}, {how}"
    if event.blocked:
        yield labelled("sandbox", f"it kept {name} from something. {one_line(event.blocked)}")
    if event.withheld:
        yield labelled(label, f"{event.withheld:,} characters went to the agent, unstored")
    elif event.diff:
        files = ", ".join(one_line(path) for path in event.files)
        yield labelled(label, f"changed {files}" if files else "a change")
        yield from indented(event.diff, LONGEST)
        if event.exit_code is not None and event.output:  # a command, which also said something
            yield from body(f"output of {name}", event.output, LONGEST)
    else:
        yield from body(label, event.output or "nothing was printed", LONGEST)


def _life(
    event: SessionStarted | SessionResumed | SessionPaused | SessionEnded,
    state: SessionState,
    said: str,
) -> Iterator[str]:
    match event:
        case SessionStarted():
            yield from body("goal", event.goal)
            level = f"level {event.level}, {LEVEL_NAMES[event.level]}"
            scripted = ", a scripted model" if state.is_scripted else ""
            yield labelled("model", f"{one_line(event.model)}{scripted}, {level}")
            yield labelled("workspace", one_line(event.workspace))
            if event.check:
                yield labelled("done when", f"{one_line(event.check)} succeeds")
        case SessionResumed():
            yield labelled("forked" if event.fork else "resumed", told(event))
        case SessionPaused():
            yield labelled("paused", one_line(event.text or event.reason))
        case SessionEnded():
            sure = f", {event.verified}" if event.outcome == "done" else ""
            totals = state.totals
            cost = money(totals.cost_usd, known=totals.cost_is_all)
            tokens = count(totals.usage.total, known=not totals.cut)
            sums = f"{plural(state.step, 'step')}, {tokens} tokens, {cost}"
            yield ""
            yield labelled("end", f"{event.outcome}{sure}, after {sums}")
            if event.text.strip() != said.strip():
                yield from body("last words", event.text)


def _check(
    event: CheckStarted | CheckFinished | LimitWarned | LimitHit | LoopSuspected,
) -> Iterator[str]:
    match event:
        case CheckStarted():
            yield labelled(f"check {event.attempt}", one_line(event.command))
        case CheckFinished():
            word = "passed" if event.ok else "failed"
            yield labelled(f"check {event.attempt} {word}", span(event.duration_ms))
            if not event.ok:
                yield from indented(event.output, LONGEST)
        case LimitWarned() | LimitHit():
            yield one_line(told(event))
        case LoopSuspected():
            text = f"{one_line(event.tool)} gave the same result {event.count} times"
            yield labelled("notice", text)


def _attached(event: HumanMessage | HumanSteered) -> Iterator[str]:
    for one in event.attached or ():
        yield f"  {one_line(attached_line(one))}"


def _human(event: Event) -> Iterator[str]:
    match event:
        case HumanMessage():
            yield from body("you", event.text)
            yield from _attached(event)
        case HumanSteered():
            if event.text:
                yield from body("you, at once", event.text)
                yield from _attached(event)
            else:
                yield told(event)
        case HumanCalled():
            yield from body("question", event.text)
        case HumanAnswered():
            taken = told(event) if event.answer == "withdrawn" else ""
            yield labelled("answer", taken or one_line(event.text or event.answer))
        case NoteAdded():
            yield labelled("note", f"about event {event.at}: {one_line(event.text)}")
        case BookmarkAdded():
            yield labelled("bookmark", f"event {event.at} {one_line(event.label)}".rstrip())
        case _:
            yield from _terms(event)


def _terms(event: Event) -> Iterator[str]:
    match event:
        case LevelChanged():
            reason = f": {one_line(event.reason)}" if event.reason else ""
            yield labelled("level", f"{event.level}, {LEVEL_NAMES[event.level]}{reason}")
        case ModelChanged():
            reason = f": {one_line(event.reason)}" if event.reason else ""
            yield labelled("model", f"{one_line(event.model)}{reason}")
        case RuleGranted():
            yield labelled("permission", f"given: {one_line(' and '.join(event.grant.matches))}")
        case RuleRevoked():
            yield labelled("permission", "taken back")
        case ServerChecked():
            yield labelled("server", one_line(f"{event.server} {server_fate(event)} {event.says}"))
        case ServiceEnded():
            yield labelled("service", one_line(f"{event.service} {service_fate(event)}"))
        case SandboxChecked():
            none = f"none {one_line(event.says)}".rstrip()
            yield labelled("sandbox", f"{one_line(event.backend)} holds" if event.passed else none)
        case _:
            return
