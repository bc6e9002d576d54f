"""What is true at one moment of a session: a small frozen value, whatever the session's length.

It holds what is open (the current step's calls, the waiting asks, the draft being streamed) and
running totals. History is not in it: panes page history from the journal by the outline.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.forms import FormField
from loopdeck.session.services import ServiceView
from loopdeck.session.standing import GrantView
from loopdeck.session.values import (
    SCRIPTED,
    AskKind,
    Limits,
    Outcome,
    Parent,
    PauseReason,
    PlanItem,
    Rule,
    Usage,
    Verified,
)

RUN_IT = "run it"
LEAVE_OUT = "leave it out"
"""What answers the question about a check that came with an imported log."""

Status = Literal["running", "waiting", "paused", "done", "failed", "stopped", "limit"]
"""How a whole session stands, as its log says: an `Outcome` once it ended."""
CheckStatus = Literal["unchecked", "running", "passed", "failed"]


class Phase(StrEnum):
    """What the harness was last seen doing."""

    IDLE = "idle"
    THINKING = "thinking"
    ACTING = "acting"
    CHECKING = "checking"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AskView:
    """A call for the human that is still open."""

    ask_id: str
    kind: AskKind
    text: str
    options: tuple[str, ...]
    call_id: str | None
    seq: int
    at: tuple[int, int]
    form: tuple[FormField, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The reply that is streaming in: the last of its text, and how long it is in all."""

    kind: Literal["text", "thinking"] = "text"
    text: str = ""
    length: int = 0


@dataclass(frozen=True)
class CheckView:
    """The definition of done and how its last try went."""

    command: str
    status: CheckStatus = "unchecked"
    attempts: int = 0
    output: str = ""
    accepted: bool = True  # false for one that came with an imported log, until a human says yes


@dataclass(frozen=True)
class Totals:
    """Running sums over the session; `cost_usd` is a lower bound once `cost_known` is false.

    Of replies that were `cut` the server had not told all: with one of them every sum is that.
    """

    usage: Usage = field(default_factory=Usage)
    cost_usd: float = 0.0
    cost_known: bool = True
    cut: int = 0
    calls: int = 0
    errors: int = 0
    asked: int = 0
    approved: int = 0
    denied: int = 0
    human_wait_ns: int = 0
    span: int = 0
    longest_span: int = 0

    @property
    def known_usd(self) -> float | None:
        """What is known of the cost; `None` where nothing is."""
        return self.cost_usd if self.cost_known or self.cost_usd else None

    @property
    def cost_is_all(self) -> bool:
        """True where `cost_usd` is no lower bound."""
        return self.cost_known and not (self.cut and self.cost_usd)


@dataclass(frozen=True)
class SessionState:
    """The session at `last_seq`. `elapsed_ns` is time at work, pauses left out."""

    session: str = ""
    last_seq: int = 0
    last_ts: int = 0
    last_mono: int = 0
    started_ts: int = 0
    ended_ts: int | None = None
    elapsed_ns: int = 0
    goal: str = ""
    model: str = ""
    workspace: str = ""
    instructions: str = ""
    initiative: str = "human"
    parent: Parent | None = None  # of a fork
    forked_ts: int | None = None  # when the fork left its parent
    level: int = 3
    limits: Limits = field(default_factory=Limits)
    rules: tuple[Rule, ...] = ()
    grants: tuple[GrantView, ...] = ()
    sandbox: str | None = None  # the backend that passed, "" for none, None before it was tried
    sandbox_says: str = ""
    taint: str = ""  # the tool that brought outside content in since the human last wrote
    taint_step: int = 0  # the step in which it first did
    services: tuple[ServiceView, ...] = ()
    foreign: int = 0  # up to this event the log was written elsewhere, and is nobody's word here
    phase: Phase = Phase.IDLE
    pause_reason: PauseReason | Literal[""] = ""
    step: int = 0
    answered: int = 0  # steps that got their reply
    plan: tuple[PlanItem, ...] = ()
    draft: Draft | None = None
    calls: tuple[CallView, ...] = ()
    asks: tuple[AskView, ...] = ()
    check: CheckView | None = None
    totals: Totals = field(default_factory=Totals)
    retry_wait_s: float | None = None
    failed_ts: int = 0  # when the model last failed: the wait began then
    fault: str = ""
    outcome: Outcome | Literal[""] = ""
    verified: Verified | Literal[""] = ""
    closing_text: str = ""

    @property
    def waiting(self) -> tuple[CallView, ...]:
        """The calls that wait for an answer, oldest first."""
        return tuple(call for call in self.calls if call.status is CallStatus.WAITING)

    @property
    def unknown(self) -> tuple[CallView, ...]:
        """The calls whose outcome nobody knows."""
        return tuple(call for call in self.calls if call.status is CallStatus.UNKNOWN)

    @property
    def pending(self) -> int:
        """How many things wait for the human."""
        return len(self.waiting) + len(self.asks)

    @property
    def rests(self) -> bool:
        """True while nothing works: not begun, paused, ended, or only waiting for the human."""
        if self.phase in (Phase.PAUSED, Phase.ENDED) or self.last_seq == 0:
            return True
        busy = any(call.status is CallStatus.RUNNING for call in self.calls)
        return bool(self.pending) and not busy and self.phase is not Phase.THINKING

    @property
    def is_scripted(self) -> bool:
        """True when a script stands in for the model."""
        return self.model.startswith(SCRIPTED)

    @property
    def status(self) -> Status:
        """One word for the whole session, as `sessions list` shows it."""
        if self.phase is Phase.ENDED and self.outcome:
            return self.outcome
        if self.pending or (self.phase is Phase.PAUSED and self.pause_reason == "waiting"):
            return "waiting"
        return "paused" if self.phase is Phase.PAUSED else "running"

    def standing(self, now: int) -> tuple[Rule, ...]:
        """Every rule that holds at `now` (UTC ns): the session's own, then the grants."""
        return (
            *(rule for rule in self.rules if rule.holds(now)),
            *(rule for view in self.grants if view.stands(now) for rule in view.grant.rules),
        )

    def call(self, call_id: str) -> CallView | None:
        """The open call of this id."""
        return next((call for call in self.calls if call.call_id == call_id), None)
