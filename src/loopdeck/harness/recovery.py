"""What becomes of the calls that were under way when a session stopped."""

from typing import Literal

from loopdeck.harness.cases import NOBODY, Case, Examiner
from loopdeck.harness.conversation import UNKNOWN
from loopdeck.harness.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.ports import ToolUse
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.commands import Answer
from loopdeck.session.events import CallAnswered, CallFinished, CallUnknown
from loopdeck.session.values import Category, Decision

CHANGED = "What it would change has changed since it was shown: look again."
LOST = "Loopdeck stopped while this ran, and its result was not recorded."


class Recovery:
    """Resolves half-done calls when a session is taken up again; nothing runs twice by itself."""

    def __init__(
        self,
        recorder: Recorder,
        examiner: Examiner,
        desk: Desk,
        setting: Setting,
    ) -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._desk = desk
        self._tells = setting.on_unknown == "tell"
        self._denies = setting.on_ask == "deny"

    async def close_stale(self) -> None:
        """Resuming answers what only halted the run; the loop asks again where it must."""
        for ask in self._recorder.state.asks:
            if ask.kind not in ("question", "unknown"):
                await self._desk.close(Answer(ask_id=ask.ask_id, answer="resumed"))

    async def resolve_unknown(self) -> None:
        """Mark calls whose end nobody saw, and let the human say. Raises `NobodyHere`."""
        for call in self._recorder.state.calls:
            if call.status is CallStatus.RUNNING and not self._only_asks(call):
                await self._recorder.record(CallUnknown(call_id=call.call_id, reason=LOST))
        for call in self._recorder.state.unknown:
            await self._recorder.record(await self._verdict(call))

    async def cases(self) -> list[Case]:
        """The calls that can still be carried to their end."""
        return [
            await self._case(call)
            for call in self._recorder.state.calls
            if not call.status.is_settled and call.status is not CallStatus.UNKNOWN
        ]

    def _only_asks(self, call: CallView) -> bool:
        """A call that waits for its human's answer has no effect that could happen twice."""
        return any(ask.call_id == call.call_id for ask in self._recorder.state.asks)

    async def _verdict(self, call: CallView) -> CallFinished:
        if self._tells:
            return _finished(call, ok=False, text=UNKNOWN, by="harness")
        answer = await self._desk.call(
            "unknown",
            f"{call.tool} had started when Loopdeck stopped. Did it take effect?",
            ("done", "not done", "tell the model"),
            call.call_id,
        )
        match answer.answer:
            case "done":
                return _finished(call, ok=True, text=f"Your human says: done. {answer.text}")
            case "not done":
                return _finished(call, ok=False, text=f"Your human says: not done. {answer.text}")
            case _:
                return _finished(call, ok=False, text=f"{UNKNOWN} {answer.text}")

    async def _case(self, call: CallView) -> Case:
        case = self._examiner.examine(
            ToolUse(call.call_id, call.tool, call.args), self._recorder.state
        )
        if case.action is None or call.status is CallStatus.PROPOSED:
            await self._recorder.record(*case.events)
            return case
        if call.status is CallStatus.RUNNING:
            case.decision, case.started = Decision.ALLOW, True
            return case
        await self._renew(case, call)
        return case

    async def _renew(self, case: Case, call: CallView) -> None:
        """Take up a call that was asked about, or approved and not yet started."""
        case.decision = Decision.ASK
        case.binding = call.binding
        same = self._examiner.hash(case) == call.binding
        approved = call.status is CallStatus.APPROVED
        if approved and same and case.category is not Category.DESTRUCTIVE:
            case.decision = Decision.ALLOW
        elif approved or not same:
            again = CHANGED if not same else "It was approved before Loopdeck stopped."
            await self._recorder.record(self._examiner.rebind(case, again=again))
        if self._denies and case.decision is Decision.ASK:
            case.action = None
            await self._recorder.record(
                CallAnswered(call_id=call.call_id, answer="denied", by="rule", reason=NOBODY)
            )


def _finished(
    call: CallView, *, ok: bool, text: str, by: Literal["human", "harness"] = "human"
) -> CallFinished:
    return CallFinished(call_id=call.call_id, ok=ok, output=text.strip(), by=by)
