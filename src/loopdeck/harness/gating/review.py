"""Whether what was approved may still run as it was approved, looked at right before it does."""

from loopdeck.errors import ToolError
from loopdeck.harness.gating.binding import ANSWER_LASTS_NS, UNSEEN
from loopdeck.harness.gating.cases import OpenCase
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.ports import Clock
from loopdeck.session.calls import CallView
from loopdeck.session.events import CallAsked, Event
from loopdeck.session.state import SessionState
from loopdeck.session.values import Decision

GONE = "This call is not on record, so nobody can have approved it. Nothing ran."
OLD = "Your yes is more than an hour old: look again."
LOWERED = "The level was lowered since it was judged: look again."
TAKEN_BACK = "The permission that covered it holds no more: look again."


class Review:
    """Holds an approval against the present: its age, the level, the permission, the world."""

    def __init__(self, examiner: Examiner, clock: Clock) -> None:
        self._examiner = examiner
        self._clock = clock

    async def doubts(self, case: OpenCase, state: SessionState) -> list[Event]:
        """What to record instead of running an approved call; nothing if all is as approved.

        Raises `ToolError` for a call that cannot be done any more.
        """
        call = state.call(case.use.call_id)
        if call is None:
            raise ToolError(GONE)
        if state.level < case.verdict.level:
            return await self._rejudged(case, state, LOWERED)
        if call.answered_by == "rule" and not self._still_covered(case, state):
            return await self._rejudged(case, state, TAKEN_BACK)
        again = self.stale(call) or ("" if call.binding == case.binding else UNSEEN)
        again = again or await self._examiner.moved(case, state)
        if self._examiner.weighs_other(case):
            return await self._rejudged(case, state, again or UNSEEN)
        if again and self._examiner.rules_moved(case, state):
            return await self._rejudged(case, state, again)
        return [await self._asked(case, state, again)] if again else []

    def stale(self, call: CallView) -> str:
        """A sentence for an answer that has waited too long to be carried out."""
        if call.answered is None:
            return ""
        return OLD if self._clock.wall() - call.answered[0] > ANSWER_LASTS_NS else ""

    def _still_covered(self, case: OpenCase, state: SessionState) -> bool:
        fresh = self._examiner.look_again(case, state)
        return isinstance(fresh, OpenCase) and fresh.decision is Decision.ALLOW

    async def _asked(self, case: OpenCase, state: SessionState, again: str) -> CallAsked:
        request = await self._examiner.ask(case, state, again=again)
        case.show(request)
        return request.asked

    async def _rejudged(self, case: OpenCase, state: SessionState, again: str) -> list[Event]:
        """Judge a call anew that was approved under other terms."""
        fresh = await self._examiner.examine_again(case, state)
        if not isinstance(fresh, OpenCase):
            case.finished = fresh.finished
            return fresh.events
        case.renew(fresh)
        judged = [event for event in fresh.events if not isinstance(event, CallAsked)]
        return [*judged, await self._asked(case, state, again)]
