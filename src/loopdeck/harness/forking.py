"""A fork: the beginning of a session as the beginning of another, with something changed.

The log of a fork is whole: it holds its parent's records as they were, up to a moment at which
nothing was under way, so that nothing of the past is done again. What differs from there on is
written after it as what it is: a human's message, or a human's change to a call's arguments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from loopdeck.errors import UsageError
from loopdeck.session.calls import CallEvent, CallStatus, CallView
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
    CallUnknown,
    Event,
    HumanAnswered,
    HumanMessage,
    HumanSteered,
    ModelRequested,
    PlanRevised,
    SessionStarted,
)
from loopdeck.session.records import UNMARKED, Record
from loopdeck.session.reducer import advance, project
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.values import JsonObject, Parent

LEFT = "Not run: your human forked the session before this call had run."
CHANGED = "You changed it as you forked: look at it once more before it runs."
_ACTS = (CallAnswered, CallStarted, CallFinished, CallUnknown)
_OWN = frozenset({"note_added", "bookmark_added"})


@dataclass(frozen=True, slots=True)
class Fork:
    """The first records of a fork; `at` is the parent's last one in it, `message` comes next.

    `step` is how many steps of the parent are in it.
    """

    records: tuple[Record, ...]
    at: int
    step: int
    message: str = ""


def forked(records: Sequence[Record], at: int, session: str, *, message: str = "") -> Fork:
    """A fork at the last moment up to `at` at which nothing was under way.

    At a human's message or at the goal, the message takes its place. Raises `UsageError`.
    """
    _check(records, at)
    event = records[at - 1].event
    if isinstance(event, SessionStarted):
        first = replace(records[0], event=event.model_copy(update={"goal": message or event.goal}))
        return Fork(_beginning([first], session, records[0], 0), 0, 0)
    if message and isinstance(event, HumanMessage | HumanSteered):
        at -= 1
    point = fork_point(records, at)
    kept = records[:point]
    return Fork(_beginning(kept, session, records[0], point), point, project(kept).step, message)


def forked_at_call(
    records: Sequence[Record],
    call_id: str,
    session: str,
    args: JsonObject,
    now: int,
    *,
    message: str = "",
) -> Fork:
    """A fork right before a call acted, with other arguments, which its human is shown again.

    Calls of the same reply that had begun keep their results; others are left. Raises `UsageError`.
    """
    proposed = _find(records, call_id, CallProposed)
    if proposed is None:
        raise UsageError(f"There is no call {call_id}.", "`loopdeck sessions show` lists them.")
    acts = _find(records, call_id, *_ACTS) or len(records) + 1
    kept = [record for record in records[: acts - 1] if not _of_call(record, call_id, proposed)]
    state = project(_numbered(kept))
    target = next((call for call in state.calls if call.call_id == call_id), None)
    if target is None or state.phase is Phase.ENDED:
        raise UsageError(f"The call {call_id} was over by then.", "Fork at an earlier moment.")
    for call in state.calls:
        if call.call_id != call_id and not call.status.is_settled:
            kept += _as_it_ended(records, acts, call)
    last = kept[-1]
    asked = CallAsked(call_id=call_id, binding="", again=CHANGED)
    yes = CallAnswered(call_id=call_id, answer="approved", by="human", args=args)
    kept += [replace(last, ts=max(now, last.ts), event=event) for event in (asked, yes)]
    point = acts - 1
    return Fork(_beginning(kept, session, records[0], point), point, state.step, message)


def fork_point(records: Sequence[Record], at: int) -> int:
    """The last moment up to `at` at which nothing was under way: between two steps, or the end."""
    state, point = SessionState(), 1
    for record in records[:at]:
        if isinstance(record.event, ModelRequested) and _is_at_rest(state):
            point = max(point, state.last_seq)
        state = advance(state, record)
    following = records[at].event if at < len(records) else None
    ends = following is None or isinstance(following, ModelRequested)
    between = ends and _is_at_rest(state) and state.phase is not Phase.THINKING
    return at if between else point


def _check(records: Sequence[Record], at: int) -> None:
    if not 1 <= at <= len(records):
        raise UsageError(
            f"There is no event #{at}: the session has {len(records)}.", "Name one with --at."
        )


def _is_at_rest(state: SessionState) -> bool:
    open_calls = [call for call in state.calls if not call.status.is_settled]
    return not open_calls and not state.asks and state.phase is not Phase.CHECKING


def _beginning(
    records: Sequence[Record], session: str, parent: Record, point: int
) -> tuple[Record, ...]:
    """Records as the first ones of another session, which names its parent."""
    first, *rest = _numbered(records)
    origin = Parent(session=parent.session, seq=point)
    event = first.event.model_copy(update={"parent": origin})
    return tuple(
        replace(record, session=session) for record in (replace(first, event=event), *rest)
    )


def _numbered(records: Sequence[Record]) -> list[Record]:
    return [replace(record, seq=seq) for seq, record in enumerate(records, start=1)]


def _find(records: Sequence[Record], call_id: str, *kinds: type[CallEvent]) -> int | None:
    """The number of a call's first event of these kinds."""
    for record in records:
        if isinstance(record.event, kinds) and record.event.call_id == call_id:
            return record.seq
    return None


def _of_call(record: Record, call_id: str, proposed: int) -> bool:
    """What was decided about the call as it was; and notes, whose places would no longer fit."""
    if record.seq <= proposed:
        return False
    event = record.event
    decided = isinstance(event, CallJudged | CallAsked) and event.call_id == call_id
    return decided or event.type in _OWN


def _as_it_ended(records: Sequence[Record], acts: int, call: CallView) -> list[Record]:
    """How another call of the reply ended, as the parent's log has it, or that it was left."""
    later = records[acts - 1 :]
    if call.status is not CallStatus.RUNNING:
        text = CallFinished(call_id=call.call_id, ok=False, output=LEFT, by="harness")
        return [replace(records[acts - 2], event=text)]
    found: list[Record] = []
    for record in _after_start(later, call.call_id):
        found.append(record)
        if isinstance(record.event, CallFinished | CallUnknown):
            return found
    return []  # nobody saw its end: taking the fork up asks about it


def _after_start(records: Sequence[Record], call_id: str) -> Iterator[Record]:
    """What belongs to a running call: its output, the plan it wrote, its question, its end."""
    asks: set[str] = set()
    for record in records:
        event: Event = record.event
        if getattr(event, "call_id", None) == call_id and event.type not in UNMARKED:
            asks.add(getattr(event, "ask_id", ""))
            yield record
        elif (isinstance(event, HumanAnswered) and event.ask_id in asks) or isinstance(
            event, PlanRevised
        ):
            yield record
