"""One tool call as it looks at some moment: the fold of that call's own events."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    CallUnknown,
)
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record, mark, settles
from loopdeck.session.values import Assessment, Category, Decision, JsonObject, Preview, Reason

TELLING = ("command", "pattern", "path", "question", "url", "uri", "query", "name")
LIVE_TAIL = 8_000  # characters of streamed output kept in a view; the journal has the rest


class CallStatus(StrEnum):
    """Where a call stands."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_settled(self) -> bool:
        """True once nothing more can happen to the call by itself."""
        return self in (CallStatus.DENIED, CallStatus.DONE, CallStatus.FAILED)


CallEvent = (
    CallProposed
    | CallJudged
    | CallAsked
    | CallAnswered
    | CallStarted
    | CallOutput
    | CallFinished
    | CallUnknown
)


@dataclass(frozen=True)
class CallView:
    """Everything known about one call; times are (wall, monotonic) nanoseconds."""

    call_id: str
    step: int
    tool: str
    args: JsonObject
    seq: int
    status: CallStatus = CallStatus.PROPOSED
    verdict: Decision | None = None
    category: Category | None = None
    level: int = 0
    rule: str = ""
    floor: bool = False
    reasons: tuple[Reason, ...] = ()
    facts: JsonObject = field(default_factory=dict[str, object])
    grant_id: str = ""
    store: bool = True
    preview: Preview | None = None
    binding: str = ""
    again: str = ""
    asked: tuple[int, int] | None = None
    answered: tuple[int, int] | None = None
    answer: str = ""
    answered_by: str = ""
    answer_reason: str = ""
    original_args: JsonObject | None = None
    reply: tuple[str, str] | None = None  # what the human answered to a question of this call
    started: tuple[int, int] | None = None
    live_output: str = ""
    output: str = ""
    duration_ms: float = 0.0
    diff: str = ""
    files: tuple[str, ...] = ()
    exit_code: int | None = None
    full_output: str = ""
    blocked: str = ""
    withheld: int = 0

    @property
    def assessment(self) -> Assessment:
        """What its tool said of it; of one that nobody judged, nothing is known."""
        category = self.category or Category.UNKNOWN
        return Assessment(category=category, reasons=self.reasons, facts=self.facts)

    @property
    def waited_ns(self) -> int:
        """How long its human took; by wall time, as the answer may come after a restart."""
        if self.asked is None or self.answered is None:
            return 0
        return max(0, self.answered[0] - self.asked[0])


_NEW = CallView("", 0, "", {}, 0)  # copied: cheaper than thirty fields set one by one


def telling(args: JsonObject) -> str | None:
    """The name of the argument that says most about a call, if one of them does."""
    return next((name for name in TELLING if name in args), None)


def about(args: JsonObject) -> str:
    """That argument as text; empty where there is none."""
    name = telling(args)
    return text_of(args[name]) if name else ""


def text_of(value: object) -> str:
    """A value of a JSON object, as it is read: words without quotes."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str, indent=None)


def of_call(records: Iterable[Record], call_id: str) -> Iterator[Record]:
    """Every event of one call, in order, to its end; what its service prints later is not its."""
    for record in records:
        if isinstance(record.event, CallEvent) and record.event.call_id == call_id:
            yield record
            line = mark(record)
            if line is not None and settles(line):
                return


def advance_call(view: CallView | None, record: Record, event: CallEvent) -> CallView | None:
    """The view after one more event of the call; an event of an unknown call changes nothing."""
    if isinstance(event, CallProposed):
        return evolve(
            _NEW,
            call_id=event.call_id,
            step=event.step,
            tool=event.tool,
            args=event.args,
            seq=record.seq,
        )
    if view is None:
        return None
    if isinstance(event, (CallJudged, CallAsked, CallAnswered)):
        return _decide(view, record, event)
    return _run(view, record, event)


def _decide(
    view: CallView, record: Record, event: CallJudged | CallAsked | CallAnswered
) -> CallView:
    now = (record.ts, record.mono)
    match event:
        case CallJudged():
            return evolve(
                view,
                verdict=event.verdict,
                category=event.category,
                level=event.level,
                rule=event.rule,
                floor=event.floor,
                reasons=event.reasons,
                facts=event.facts,
                grant_id=event.grant_id,
            )
        case CallAsked():
            return evolve(
                view,
                status=CallStatus.WAITING,
                asked=now,
                answered=None,
                preview=event.preview,
                binding=event.binding,
                again=event.again,
            )
        case CallAnswered():
            return _answer(view, event, now)
        case _:
            assert_never(event)


def _answer(view: CallView, event: CallAnswered, now: tuple[int, int]) -> CallView:
    yes = event.answer == "approved"
    edited = event.args is not None
    return evolve(
        view,
        status=CallStatus.APPROVED if yes else CallStatus.DENIED,
        answered=now,
        answer=event.answer,
        answered_by=event.by,
        answer_reason=event.reason,
        binding=event.binding or view.binding,
        store=event.store,
        args=event.args if event.args is not None else view.args,
        original_args=(view.original_args or view.args) if edited else view.original_args,
    )


def _run(
    view: CallView, record: Record, event: CallStarted | CallOutput | CallFinished | CallUnknown
) -> CallView:
    match event:
        case CallStarted():
            now = (record.ts, record.mono)  # what was said of an earlier start is not about this
            return evolve(view, status=CallStatus.RUNNING, started=now, reply=None)
        case CallOutput() if view.status.is_settled:
            return view  # of its service, and kept beside the calls
        case CallOutput():
            return evolve(view, live_output=(view.live_output + event.text)[-LIVE_TAIL:])
        case CallFinished():
            return evolve(
                view,
                status=CallStatus.DONE if event.ok else CallStatus.FAILED,
                output=event.output,
                live_output="",
                duration_ms=event.duration_ms,
                diff=event.diff,
                files=event.files,
                exit_code=event.exit_code,
                full_output=event.full_output,
                blocked=event.blocked,
                withheld=event.withheld,
            )
        case CallUnknown():
            return evolve(view, status=CallStatus.UNKNOWN, answer_reason=event.reason)
        case _:
            assert_never(event)
