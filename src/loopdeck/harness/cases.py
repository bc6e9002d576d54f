"""A proposed call on its way through the gate: examined, judged, bound to what was shown."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.harness.binding import bind
from loopdeck.harness.setting import Setting
from loopdeck.permissions.policy import Policy, Verdict, judge
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


@dataclass(slots=True)
class Case:
    """One call: what the model wrote, what it would do, and what was decided about it.

    `events` are those that its examination caused. A case without an action is settled already.
    """

    use: ToolUse
    action: Action | None = None
    decision: Decision = Decision.DENY
    category: Category = Category.UNKNOWN
    binding: str = ""
    parallel: bool = False
    started: bool = False
    events: list[Event] = field(default_factory=list[Event])
    finished: CallFinished | None = None


class Examiner:
    """Turns what the model wrote into cases. Runs nothing."""

    def __init__(self, setting: Setting, session: str) -> None:
        self._setting = setting
        self._session = session
        self._parallel = {spec.name for spec in setting.toolbox.specs if spec.parallel}

    def examine(self, use: ToolUse, state: SessionState) -> Case:
        """Validate and judge a call; wrong arguments and unknown tools are its result."""
        try:
            action = self._setting.toolbox.prepare(use.tool, use.args)
            verdict = self._judge(use, action, state)
            case = Case(use, action, verdict.decision, verdict.category)
            case.parallel = use.tool in self._parallel
            case.events.append(_judged(use.call_id, verdict))
            self._decide(case, verdict)
        except ToolError as error:
            return _failed(use, str(error))
        except Exception:
            log.exception("examining %s", use.tool)
            return _failed(use, "The tool could not look at these arguments; nothing ran.")
        return case

    def rebind(self, case: Case, *, again: str) -> CallAsked:
        """A fresh request for the same call, bound to the world as it is now."""
        assert case.action is not None
        case.binding = self.hash(case)
        return CallAsked(
            call_id=case.use.call_id,
            binding=case.binding,
            preview=case.action.preview(),
            again=again,
        )

    def hash(self, case: Case) -> str:
        """What the case would be bound to now."""
        assert case.action is not None
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

    def _decide(self, case: Case, verdict: Verdict) -> None:
        call_id = case.use.call_id
        if verdict.decision is Decision.DENY:
            case.action = None
            case.events.append(_denied(call_id, verdict.rule))
        elif verdict.decision.needs_human:
            case.events.append(self.rebind(case, again=""))
            if self._setting.on_ask == "deny":
                case.action = None
                case.events.append(_denied(call_id, NOBODY))


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


def _denied(call_id: str, reason: str) -> CallAnswered:
    return CallAnswered(call_id=call_id, answer="denied", by="rule", reason=reason)


def _failed(use: ToolUse, text: str) -> Case:
    finished = CallFinished(call_id=use.call_id, ok=False, output=text, by="harness")
    return Case(use, events=[finished], finished=finished)
