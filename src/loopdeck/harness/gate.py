"""The only place where a proposed call becomes a running one."""

import asyncio
import logging
from collections.abc import Sequence

from loopdeck.errors import JournalError, ToolError
from loopdeck.harness.answers import Answers
from loopdeck.harness.cases import NOBODY, Case, Examiner
from loopdeck.harness.context import CallContext
from loopdeck.harness.desk import Desk, NobodyHere
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.ports import ToolResult, ToolUse
from loopdeck.session.calls import CallStatus
from loopdeck.session.commands import Approve
from loopdeck.session.events import CallAnswered, CallFinished, CallStarted, Event
from loopdeck.session.values import Decision

log = logging.getLogger(__name__)

INTERRUPTED = "Interrupted by your human before it was finished."


class Gate:
    """Runs, refuses, or waits for the human: reads side by side, side effects one at a time.

    A call that waits holds up nobody else. `CallStarted` is on disk before a tool acts, and an
    approval is checked against the world once more right before that.
    """

    def __init__(
        self,
        recorder: Recorder,
        examiner: Examiner,
        answers: Answers,
        desk: Desk,
        setting: Setting,
    ) -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._answers = answers
        self._desk = desk
        self._clock = setting.clock
        self._spool = setting.spool
        self._parks = setting.on_ask == "park"
        self._lane = asyncio.Lock()
        self._unfinished = 0

    def openers(self, cases: Sequence[Case]) -> list[Event]:
        """The starts that may be committed with the reply: every read, the first side effect."""
        starts: list[Event] = []
        effect = False
        for case in cases:
            if case.action is None or case.decision is not Decision.ALLOW:
                continue
            if case.parallel or not effect:
                effect = effect or not case.parallel
                case.started = True
                starts.append(CallStarted(call_id=case.use.call_id))
        return starts

    async def settle(self, cases: Sequence[Case]) -> bool:
        """Carry every case to its end; false if some still wait and nobody is here."""
        todo = [case for case in cases if case.action is not None]
        self._unfinished = len(todo)
        tasks = [asyncio.ensure_future(self._carry(case)) for case in todo]
        try:
            done = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        return all(done)

    async def abandon(self, cases: Sequence[Case]) -> None:
        """After an interruption: close every call that has not run."""
        state = self._recorder.state
        events: list[Event] = []
        for case in cases:
            call = state.call(case.use.call_id)
            if call is None or call.status.is_settled:
                continue
            if call.status is CallStatus.WAITING:
                events.append(_answered(case, "denied", INTERRUPTED))
            else:
                events.append(_finished(case, ToolResult(ok=False, output=INTERRUPTED), 0.0))
        await self._recorder.record(*events)

    async def _carry(self, case: Case) -> bool:
        try:
            if case.decision.needs_human:
                return await self._carry_asked(case)
            if case.parallel:
                return await self._run(case)
            async with self._lane:
                return await self._run(case)
        finally:
            self._unfinished -= 1

    async def _carry_asked(self, case: Case) -> bool:
        """Wait for an answer, then run what was shown, or ask again if the world has moved."""
        while True:
            answer = self._answers.take_early(case.use.call_id)
            if answer is None and self._parks:
                return False
            answer = answer or await self._answers.wait(case.use.call_id)
            if not isinstance(answer, Approve):
                await self._recorder.record(_answered(case, "denied", answer.reason))
                return True
            again = self._take_approval(case, answer)
            if not again:
                edited = case.use.args if answer.args is not None else None
                await self._recorder.record(_answered(case, "approved", "", edited))
                async with self._lane:
                    if case.action is None or self._examiner.hash(case) == case.binding:
                        return await self._run(case)
                again = "What it would change has changed since it was shown: look again."
            await self._recorder.record(self._examiner.rebind(case, again=again))

    def _take_approval(self, case: Case, answer: Approve) -> str:
        """Fit the case to the approval; a sentence if it cannot be taken as it is."""
        if answer.binding != case.binding:
            return "The approval was for an older form of this call: look again."
        if answer.args is None:
            return ""
        edited = self._examiner.examine(
            ToolUse(case.use.call_id, case.use.tool, answer.args), self._recorder.state
        )
        if edited.action is None:
            said = edited.finished.output if edited.finished else "a rule denies it"
            return f"The edited arguments cannot be used: {said}"
        case.use, case.action = edited.use, edited.action
        case.binding = self._examiner.hash(case)
        return ""

    async def _run(self, case: Case) -> bool:
        assert case.action is not None
        call_id = case.use.call_id
        if not case.started:
            case.started = True
            await self._recorder.record(CallStarted(call_id=call_id))
        began = self._clock.mono()
        context = CallContext(self._recorder, self._desk, self._spool, call_id)
        try:
            result = await self._attempt(case, context)
        except NobodyHere:
            if self._parks:
                return False
            result = ToolResult(ok=False, output=f"Nobody can answer: {NOBODY}. Decide yourself.")
        except asyncio.CancelledError:
            await self._finish(case, ToolResult(ok=False, output=INTERRUPTED), began)
            raise
        await self._finish(case, result, began)
        return True

    async def _attempt(self, case: Case, context: CallContext) -> ToolResult:
        assert case.action is not None
        try:
            return await case.action.run(context)
        except ToolError as error:
            return ToolResult(ok=False, output=str(error))
        except (NobodyHere, JournalError):
            raise
        except Exception:
            log.exception("running %s", case.use.tool)
            return ToolResult(ok=False, output="The tool failed inside; the log file says more.")

    async def _finish(self, case: Case, result: ToolResult, began: int) -> None:
        """Record the result; the turn's last one waits for the commit that follows at once."""
        spent = (self._clock.mono() - began) / 1e6
        case.finished = _finished(case, result, spent)
        if self._unfinished <= 1:
            self._recorder.hold(case.finished)
        else:
            await self._recorder.record(case.finished)


def _finished(case: Case, result: ToolResult, duration_ms: float) -> CallFinished:
    return CallFinished(
        call_id=case.use.call_id,
        ok=result.ok,
        output=result.output,
        duration_ms=round(duration_ms, 1),
        diff=result.diff,
        files=result.files,
        exit_code=result.exit_code,
        full_output=result.full_output,
    )


def _answered(
    case: Case, answer: str, reason: str, args: dict[str, object] | None = None
) -> CallAnswered:
    return CallAnswered.model_validate(
        {
            "call_id": case.use.call_id,
            "answer": answer,
            "by": "human",
            "reason": reason,
            "args": args,
        }
    )
