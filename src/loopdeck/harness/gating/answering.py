"""A human's yes or no to a waiting call becomes an event, before anything is done about it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeGuard

from loopdeck.errors import ToolError
from loopdeck.harness.gating.cases import Case, OpenCase
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.gating.granting import grant
from loopdeck.harness.recorder import Recorder
from loopdeck.ports import ToolUse
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.commands import Approve, Deny
from loopdeck.session.events import CallAnswered, CallAsked, Event, RuleGranted
from loopdeck.session.evolve import evolve
from loopdeck.session.values import Category, Decision, JsonObject

WORSE = "Review again: what you changed it to is more than what you were shown."
_WORST_LAST = tuple(Category)


class _Outcome(NamedTuple):
    """What an answer leads to: what is recorded, and what changes once that is on disk."""

    events: list[Event]
    then: Callable[[], None] | None = None


class Answering:
    """Takes answers at any time; whoever waits for one looks at the log when the bell rings.

    An answer to a call that does not wait, or to an older form of it, is void: the newer request
    is on the screen.
    """

    def __init__(self, recorder: Recorder, examiner: Examiner, home: str = "") -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._home = home
        self._cases: dict[str, OpenCase] = {}
        self._early: dict[str, Approve] = {}
        self._bell = asyncio.Event()
        self._one_by_one = asyncio.Lock()

    def next_turn(self) -> None:
        """The calls of the turn before are settled: forget them, or they would pile up."""
        self._cases.clear()
        self._early.clear()

    def open(self, case: OpenCase) -> None:
        """From now on this case can be approved with edited arguments."""
        self._cases[case.use.call_id] = case

    async def catch_up(self) -> None:
        """Take the edits that came before their calls were open: left for a run to come."""
        for answer in [self._early[key] for key in self._early if key in self._cases]:
            del self._early[answer.call_id]
            await self.take(answer)

    def unread(self) -> list[Approve]:
        """Edits of calls that this run has not come to; of others nothing need be kept."""
        waiting = {call.call_id for call in self._recorder.state.waiting}
        return [answer for key, answer in self._early.items() if key in waiting]

    async def bell(self) -> None:
        """Return when the next answer is on record."""
        await self._bell.wait()

    async def take(self, answer: Approve | Deny) -> None:
        """Record what the human said of a call."""
        async with self._one_by_one:
            if self._recorder.is_behind:
                await self._recorder.flush()  # a level that was just lowered comes first
            call = self._waiting(answer.call_id)
            if call is None:
                return
            if _edits(answer) and answer.call_id not in self._cases:
                self._early[answer.call_id] = answer  # the log would keep it without its secrets
                return
            found = await self._outcome(call, answer)
            if self._waiting(answer.call_id) is None:  # interrupted while it was looked at
                return
            await self._recorder.record(*found.events, then=found.then)
            for event in found.events:
                if isinstance(event, RuleGranted):
                    await self._let_others_run(event.grant.grant_id)
        self._ring()

    async def ask_again(self, case: OpenCase) -> None:
        """Show a waiting call anew if it is no longer what was shown. Raises `ToolError`."""
        async with self._one_by_one:
            again = await self._examiner.moved(case, self._recorder.state)
            if not again or self._examiner.weighs_other(case):
                return  # what weighs more now is judged anew when it is to run
            request = await self._examiner.ask(case, self._recorder.state, again=again)
            if self._waiting(case.use.call_id) is not None:
                await self._recorder.record(request.asked, then=partial(case.show, request))

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()

    def _waiting(self, call_id: str) -> CallView | None:
        call = self._recorder.state.call(call_id)
        return call if call is not None and call.status is CallStatus.WAITING else None

    async def _outcome(self, call: CallView, answer: Approve | Deny) -> _Outcome:
        if isinstance(answer, Deny):
            return _Outcome([_answered(call, yes=False, reason=answer.reason)])
        if answer.binding != call.binding:
            return _Outcome([])
        yes = _answered(call, yes=True, store=answer.store)
        if answer.args is not None:
            return await self._edited(call, yes, answer.args, answer)
        case = self._cases.get(call.call_id)
        if case is None or self._recorder.state.level >= case.verdict.level:
            return _Outcome(self._granted(call, [yes], answer))
        return self._lowered(case, call, yes, answer)

    def _lowered(
        self, case: OpenCase, call: CallView, yes: CallAnswered, answer: Approve
    ) -> _Outcome:
        """A yes given at a lower level than the call was judged at counts for what that allows."""
        fresh = self._examiner.look_again(case, self._recorder.state)
        if not isinstance(fresh, OpenCase):
            return _Outcome(fresh.events)
        events = [fresh.events[0], *self._granted(call, [yes], answer)]
        return _Outcome(events, partial(case.judge, fresh.verdict))

    async def _edited(
        self, call: CallView, yes: CallAnswered, args: JsonObject, answer: Approve
    ) -> _Outcome:
        """The human's form of the call is judged like the model's, and is what runs.

        One that does worse than what was shown is shown first.
        """
        case = self._cases.get(call.call_id)
        if case is None:
            return _Outcome([])
        # The log shows marks in the place of secrets; in what the human sends back they are meant.
        args = self._recorder.redactor.restored(args, case.use.args)
        state = self._recorder.state
        edited = self._examiner.look(ToolUse(call.call_id, call.tool, args), state)
        if not isinstance(edited, OpenCase):
            return _Outcome(_unusable(call, edited))
        judged = edited.events[0]
        approved = yes.model_copy(update={"args": args})
        try:
            request = await self._examiner.ask(edited, state, again=WORSE)
        except ToolError as error:
            again = f"The edited arguments cannot be used: {error}"
            return _Outcome([_asked_again(call, again)])
        edited.show(request)
        approved = approved.model_copy(update={"binding": edited.binding})
        then = partial(case.renew, edited)
        if _is_worse(edited, case):
            return _Outcome([judged, approved, request.asked], then)
        verdict = edited.verdict
        now = evolve(call, args=args, category=verdict.category, facts=dict(verdict.facts))
        return _Outcome([judged, *self._granted(now, [approved], answer)], then)

    def _granted(self, call: CallView, events: list[CallAnswered], answer: Approve) -> list[Event]:
        """The approval with its standing permission; where that cannot be given, it says why."""
        if answer.grant is None:
            return [*events]
        given = grant(answer.grant, call, self._recorder.state, home=self._home)
        if isinstance(given, str):
            return [event.model_copy(update={"reason": given}) for event in events]
        return [given, *events]

    async def _let_others_run(self, grant_id: str) -> None:
        """Approve what else waits and is covered by a new permission, each on record by itself."""
        for call in self._recorder.state.waiting:
            case = self._cases.get(call.call_id)
            if case is None or self._waiting(call.call_id) is None:
                continue
            fresh = self._examiner.look(case.use, self._recorder.state, counts=True)
            if (
                isinstance(fresh, OpenCase)
                and fresh.decision is Decision.ALLOW
                and fresh.verdict.grant_id == grant_id
            ):
                yes = _answered(call, yes=True, reason=fresh.verdict.rule)
                by_rule = yes.model_copy(update={"by": "rule"})
                then = partial(case.judge, fresh.verdict)
                await self._recorder.record(fresh.events[0], by_rule, then=then)


def _edits(answer: Approve | Deny) -> TypeGuard[Approve]:
    return isinstance(answer, Approve) and answer.args is not None


def _is_worse(edited: OpenCase, shown: OpenCase) -> bool:
    """Whether an edited call needs to be looked at, because it does worse than what was shown."""
    if edited.category is Category.DESTRUCTIVE or edited.verdict.rule.startswith("the hard floor"):
        return True
    return _WORST_LAST.index(edited.category) > _WORST_LAST.index(shown.category)


def _unusable(call: CallView, edited: Case) -> list[Event]:
    """Edited arguments that are wrong are asked about again; forbidden ones are refused."""
    if edited.finished is None:
        return edited.events
    again = f"The edited arguments cannot be used: {edited.finished.output}"
    return [_asked_again(call, again)]


def _answered(call: CallView, *, yes: bool, reason: str = "", store: bool = True) -> CallAnswered:
    return CallAnswered(
        call_id=call.call_id,
        answer="approved" if yes else "denied",
        by="human",
        reason=reason,
        binding=call.binding,
        store=store,
    )


def _asked_again(call: CallView, again: str) -> CallAsked:
    return CallAsked(call_id=call.call_id, binding=call.binding, preview=call.preview, again=again)
