"""A run in outline, for holding it beside another: its steps, what each called, what all cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from json import dumps

from loopdeck.session.calls import CallEvent, CallStatus, CallView, advance_call
from loopdeck.session.events import (
    CallFinished,
    CallOutput,
    Event,
    ModelChunk,
    ModelReplied,
    ModelRequested,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.spent import times_of
from loopdeck.session.values import Category, JsonObject, TextBlock, Usage


@dataclass(frozen=True, slots=True)
class CallSketch:
    """A call as far as two runs are compared: what it was to do, and how it ended."""

    tool: str
    args: JsonObject
    status: CallStatus = CallStatus.PROPOSED
    output: str = ""
    files: tuple[str, ...] = ()
    ms: float = 0.0
    changes: bool = False

    @property
    def intent(self) -> str:
        """The same for calls that were to do the same."""
        return f"{self.tool} {dumps(self.args, sort_keys=True, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class StepSketch:
    """One step, and the events `seq` to `last` that are its; its cost is `None` if unknown.

    With a reply that was `cut`, or a part that is `unpriced`, what is known is the least. `ns` is
    the time that the model, tools and its human took: a pause, or the days before a resume, are no
    part of a step.
    """

    step: int
    seq: int
    last: int
    said: str = ""
    calls: tuple[CallSketch, ...] = ()
    tokens: int = 0
    cost_usd: float | None = 0.0
    ns: int = 0
    cut: bool = False
    unpriced: bool = False

    @property
    def cost_is_all(self) -> bool:
        """True where `cost_usd` is known, and no lower bound."""
        return not self.unpriced and not (self.cut and self.cost_usd)

    @property
    def signature(self) -> tuple[str, ...]:
        """What the step was to do: its calls, whatever words came with them."""
        return tuple(call.intent for call in self.calls)

    @property
    def ends(self) -> tuple[CallStatus, ...]:
        """How its calls ended."""
        return tuple(call.status for call in self.calls)


@dataclass(frozen=True, slots=True)
class RunSketch:
    """A whole run."""

    session: str
    goal: str
    model: str
    level: int
    outcome: str
    steps: tuple[StepSketch, ...]
    tokens: int = 0
    cost_usd: float | None = None
    cost_is_all: bool = False
    cut: bool = False
    worked_ns: int = 0
    waited_ns: int = 0
    asked: int = 0
    tools: dict[str, int] = field(default_factory=dict[str, int])
    files: tuple[str, ...] = ()


def sketch(records: Sequence[Record]) -> RunSketch:
    """The outline of a session's records."""
    state = project(records)
    times = times_of(records)
    busy = {time.seq: time.busy for time in times}
    steps = [replace(step, ns=busy.get(step.seq, 0)) for step in _steps(records)]
    calls = [call for step in steps for call in step.calls]
    tools: dict[str, int] = {}
    for call in calls:
        tools[call.tool] = tools.get(call.tool, 0) + 1
    return RunSketch(
        session=state.session,
        goal=state.goal,
        model=state.model,
        level=state.level,
        outcome=f"done, {state.verified}" if state.status == "done" else state.status,
        steps=tuple(steps),
        tokens=state.totals.usage.total,
        cost_usd=state.totals.known_usd,
        cost_is_all=state.totals.cost_is_all,
        cut=state.totals.cut > 0,
        worked_ns=state.elapsed_ns,
        waited_ns=sum(time.wait for time in times),
        asked=state.totals.asked,
        tools=tools,
        files=tuple(sorted({path for call in calls for path in call.files})),
    )


def _steps(records: Sequence[Record]) -> list[StepSketch]:
    """Every step; what follows its request up to the next one belongs to it."""
    steps: list[StepSketch] = []
    views: dict[str, CallView] = {}
    for record in records:
        event = record.event
        if isinstance(event, ModelRequested) and (not steps or steps[-1].step != event.step):
            steps.append(StepSketch(event.step, record.seq, record.seq))
            views = {}
        if not steps:
            continue
        _call(views, record)
        steps[-1] = replace(
            _spoken(steps[-1], event),
            last=record.seq,
            calls=tuple(_sketched(view) for view in views.values()),
        )
    return steps


def _spoken(step: StepSketch, event: Event) -> StepSketch:
    if isinstance(event, ModelChunk) and event.usage is not None:  # the last of a cut reply
        return replace(_paid(step, event.usage, event.cost_usd or 0.0), cut=True)
    if isinstance(event, CallFinished) and event.usage is not None:
        return _paid(step, event.usage, event.cost_usd)
    if not isinstance(event, ModelReplied):
        return step
    said = "\n".join(block.text for block in event.blocks if isinstance(block, TextBlock))
    return replace(_paid(step, event.usage, event.cost_usd), said=said)


def _paid(step: StepSketch, usage: Usage, cost: float | None) -> StepSketch:
    unpriced, known = step.unpriced or cost is None, (step.cost_usd or 0.0) + (cost or 0.0)
    return replace(
        step,
        tokens=step.tokens + usage.total,
        cost_usd=None if unpriced and not known else known,
        unpriced=unpriced,
    )


def _call(views: dict[str, CallView], record: Record) -> None:
    """A call of an earlier step that ends late is no part of this one."""
    event = record.event
    if not isinstance(event, CallEvent) or isinstance(event, CallOutput):
        return
    view = advance_call(views.get(event.call_id), record, event)
    if view is not None:
        views[event.call_id] = view


def _sketched(view: CallView) -> CallSketch:
    changes = view.category not in (None, Category.READ)
    refused = view.status is CallStatus.DENIED
    return CallSketch(
        view.tool,
        view.args,
        view.status,
        view.answer_reason if refused else view.output,
        view.files if changes else (),
        view.duration_ms,
        changes,
    )
