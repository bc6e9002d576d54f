"""A session as a person tells it: steps with their calls, and what happened between them.

One pure pass over the records, whatever is in them and in whatever order. Calls and totals are
the reducer's own, so that a file says what the deck said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from loopdeck.session.calls import CallEvent, CallView, advance_call
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallOutput,
    CallProposed,
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
    ModelChunk,
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
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.values import JsonObject, TextBlock, ThinkingBlock

BETWEEN = (
    SessionResumed
    | SessionPaused
    | SessionEnded
    | LevelChanged
    | ModelChanged
    | HumanMessage
    | HumanSteered
    | HumanCalled
    | HumanAnswered
    | NoteAdded
    | CheckStarted
    | CheckFinished
    | LimitWarned
    | LimitHit
    | LoopSuspected
    | ContextCompacted
    | RuleGranted
    | RuleRevoked
    | SandboxChecked
    | ServerChecked
    | ServiceEnded
)
"""The events that stand by themselves between two steps."""


@dataclass(slots=True)
class Asking:
    """Once that a human, a rule or a limit had to answer for a call."""

    asked: Record
    event: CallAsked
    answered: Record | None = None
    answer: CallAnswered | None = None
    proposed: JsonObject | None = None  # the arguments that the answer replaced

    @property
    def waited_ns(self) -> int:
        """How long the answer took; nothing while there is none."""
        return max(0, self.answered.ts - self.asked.ts) if self.answered else 0


@dataclass(slots=True)
class Call:
    """A call as it stands at the end of the records, and every time it was asked about."""

    view: CallView
    askings: list[Asking] = field(default_factory=list[Asking])
    answer: CallAnswered | None = None
    streamed: str = ""  # output of one that never finished


@dataclass(slots=True)
class Step:
    """One turn of the model."""

    number: int
    record: Record
    replied: Record | None = None
    reply: ModelReplied | None = None
    model: str = ""
    attempts: int = 1
    draft: str = ""  # what had streamed in of a reply that never came
    faults: list[ModelFailed] = field(default_factory=list[ModelFailed])
    calls: list[Call] = field(default_factory=list[Call])

    @property
    def text(self) -> str:
        """What the model said."""
        blocks = self.reply.blocks if self.reply else ()
        return "\n\n".join(block.text for block in blocks if isinstance(block, TextBlock))

    @property
    def thought(self) -> str:
        """What the model thought, as far as its vendor shows it."""
        blocks = self.reply.blocks if self.reply else ()
        return "\n\n".join(block.text for block in blocks if isinstance(block, ThinkingBlock))


@dataclass(frozen=True, slots=True)
class Between:
    """Something between two steps."""

    record: Record
    event: BETWEEN


@dataclass(slots=True)
class Story:
    """The whole session, in order."""

    session: str = ""
    start: SessionStarted | None = None
    first: Record | None = None
    parts: list[Step | Between] = field(default_factory=list["Step | Between"])
    plans: list[tuple[int, PlanRevised]] = field(default_factory=list[tuple[int, PlanRevised]])
    state: SessionState = field(default_factory=SessionState)

    @property
    def steps(self) -> list[Step]:
        """The turns of the model."""
        return [part for part in self.parts if isinstance(part, Step)]

    @property
    def calls(self) -> list[Call]:
        """Every call, in the order they were proposed."""
        return [call for step in self.steps for call in step.calls]


def story_of(records: Iterable[Record]) -> Story:
    """Tell the records."""
    teller = _Teller()
    for record in records:
        teller.take(record)
    return teller.story


class _Teller:
    def __init__(self) -> None:
        self.story = Story()
        self._calls: dict[str, Call] = {}

    def take(self, record: Record) -> None:
        story, event = self.story, record.event
        story.state = advance(story.state, record)
        if story.first is None:
            story.first, story.session = record, record.session
        match event:
            case SessionStarted():
                story.start = story.start or event
            case PlanRevised():
                story.plans.append((record.seq, event))
            case ModelRequested() | ModelChunk() | ModelReplied() | ModelFailed():
                self._model(record, event)
            case _ if isinstance(event, CallEvent):
                self._call(record, event)
            case _ if isinstance(event, BETWEEN):
                story.parts.append(Between(record, event))
            case _:
                pass  # a bookmark marks a moment, and says nothing

    def _model(
        self, record: Record, event: ModelRequested | ModelChunk | ModelReplied | ModelFailed
    ) -> None:
        number = event.step if not isinstance(event, ModelChunk) else None
        step = self._step(record, number)
        match event:
            case ModelRequested():
                step.model, step.attempts, step.draft = event.model, event.attempt, ""
            case ModelChunk():
                step.draft += event.text if event.kind == "text" else ""
            case ModelReplied():
                step.reply, step.replied = event, record
            case ModelFailed():
                step.faults.append(event)

    def _step(self, record: Record, number: int | None) -> Step:
        """The step an event belongs to: the newest, unless it names another."""
        newest = next((one for one in reversed(self.story.parts) if isinstance(one, Step)), None)
        if newest is not None and number in (None, newest.number):
            return newest
        step = Step(number or 1, record)
        self.story.parts.append(step)
        return step

    def _call(self, record: Record, event: CallEvent) -> None:
        call = self._calls.get(event.call_id)
        view = advance_call(call.view if call else None, record, event)
        if view is None:
            return
        if call is None or isinstance(event, CallProposed):
            call = self._calls[event.call_id] = Call(view)
            self._step(record, view.step).calls.append(call)
            return
        match event:
            case CallAsked():
                call.askings.append(Asking(record, event))
            case CallAnswered():
                _answer(call, record, event)
            case CallOutput():
                call.streamed += event.text
            case _:
                pass
        call.view = view


def _answer(call: Call, record: Record, event: CallAnswered) -> None:
    call.answer = event
    if call.askings and call.askings[-1].answer is None:
        asking = call.askings[-1]
        asking.answered, asking.answer = record, event
        asking.proposed = call.view.args if event.args is not None else None
