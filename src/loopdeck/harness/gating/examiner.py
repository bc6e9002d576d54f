"""Turns what the model wrote into cases: examined, judged, bound to what a human is shown."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.harness.gating.binding import difference, nonce_of, parts_of, seal
from loopdeck.harness.gating.cases import NOBODY, Case, OpenCase, Request, denied_by_rule, settled
from loopdeck.harness.gating.lowering import by_outside_content
from loopdeck.harness.gating.present import Present
from loopdeck.harness.setting import Setting
from loopdeck.permissions.fingerprint import policy_hash
from loopdeck.permissions.policy import INNER_TOOLS, Policy, Verdict, judge
from loopdeck.permissions.rules.reaching import lets_search
from loopdeck.permissions.secrets.redacting import Redactor, holds_mark
from loopdeck.ports import Action, ToolUse
from loopdeck.session.events import CallAsked, CallJudged, RuleRevoked
from loopdeck.session.evolve import evolve
from loopdeck.session.state import SessionState
from loopdeck.session.values import Decision, JsonObject

log = logging.getLogger(__name__)

UNSEEN = "The tool could not look at these arguments; nothing ran."
MARKED = (
    "These arguments hold ‹redacted:…›, which stands for a secret that is not in the log. "
    "Nothing ran: find a way that does not need it, or ask your human."
)


class Examiner:
    """Turns what the model wrote into cases. Runs nothing.

    A verdict falls at once. What a human is to see is looked up aside, as that may take a while.
    """

    def __init__(self, setting: Setting, session: str, redactor: Redactor | None = None) -> None:
        self._setting = setting
        self._session = session
        self._present = Present(setting)
        self._pepper = redactor.pepper if redactor else ""

    def look(
        self, use: ToolUse, state: SessionState, *, counts: bool = False, own: str = ""
    ) -> Case:
        """Validate and judge a call; wrong arguments and unknown tools are its result.

        Where it `counts`, it uses up what is left of the permission that lets it run; `own` is
        the one that it has used already.
        """
        if use.fault:
            return settled(use, use.fault)
        try:
            if use.tool not in INNER_TOOLS and holds_mark(use.args):
                return settled(use, MARKED)
            action = self._setting.toolbox.prepare(use.tool, use.args)
            policy = self._policy(state, own=own)
            verdict = judge(use.tool, use.args, action.assess(), policy)
            if counts and not self._present.use(state, verdict.grant_id):
                # Another session was quicker: what is left decides.
                return self.look(use, state, counts=True)
            used = own or verdict.grant_id  # and may be one permission less by now
            return self._decided(use, action, verdict, self._policy(state) if used else policy)
        except ToolError as error:
            return settled(use, str(error))
        except Exception:
            log.exception("examining %s", use.tool)
            return settled(use, UNSEEN)

    async def examine_all(self, uses: Sequence[ToolUse], state: SessionState) -> list[Case]:
        """The calls of one reply, each with its request where somebody has to answer.

        A permission for N calls is used up by N of them.
        """
        cases: list[Case] = []
        for use in uses:
            case = self.look(use, state, counts=True)
            if isinstance(case, OpenCase):
                state = _counted(state, case.verdict.grant_id, 1)
            cases.append(case)
        return await self._with_requests(cases, state)

    async def examine_again(self, case: OpenCase, state: SessionState) -> Case:
        """The same call once more, with its request where somebody has to answer."""
        return (await self._with_requests([self.look_again(case, state)], state))[0]

    def look_again(self, case: OpenCase, state: SessionState) -> Case:
        """The same call once more; the use of a permission that it was counted for is its own."""
        own = case.verdict.grant_id
        return self.look(case.use, _counted(state, own, -1), own=own)

    def taken_back(self, state: SessionState) -> list[RuleRevoked]:
        """The grants of the session that somebody took back elsewhere."""
        return self._present.taken_back(state)

    async def ask(self, case: OpenCase, state: SessionState, *, again: str) -> Request:
        """A request for the call, bound to the world as it is now. Raises `ToolError`."""
        parts_now, nonce = self._parts(case, state), self._setting.nonce()

        def looked_up() -> Request:
            # Bound first: what changes before it is shown is found out when the call is to run.
            parts = parts_now()
            asked = CallAsked(
                call_id=case.use.call_id,
                binding=seal(parts, nonce),
                preview=case.action.preview(),
                again=again,
            )
            return Request(asked, parts)

        return await self._setting.aside(looked_up)

    async def moved(self, case: OpenCase, state: SessionState) -> str:
        """What is no longer as it was shown; empty if nothing is. Raises `ToolError`."""
        now = await self._setting.aside(self._parts(case, state))
        if seal(now, nonce_of(case.binding)) == case.binding:
            return ""
        return difference(case.parts, now)

    def rules_moved(self, case: OpenCase, state: SessionState) -> bool:
        """Whether the rules are others than when it was asked about, so that it is judged anew."""
        return case.parts.get("policy") != policy_hash(self._policy(state))

    def weighs_other(self, case: OpenCase) -> bool:
        """Whether what the call would do is no longer of the category that it was judged to be."""
        return case.action.assess().category is not case.category

    def lets_search(self, state: SessionState) -> bool:
        """Whether the model's maker may search the web for the next reply."""
        return self._setting.search and lets_search(self._present.rules(state), state.level)

    def _parts(self, case: OpenCase, state: SessionState) -> Callable[[], JsonObject]:
        """What the call is bound to; all that is left to do is to look at the disk."""
        policy = policy_hash(self._policy(state))
        return partial(parts_of, self._session, case.use, case.action, policy, self._pepper)

    def _policy(self, state: SessionState, *, own: str = "") -> Policy:
        return Policy(
            state.level,
            self._present.rules(state, own=own),
            Path(state.workspace),
            self._setting.home,
            self._setting.own,
            sandboxed=bool(state.sandbox),
            tainted=state.taint,
        )

    def _decided(self, use: ToolUse, action: Action, verdict: Verdict, policy: Policy) -> Case:
        judged = _judged(use.call_id, verdict, policy)
        if verdict.decision is Decision.DENY:
            denied = denied_by_rule(use.call_id, verdict.rule)
            return Case(use=use, category=verdict.category, events=[judged, denied])
        return OpenCase(
            use=use,
            category=verdict.category,
            events=[judged],
            action=action,
            verdict=verdict,
            parallel=self._is_parallel(use.tool),
        )

    def _is_parallel(self, tool: str) -> bool:
        """Asked each time: a server may have said only now what its tools do."""
        return any(spec.parallel for spec in self._setting.toolbox.specs if spec.name == tool)

    async def _with_requests(self, cases: list[Case], state: SessionState) -> list[Case]:
        """The cases at the level that they leave, which the first of them causes, and requests."""
        found = (by_outside_content(case.category, state) for case in cases)
        if lowered := next(filter(None, found), None):
            state = evolve(state, level=lowered.level)
            cases = [self.look_again(c, state) if isinstance(c, OpenCase) else c for c in cases]
        done = [await self._with_request(case, state) for case in cases]
        if lowered:
            done[0].events.insert(0, lowered)
        return done

    async def _with_request(self, case: Case, state: SessionState) -> Case:
        if not isinstance(case, OpenCase) or not case.decision.needs_human:
            return case
        try:
            request = await self.ask(case, state, again="")
        except ToolError as error:
            return settled(case.use, str(error))
        except Exception:
            log.exception("examining %s", case.use.tool)
            return settled(case.use, UNSEEN)
        case.show(request)
        case.events.append(request.asked)
        if self._setting.on_ask != "deny":
            return case
        events = [*case.events, denied_by_rule(case.use.call_id, NOBODY)]
        return Case(use=case.use, category=case.category, events=events)

    def judged(self, case: OpenCase, state: SessionState) -> CallJudged:
        """What is recorded of the verdict on a case."""
        return _judged(case.use.call_id, case.verdict, self._policy(state))


def _judged(call_id: str, verdict: Verdict, policy: Policy) -> CallJudged:
    return CallJudged(
        call_id=call_id,
        verdict=verdict.decision,
        category=verdict.category,
        level=verdict.level,
        rule=verdict.rule,
        reasons=tuple(verdict.reasons),
        facts=dict(verdict.facts),
        grant_id=verdict.grant_id,
        floor=verdict.floor,
        policy=policy_hash(policy),
    )


def _counted(state: SessionState, grant_id: str, by: int) -> SessionState:
    """The state in which a permission was used so often more."""
    if not grant_id:
        return state
    grants = tuple(
        evolve(view, hits=view.hits + by) if view.grant.grant_id == grant_id else view
        for view in state.grants
    )
    return evolve(state, grants=grants)
