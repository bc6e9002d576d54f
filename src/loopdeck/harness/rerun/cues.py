"""What came from outside in a recording: the commands behind a human's events, and their moment."""

from collections.abc import Iterator
from dataclasses import dataclass

from loopdeck.harness.gating.gate import INTERRUPTED, NOT_RUN
from loopdeck.harness.prompt.words import KEPT, STOPPED
from loopdeck.harness.rerun.tape import Tape
from loopdeck.session.commands import (
    Answer,
    Approve,
    Command,
    Compact,
    Deny,
    GoOn,
    Interrupt,
    Pause,
    Revoke,
    Say,
    SetLevel,
    SetModel,
    Steer,
    Stop,
    StopService,
)
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CheckFinished,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    ModelChanged,
    ModelReplied,
    ModelRequested,
    RuleGranted,
    RuleRevoked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)

UNUSABLE = "The edited arguments cannot be used: "
UNTOLD = {"‹not in the log›": True}
"""Stands for arguments that a human typed and that could not be used: the log has only why."""

_BY_ITSELF = "Stopped by its human."
_CUT_SHORT = frozenset({INTERRUPTED, NOT_RUN, "Interrupted before it was finished."})

Said = Command | None
"""A command; `None` is the program being closed."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said once everything before its place has happened; `until` is its last event."""

    said: tuple[Said, ...]
    until: int


def cues(tape: Tape) -> dict[int, Cue]:
    """Everything that came from outside, by place."""
    found: dict[int, Cue] = {}
    for place in range(len(tape)):
        for at, said in _cue(tape, place):
            before = found[at].said if at in found else ()
            found[at] = Cue((*before, said), place)
    return found


def _cue(tape: Tape, place: int) -> Iterator[tuple[int, Said]]:
    event = tape.event(place)
    match event:
        case CallAnswered(by="human" | "rule") | CallAsked():
            yield from _about_call(tape, place, event)
        case HumanSteered(text=""):
            yield place, Interrupt() if _stopped(tape, place) else Steer(text="")
        case HumanAnswered() | HumanMessage() | HumanSteered():
            yield from ((place, command) for command in _spoken(event))
        case ModelRequested() | ContextCompacted():
            yield from _shortened(tape, place)
        case LevelChanged() | ModelChanged() | RuleRevoked() | ServiceEnded():
            yield from ((place, command) for command in _ruled(tape, place, event))
        case SessionPaused() | SessionResumed() | SessionEnded():
            yield from _switched(tape, place, event)
        case _:
            pass


def _shortened(tape: Tape, place: int) -> Iterator[tuple[int, Said]]:
    """Why a prompt was made shorter is not in the log, unless its model had refused it."""
    only = isinstance(tape.event(place), ContextCompacted)
    begins = not isinstance(tape.event(place - 1), ModelReplied) if only else tape.sums_up(place)
    if begins and not _after_refusal(tape, place):
        yield _since_the_last_look(tape, place), Compact(results_only=only)


def _after_refusal(tape: Tape, place: int) -> bool:
    """Whether the request before a place was too long, and nothing else has happened since."""
    while place > 0 and not isinstance(tape.event(place - 1), ModelRequested):
        if not isinstance(tape.event(place - 1), ContextCompacted):
            return False
        place -= 1
    return tape.too_long(place - 1)


def _about_call(
    tape: Tape, place: int, event: CallAnswered | CallAsked
) -> Iterator[tuple[int, Said]]:
    call_id = event.call_id
    if isinstance(event, CallAsked):
        if event.again.startswith(UNUSABLE) and not isinstance(tape.event(place - 1), CallAnswered):
            yield place, Approve(call_id=call_id, binding="", args=UNTOLD)
        return
    if event.by == "rule":
        yield from _yes_that_a_rule_forbade(tape, place, event)
        return
    start, grant = place, None
    before = tape.event(start - 1)
    if isinstance(before, RuleGranted) and before.call_id == call_id:
        start, grant = start - 1, before.grant
    before = tape.event(start - 1)
    if isinstance(before, CallJudged) and before.call_id == call_id:
        start -= 1  # it was judged again as the human gave their answer
    if event.answer == "denied":
        yield start, Deny(call_id=call_id, reason=event.reason)
    elif event.answer == "approved":
        yield (
            start,
            Approve(call_id=call_id, binding="", args=event.args, grant=grant, store=event.store),
        )


def _yes_that_a_rule_forbade(
    tape: Tape, place: int, event: CallAnswered
) -> Iterator[tuple[int, Said]]:
    """A yes that came after the level was lowered: the call was judged again, and denied."""
    before = tape.event(place - 1)
    if event.answer == "approved" or not isinstance(before, CallJudged):
        return
    if before.call_id == event.call_id and _waits(tape, event.call_id, place - 1):
        yield place - 1, Approve(call_id=event.call_id, binding="")


def _waits(tape: Tape, call_id: str, place: int) -> bool:
    """Whether a call waits for its answer at a place."""
    earlier = [tape.event(at) for at in tape.places(call_id) if at < place]
    turns = [event for event in earlier if isinstance(event, CallAsked | CallAnswered)]
    return bool(turns) and isinstance(turns[-1], CallAsked)


def _spoken(event: HumanAnswered | HumanMessage | HumanSteered) -> Iterator[Command]:
    match event:
        case HumanAnswered(answer="withdrawn"):
            pass
        case HumanAnswered():
            yield Answer(
                ask_id=event.ask_id, answer=event.answer, text=event.text, limits=event.limits
            )
        case HumanMessage():
            yield Say(text=event.text, attached=event.attached)
        case HumanSteered():
            yield Steer(text=event.text, attached=event.attached)


def _stopped(tape: Tape, place: int) -> bool:
    """Whether the run paused for an interruption; an early harness went on at once."""
    for after in range(place + 1, len(tape)):
        match tape.event(after):
            case SessionPaused(reason="human", text=text):
                return text == STOPPED
            case ModelRequested():
                return False
            case _:
                continue
    return True


def _ruled(
    tape: Tape, place: int, event: LevelChanged | ModelChanged | RuleRevoked | ServiceEnded
) -> Iterator[Command]:
    match event:
        case LevelChanged(by="human"):
            yield SetLevel(level=event.level)
        case LevelChanged(reason=reason) if reason == KEPT:
            yield SetLevel(level=5)
        case ModelChanged():
            yield SetModel(model=event.model)
        case RuleRevoked() if not _with_resumption(tape, place):
            yield Revoke(grant_id=event.grant_id)
        case ServiceEnded(why="human"):
            yield StopService(service=event.service)
        case _:
            pass


def _switched(
    tape: Tape, place: int, event: SessionPaused | SessionResumed | SessionEnded
) -> Iterator[tuple[int, Said]]:
    match event:
        case SessionPaused(reason="human", text=text) if text != STOPPED:
            yield _since_the_last_look(tape, place), Pause()
        case SessionPaused(reason="signal"):
            yield _first_consequence(tape, place), None
        case SessionResumed(new_process=False):
            yield place, GoOn()
        case SessionEnded(outcome="stopped") if not _stopped_by_answer(tape, place):
            reason = "" if event.text == _BY_ITSELF else event.text
            yield _first_consequence(tape, place), Stop(reason=reason)
        case _:
            pass


def _with_resumption(tape: Tape, place: int) -> bool:
    """Whether a permission was taken back as the session was taken up again."""
    while isinstance(tape.event(place), RuleRevoked):
        place -= 1
    before = tape.event(place)
    return isinstance(before, SessionResumed) and before.new_process


def _since_the_last_look(tape: Tape, place: int) -> int:
    """The loop looks for a pause before each request: any moment after the last one will do."""
    while place > 0 and not isinstance(
        tape.event(place - 1), ModelRequested | SessionResumed | SessionStarted
    ):
        place -= 1
    return place


def _first_consequence(tape: Tape, place: int) -> int:
    """Where what was under way began to be closed because of an interruption."""
    while place > 0 and _was_cut_short(tape.event(place - 1)):
        place -= 1
    return place


def _was_cut_short(event: Event | None) -> bool:
    match event:
        case CallFinished(ok=False, output=output) | CheckFinished(ok=False, output=output):
            return output in _CUT_SHORT
        case HumanAnswered(answer="withdrawn"):
            return True
        case _:
            return False


def _stopped_by_answer(tape: Tape, place: int) -> bool:
    """Whether the human stopped the run by answering a question of it."""
    at = place - 1
    while at >= 0 and not isinstance(tape.event(at), ModelRequested):
        event = tape.event(at)
        if isinstance(event, HumanAnswered) and event.answer == "stop":
            return True
        at -= 1
    return False
