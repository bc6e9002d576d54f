"""A human's yes or no to a waiting call becomes an event, before anything is done about it."""

import asyncio

from loopdeck.harness.cases import Examiner, OpenCase
from loopdeck.harness.recorder import Recorder
from loopdeck.ports import ToolUse
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.commands import Approve, Deny
from loopdeck.session.events import CallAnswered, CallAsked, Event
from loopdeck.session.values import JsonObject


class Answering:
    """Takes answers at any time; whoever waits for one looks at the log when the bell rings.

    An answer to a call that does not wait, or to an older form of it, is void: the newer request
    is on the screen.
    """

    def __init__(self, recorder: Recorder, examiner: Examiner) -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._cases: dict[str, OpenCase] = {}
        self._bell = asyncio.Event()

    def next_turn(self) -> None:
        """The calls of the turn before are settled: forget them, or they would pile up."""
        self._cases.clear()

    def open(self, case: OpenCase) -> None:
        """From now on this case can be approved with edited arguments."""
        self._cases[case.use.call_id] = case

    async def bell(self) -> None:
        """Return when the next answer is on record."""
        await self._bell.wait()

    async def take(self, answer: Approve | Deny) -> None:
        """Record what the human said of a call."""
        call = self._recorder.state.call(answer.call_id)
        if call is None or call.status is not CallStatus.WAITING:
            return
        await self._recorder.record(*self._events(call, answer))
        self._bell.set()
        self._bell = asyncio.Event()

    def _events(self, call: CallView, answer: Approve | Deny) -> list[Event]:
        if isinstance(answer, Deny):
            return [_answered(call, yes=False, reason=answer.reason)]
        if answer.binding != call.binding:
            return []
        if answer.args is None:
            return [_answered(call, yes=True)]
        return self._edited(call, answer.args)

    def _edited(self, call: CallView, args: JsonObject) -> list[Event]:
        """The human's form of the call is judged like the model's, and is what runs."""
        case = self._cases.get(call.call_id)
        if case is None:
            return []
        use = ToolUse(call.call_id, call.tool, args)
        edited = self._examiner.examine(use, self._recorder.state)
        if edited.finished is not None:
            again = f"The edited arguments cannot be used: {edited.finished.output}"
            return [_asked_again(call, again)]
        if not isinstance(edited, OpenCase):
            return edited.events
        case.use, case.action, case.category = use, edited.action, edited.category
        case.binding = self._examiner.hash(case)
        approved = _answered(call, yes=True).model_copy(
            update={"args": args, "binding": case.binding}
        )
        return [edited.events[0], approved]


def _answered(call: CallView, *, yes: bool, reason: str = "") -> CallAnswered:
    return CallAnswered(
        call_id=call.call_id,
        answer="approved" if yes else "denied",
        by="human",
        reason=reason,
        binding=call.binding,
    )


def _asked_again(call: CallView, again: str) -> CallAsked:
    return CallAsked(call_id=call.call_id, binding=call.binding, preview=call.preview, again=again)
