"""What becomes of the calls that were under way when a session stopped."""

from dataclasses import replace
from functools import partial
from typing import Literal

from loopdeck.errors import ToolError
from loopdeck.harness.forking import CHANGED
from loopdeck.harness.gating.cases import NOBODY, Case, OpenCase, denied_by_rule
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.gating.review import LOWERED, Review
from loopdeck.harness.prompt.words import UNKNOWN, unknown_account
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.permissions.policy import INNER_TOOLS
from loopdeck.ports import ToolUse
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.events import CallFinished, CallUnknown
from loopdeck.session.values import Category, Decision

AGAIN_RULE = "what is run again because nobody saw its end is asked about"
AGAIN = "You want it run again: nobody saw how it ended. This is how it would be now."
DONE, NOT_DONE, AGAIN_WORD, TELL = "done", "not done", "run again", "tell the model"
FOREIGN_RULE = "each call of an imported session is asked about"
LOST = "Loopdeck stopped while this ran, and its result was not recorded."
FOREIGN = "It came with an imported session: nobody here has approved it."
BEFORE = "It was approved before Loopdeck stopped: look again."


class Recovery:
    """Resolves half-done calls when a session is taken up again; nothing runs twice by itself."""

    def __init__(
        self, recorder: Recorder, examiner: Examiner, desk: Desk, setting: Setting
    ) -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._review = Review(examiner, setting.clock)
        self._desk = desk
        self._setting = setting
        self._tells = setting.on_unknown == "tell"
        self._denies = setting.on_ask == "deny"

    async def resolve_unknown(self) -> None:
        """Mark calls whose end nobody saw, and let the human say. Raises `NobodyHere`.

        What is to be run again stays unknown until its human has approved it anew.
        """
        for call in self._recorder.state.calls:
            if call.status is CallStatus.RUNNING:
                await self._recorder.record(*self._half_done(call))
        for call in self._recorder.state.unknown:
            verdict = await self._verdict(call)
            if verdict is not None:
                await self._recorder.record(verdict)

    async def cases(self) -> list[Case]:
        """The calls that can still be carried to their end."""
        return [
            await self._case(call)
            for call in self._recorder.state.calls
            if not call.status.is_settled
        ]

    def _half_done(self, call: CallView) -> list[CallFinished | CallUnknown]:
        """A call that only asked its human cannot have happened twice; any other is unknown."""
        if self._is_foreign(call) and call.tool not in INNER_TOOLS:
            return [CallUnknown(call_id=call.call_id, reason=LOST)]
        if any(ask.call_id == call.call_id for ask in self._recorder.state.asks):
            return []
        if call.reply is not None:
            answer, text = call.reply
            return [_finished(call, ok=True, text=text or answer)]
        return [CallUnknown(call_id=call.call_id, reason=LOST)]

    async def _verdict(self, call: CallView) -> CallFinished | None:
        """What is said of a call; nothing where it is to be run again."""
        if call.reply is None and self._tells:
            return _finished(call, ok=False, text=UNKNOWN, by="harness")
        said = call.reply
        if said is None:
            again = () if call.tool in INNER_TOOLS else (AGAIN_WORD,)
            options = (DONE, NOT_DONE, *again, TELL)
            text = await self._account(call)
            answer = await self._desk.call("unknown", text, options, call.call_id)
            said = (answer.answer, answer.text)
        return None if said[0] == AGAIN_WORD else _as_said(call, *said)

    async def _account(self, call: CallView) -> str:
        """The call, and what there is to see of it now."""
        evidence = await self._setting.aside(partial(self._setting.evidence, call))
        return unknown_account(call, evidence, self._setting.clock.wall())

    async def _case(self, call: CallView) -> Case:
        use = ToolUse(call.call_id, call.tool, call.args)
        state = self._recorder.state
        if call.status is CallStatus.PROPOSED and not self._is_foreign(call):
            [case] = await self._examiner.examine_all((use,), state)
        else:
            case = self._examiner.look(use, state)  # what was asked or said of it is on record
        if not isinstance(case, OpenCase):
            await self._recorder.record(*_closing_events(case))
            return case
        if self._is_foreign(call) and call.tool not in INNER_TOOLS:
            return await self._ask_anew(case, call, FOREIGN_RULE, FOREIGN)
        if call.status is CallStatus.UNKNOWN:
            return await self._ask_anew(case, call, AGAIN_RULE, AGAIN)
        if call.status is CallStatus.PROPOSED:
            await self._recorder.record(*case.events)
            return case
        if call.status is CallStatus.RUNNING:
            case.verdict, case.started = replace(case.verdict, decision=Decision.ALLOW), True
            return case
        return await self._renew(case, call)

    def _is_foreign(self, call: CallView) -> bool:
        return call.seq <= self._recorder.state.foreign

    async def _ask_anew(self, case: OpenCase, call: CallView, rule: str, why: str) -> Case:
        """A call that runs only if somebody here says yes to it now, whatever the log says."""
        case.verdict = replace(case.verdict, decision=Decision.ASK, rule=rule, grant_id="")
        judged = self._examiner.judged(case, self._recorder.state)
        try:
            request = await self._examiner.ask(case, self._recorder.state, again=why)
        except ToolError as error:
            await self._recorder.record(_finished(call, ok=False, text=str(error), by="harness"))
            return Case(use=case.use)
        await self._recorder.record(judged, request.asked, then=partial(case.show, request))
        if not self._denies:
            return case
        await self._recorder.record(denied_by_rule(call.call_id, NOBODY))
        return Case(use=case.use)

    async def _renew(self, case: OpenCase, call: CallView) -> Case:
        """Take up a call that was asked about, or approved and not yet started."""
        case.verdict, case.binding = replace(case.verdict, decision=Decision.ASK), call.binding
        case.parts = {}
        if call.verdict is None:  # a fork's: its human changed it and it was never looked at
            await self._recorder.record(case.events[0])
        approved = call.status is CallStatus.APPROVED
        state = self._recorder.state
        try:
            again = await self._again(case, call, approved=approved)
            if again:
                request = await self._examiner.ask(case, state, again=again)
                await self._recorder.record(request.asked, then=partial(case.show, request))
                approved = False
        except ToolError as error:
            await self._recorder.record(_finished(call, ok=False, text=str(error), by="harness"))
            return Case(use=case.use)
        if self._denies and not approved:
            await self._recorder.record(denied_by_rule(call.call_id, NOBODY))
            return Case(use=case.use)
        return case

    async def _again(self, case: OpenCase, call: CallView, *, approved: bool) -> str:
        """Why the call has to be shown once more; empty if what was said of it still holds."""
        if call.verdict is None:
            return CHANGED
        again = await self._examiner.moved(case, self._recorder.state)
        if again or not approved:
            return again
        if self._recorder.state.level < call.level:
            return LOWERED
        return BEFORE if case.category is Category.DESTRUCTIVE else self._review.stale(call)


def _closing_events(case: Case) -> list[CallFinished]:
    """How a call ends that can no longer run: its result, or the rule that forbids it now."""
    if case.finished is not None:
        return [case.finished]
    text = "A rule forbids this call now; nothing ran."
    return [CallFinished(call_id=case.use.call_id, ok=False, output=text, by="harness")]


def _as_said(call: CallView, answer: str, text: str) -> CallFinished:
    """The result of a call whose outcome only the human knows."""
    match answer:
        case _ if answer == DONE:
            return _finished(call, ok=True, text=f"Your human says: done. {text}")
        case _ if answer == NOT_DONE:
            return _finished(call, ok=False, text=f"Your human says: not done. {text}")
        case _:
            return _finished(call, ok=False, text=f"{UNKNOWN} {text}")


def _finished(
    call: CallView, *, ok: bool, text: str, by: Literal["human", "harness"] = "human"
) -> CallFinished:
    return CallFinished(call_id=call.call_id, ok=ok, output=text.strip(), by=by)
