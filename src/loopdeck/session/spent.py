"""Where the time of each step went: the model, tools, its human, or rest; and what it cost.

The spans of a step are cut at its events, and each piece counts once: for the model while a
request is open, else for tools while one runs, else for the human while something waits.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from loopdeck.session.events import (
    CallFinished,
    HumanCalled,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
)
from loopdeck.session.records import Record, event_ref
from loopdeck.session.values import Usage

Side = Literal["model", "tool", "wait", "rest"]
_OPENS: dict[str, Side] = {
    "model_requested": "model",
    "call_asked": "wait",
    "human_called": "wait",
    "call_started": "tool",
    "check_started": "tool",
}
_CLOSES: dict[str, Side] = {
    "model_replied": "model",
    "model_failed": "model",
    "call_answered": "wait",
    "human_answered": "wait",
    "call_finished": "tool",
    "call_unknown": "tool",
    "check_finished": "tool",
}
_RESTS = frozenset({"session_paused", "session_ended"})
_CUT = "model_chunk"  # the last one of a reply that was cut; the others say nothing of it
_FIRST: tuple[Side, ...] = ("model", "tool", "wait")  # of what goes on at the same time
EVENTS = frozenset({*_OPENS, *_CLOSES, *_RESTS, _CUT, "session_resumed"})


@dataclass(frozen=True, slots=True)
class Beat:
    """What a record says of time and money."""

    seq: int
    ts: int
    type: str
    ref: str
    step: int = 0
    tokens: int = 0
    cost: float | None = None
    call_id: str = ""  # of the call that waits for an answer


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step in nanoseconds, from its first event on; `cost_known` is false without a price.

    Of a reply that was `cut` the server had not told all: with one the sums are the least.
    """

    step: int
    seq: int
    last: int
    model: int = 0
    tool: int = 0
    wait: int = 0
    rest: int = 0
    tokens: int = 0
    cost: float = 0.0
    cost_known: bool = True
    cut: bool = False

    @property
    def busy(self) -> int:
        """All of it but the rest."""
        return self.model + self.tool + self.wait


def beat(record: Record) -> Beat | None:
    """What a record says of time and money; `None` if nothing."""
    event = record.event
    if event.type not in EVENTS or (isinstance(event, ModelFailed) and event.wait_s is not None):
        return None  # the pause before the next attempt is the model's
    found = Beat(record.seq, record.ts, event.type, event_ref(event) or "")
    match event:
        case ModelRequested():
            return replace(found, step=event.step)
        case ModelChunk(usage=None):
            return None
        case ModelReplied(usage=usage) | ModelChunk(usage=Usage() as usage):
            return replace(found, tokens=usage.total, cost=event.cost_usd)
        case CallFinished(usage=Usage() as usage):
            return replace(found, tokens=usage.total, cost=event.cost_usd)
        case HumanCalled():
            return replace(found, call_id=event.call_id or "")
        case _:
            return found


@dataclass(slots=True)
class Fold:
    """The steps so far, and what is open: by side, each by what it belongs to."""

    steps: list[StepTime] = field(default_factory=list[StepTime])
    open: dict[Side, set[str]] = field(
        default_factory=lambda: {"model": set(), "tool": set(), "wait": set()}
    )
    at: int = 0
    rests: bool = False

    def take(self, beat: Beat) -> None:
        """The next beat."""
        self._spend(beat.ts)
        if beat.type == "model_requested" and (not self.steps or self.steps[-1].step != beat.step):
            self.steps.append(StepTime(beat.step, beat.seq, beat.seq))
        self._turn(beat)
        if self.steps:
            self._count(beat)

    def _turn(self, beat: Beat) -> None:
        """What is open from here on."""
        opened, closed = _OPENS.get(beat.type), _CLOSES.get(beat.type)
        if opened is not None:
            self.open[opened].add(beat.ref)
        if closed is not None:
            self.open[closed].discard(beat.ref)
        if beat.call_id:
            self.open["tool"].discard(beat.call_id)  # it does nothing until it is answered
        if beat.type in _RESTS or beat.type == "session_resumed":
            self.rests = beat.type in _RESTS
            self.open["model"].clear()
            self.open["tool"].clear()

    def until(self, now: int) -> list[StepTime]:
        """The steps as they stand now, with what goes on since the last beat."""
        going = replace(self, steps=list(self.steps))
        going._spend(now)
        return going.steps

    def _spend(self, now: int) -> None:
        """The time since the last beat goes to whoever it was waited for."""
        spent, self.at = max(0, now - self.at) if self.at else 0, max(self.at, now)
        if not self.steps or not spent:
            return
        step = self.steps[-1]
        match self._side():
            case "model":
                self.steps[-1] = replace(step, model=step.model + spent)
            case "tool":
                self.steps[-1] = replace(step, tool=step.tool + spent)
            case "wait":
                self.steps[-1] = replace(step, wait=step.wait + spent)
            case _:
                self.steps[-1] = replace(step, rest=step.rest + spent)

    def _side(self) -> Side:
        if self.rests:
            return "rest"
        for side in _FIRST:
            if self.open[side]:
                return side
        return "rest"

    def _count(self, beat: Beat) -> None:
        step = self.steps[-1]
        priced = beat.type == "model_replied" or (beat.type == "call_finished" and beat.tokens)
        known = step.cost_known and (not priced or beat.cost is not None)
        self.steps[-1] = replace(
            step,
            last=beat.seq,
            tokens=step.tokens + beat.tokens,
            cost=step.cost + (beat.cost or 0.0),
            cost_known=known,
            cut=step.cut or beat.type == _CUT,
        )


def step_times(beats: Sequence[Beat], upto: int) -> list[StepTime]:
    """Every step up to an event."""
    fold = Fold()
    for one in beats[: bisect_right(beats, upto, key=lambda beat: beat.seq)]:
        fold.take(one)
    return fold.steps


def times_of(records: Iterable[Record]) -> list[StepTime]:
    """Every step of a whole log; two calls that waited for a human at once waited once."""
    fold = Fold()
    for found in map(beat, records):
        if found is not None:
            fold.take(found)
    return fold.steps


def waited_ns(records: Iterable[Record]) -> int:
    """How long a session stood still for its human."""
    return sum(step.wait for step in times_of(records))
