"""A proposed call on its way through the gate, with all that was found out about it."""

from dataclasses import dataclass, field

from loopdeck.permissions.policy import Verdict
from loopdeck.ports import Action, ToolUse
from loopdeck.session.events import CallAnswered, CallAsked, CallFinished, Event
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Decision, JsonObject

NOBODY = "nobody is watching"


@dataclass(slots=True, kw_only=True)
class Case:
    """A call and what its examination caused; one that is nothing more is settled already."""

    use: ToolUse
    category: Category = Category.UNKNOWN
    events: list[Event] = field(default_factory=list[Event])
    finished: CallFinished | None = None


@dataclass(slots=True, kw_only=True)
class OpenCase(Case):
    """A call that can still run: what it would do, and what was decided about it.

    `parts` is what its binding was made of, for a sentence about what has changed.
    """

    action: Action
    verdict: Verdict
    binding: str = ""
    parts: JsonObject = field(default_factory=dict[str, object])
    parallel: bool = False
    started: bool = False

    @property
    def decision(self) -> Decision:
        """What was decided when it was last judged."""
        return self.verdict.decision

    def renew(self, fresh: "OpenCase") -> None:
        """Become what a new examination found."""
        self.use, self.action, self.category = fresh.use, fresh.action, fresh.category
        self.verdict, self.binding, self.parts = fresh.verdict, fresh.binding, fresh.parts

    def judge(self, verdict: Verdict) -> None:
        """Stand under another verdict."""
        self.verdict = verdict

    def show(self, request: "Request") -> None:
        """From now on an answer is an answer to this request."""
        self.binding, self.parts = request.asked.binding, request.parts


@dataclass(frozen=True, slots=True)
class Request:
    """A question to the human, and what its binding was made of."""

    asked: CallAsked
    parts: JsonObject


def settled(use: ToolUse, text: str) -> Case:
    """A call that cannot run: the text is its result."""
    finished = CallFinished(call_id=use.call_id, ok=False, output=text, by="harness")
    return Case(use=use, events=[finished], finished=finished)


def denied_by_rule(call_id: str, reason: str) -> CallAnswered:
    """The refusal of a call that no human refused."""
    return CallAnswered(call_id=call_id, answer="denied", by="rule", reason=reason)


def terms(state: SessionState) -> tuple[object, ...]:
    """What of a state a verdict depends on: if it is another by now, so may be the verdict."""
    return (state.level, state.rules, state.grants, state.taint, state.sandbox)
