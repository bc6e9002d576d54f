"""Calls of the past, as far as a rule can be held against them: folded from a session's records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from loopdeck.session.attached import taint_of_attached
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallProposed,
    Event,
    HumanMessage,
    HumanSteered,
    RuleGranted,
    SandboxChecked,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.standing import IMPORTED, brought_in
from loopdeck.session.values import Assessment, Category, Decision, JsonObject, Rule

KINDS = frozenset(
    {
        "session_started",
        "session_resumed",
        "sandbox_checked",
        "human_message",
        "human_steered",
        "call_proposed",
        "call_judged",
        "call_answered",
        "rule_granted",
    }
)
"""The events that a recorded call is made of; of `ENDS` only their place, as results are long."""

ENDS = "call_finished"

_REDACTED = "‹redacted:"  # how text begins that stands for a secret


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call that was judged: what the model wanted, what was decided, what its human did.

    `human_answer` is approved, denied, edited (and then run), or empty where nobody was asked or
    nobody answered. `tainted` names what had brought outside content in by then, `sandboxed` says
    whether there was a sandbox. `grant_id` is the standing permission that let it run, `gave` one
    that was given with it.
    """

    session: str
    call_id: str
    tool: str
    args: JsonObject
    category: Category
    facts: JsonObject
    verdict: Decision
    human_answer: str = ""
    rule: str = ""
    level: int = 0
    workspace: str = ""
    at: int = 0
    rules: tuple[Rule, ...] = field(default=(), repr=False)
    tainted: str = ""
    sandboxed: bool = False
    grant_id: str = ""
    gave: str = ""

    @property
    def asked(self) -> bool:
        """Whether somebody had to decide."""
        return self.verdict.needs_human

    @property
    def decidable(self) -> bool:
        """False where a secret was taken out of the arguments: they are not what was judged."""
        return _REDACTED not in str(self.args)

    @property
    def assessment(self) -> Assessment:
        """What its tool said of it then."""
        return Assessment(category=self.category, facts=self.facts)


class Recorded:
    """The fold of one session's records, in order, as far as calls are concerned."""

    def __init__(self) -> None:
        self._start: SessionStarted | None = None
        self._proposed: dict[str, CallProposed] = {}
        self._calls: dict[str, RecordedCall] = {}
        self._tainted = ""
        self._sandboxed = False

    def take(self, records: Iterable[Record]) -> "Recorded":
        """Fold some more."""
        for record in records:
            match record.event:
                case SessionStarted() as event:
                    self._start = event
                case CallProposed() as event:
                    self._proposed[event.call_id] = event
                case CallJudged() as event:
                    self._judge(record, event)
                case CallAnswered(by="human") as event:
                    self._answer(record, event)
                case CallFinished() as event:
                    self.finish(event.call_id)
                case RuleGranted() as event if event.call_id in self._calls:
                    given = replace(self._calls[event.call_id], gave=event.grant.grant_id)
                    self._calls[event.call_id] = given
                case event:
                    self._around(event)
        return self

    def finish(self, call_id: str) -> None:
        """A call has its result, which may be what others wrote."""
        call = self._calls.get(call_id)
        if call is not None:
            self._tainted = brought_in(call.tool, call.category, call.facts) or self._tainted

    def _around(self, event: Event) -> None:
        match event:
            case SandboxChecked():
                self._sandboxed = event.passed
            case SessionResumed(foreign=True):
                self._tainted = IMPORTED
            case HumanMessage() | HumanSteered() if event.text.strip() or event.attached:
                self._tainted = taint_of_attached(event.attached)
            case _:
                pass

    def calls(self) -> Iterator[RecordedCall]:
        """Those that were judged, as they were judged first."""
        yield from self._calls.values()

    def _judge(self, record: Record, event: CallJudged) -> None:
        proposed = self._proposed.get(event.call_id)
        if proposed is None or event.call_id in self._calls:
            return
        self._calls[event.call_id] = RecordedCall(
            session=record.session,
            call_id=event.call_id,
            tool=proposed.tool,
            args=proposed.args,
            category=event.category,
            facts=event.facts,
            verdict=event.verdict,
            rule=event.rule,
            level=event.level,
            workspace=self._start.workspace if self._start else "",
            at=record.ts,
            rules=self._start.rules if self._start else (),
            tainted=self._tainted,
            sandboxed=self._sandboxed,
            grant_id=event.grant_id,
        )

    def _answer(self, record: Record, event: CallAnswered) -> None:
        call = self._calls.get(event.call_id)
        if call is None:
            return
        edited = event.answer == "approved" and event.args is not None
        answer = "edited" if edited else event.answer
        self._calls[event.call_id] = replace(call, human_answer=answer)
