"""A proposed call on its way through the gate: examined, judged, bound to what was shown."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.harness.binding import bind
from loopdeck.harness.setting import Setting
from loopdeck.permissions.policy import Policy, Verdict, judge
from loopdeck.permissions.secrets import holds_mark
from loopdeck.ports import Action, ToolUse
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    Event,
)
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Decision

log = logging.getLogger(__name__)

NOBODY = "nobody is watching"
MARKED = (
    "These arguments hold ‹redacted:…›, which stands for a secret that is not in the log. "
    "Nothing ran: find a way that does not need it, or ask your human."
)
CHANGED = "What it would change has changed since it was shown: look again."


@dataclass(slots=True, kw_only=True)
class Case:
    """A call and what its examination caused; one that is nothing more is settled already."""

    use: ToolUse
    category: Category = Category.UNKNOWN
    events: list[Event] = field(default_factory=list[Event])
    finished: CallFinished | None = None


@dataclass(slots=True, kw_only=True)
class OpenCase(Case):
    """A call that can still run: what it would do, and what was decided about it."""

    action: Action
    decision: Decision
    binding: str = ""
    parallel: bool = False
    started: bool = False


class Examiner:
    """Turns what the model wrote into cases. Runs nothing."""

    def __init__(self, setting: Setting, session: str) -> None:
        self._setting = setting
        self._session = session
        self._parallel = {spec.name for spec in setting.toolbox.specs if spec.parallel}

    def examine(self, use: ToolUse, state: SessionState) -> Case:
        """Validate and judge a call; wrong arguments and unknown tools are its result."""
        if holds_mark(use.args):
            return settled(use, MARKED)
        try:
            action = self._setting.toolbox.prepare(use.tool, use.args)
            verdict = self._judge(use, action, state)
            return self._decided(use, action, verdict)
        except ToolError as error:
            return settled(use, str(error))
        except Exception:
            log.exception("examining %s", use.tool)
            return settled(use, "The tool could not look at these arguments; nothing ran.")

    def ask(self, case: OpenCase, *, again: str) -> CallAsked:
        """A request for the call, bound to the world as it is now. Raises `ToolError`."""
        case.binding = self.hash(case)
        return CallAsked(
            call_id=case.use.call_id,
            binding=case.binding,
            preview=case.action.preview(),
            again=again,
        )

    def hash(self, case: OpenCase) -> str:
        """What the case would be bound to now. Raises `ToolError`."""
        use = case.use
        return bind(self._session, use.call_id, use.tool, use.args, case.action)

    def _judge(self, use: ToolUse, action: Action, state: SessionState) -> Verdict:
        policy = Policy(
            state.level,
            state.rules,
            Path(state.workspace),
            self._setting.home,
            self._setting.own,
        )
        return judge(use.tool, use.args, action.assess(), policy)

    def _decided(self, use: ToolUse, action: Action, verdict: Verdict) -> Case:
        judged = _judged(use.call_id, verdict)
        if verdict.decision is Decision.DENY:
            denied = denied_by_rule(use.call_id, verdict.rule)
            return Case(use=use, category=verdict.category, events=[judged, denied])
        case = OpenCase(
            use=use,
            category=verdict.category,
            events=[judged],
            action=action,
            decision=verdict.decision,
            parallel=use.tool in self._parallel,
        )
        if not verdict.decision.needs_human:
            return case
        case.events.append(self.ask(case, again=""))
        if self._setting.on_ask != "deny":
            return case
        events = [*case.events, denied_by_rule(use.call_id, NOBODY)]
        return Case(use=use, category=verdict.category, events=events)


def settled(use: ToolUse, text: str) -> Case:
    """A call that cannot run: the text is its result."""
    finished = CallFinished(call_id=use.call_id, ok=False, output=text, by="harness")
    return Case(use=use, events=[finished], finished=finished)


def denied_by_rule(call_id: str, reason: str) -> CallAnswered:
    """The refusal of a call that no human refused."""
    return CallAnswered(call_id=call_id, answer="denied", by="rule", reason=reason)


def _judged(call_id: str, verdict: Verdict) -> CallJudged:
    return CallJudged(
        call_id=call_id,
        verdict=verdict.decision,
        category=verdict.category,
        level=verdict.level,
        rule=verdict.rule,
        reasons=tuple(verdict.reasons),
        facts=dict(verdict.facts),
    )
