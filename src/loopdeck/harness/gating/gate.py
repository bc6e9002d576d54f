"""The only place where a proposed call becomes a running one."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from loopdeck.errors import JournalError, ToolError
from loopdeck.harness.gating.answering import Answering
from loopdeck.harness.gating.aside import Aside, Asides
from loopdeck.harness.gating.binding import places_of
from loopdeck.harness.gating.cases import NOBODY, Case, OpenCase, settled, terms
from loopdeck.harness.gating.context import CallContext
from loopdeck.harness.gating.desk import Desk, NobodyHere
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.gating.review import Review
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.words import not_stored
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.permissions.secrets.lent import lines_of, values_of
from loopdeck.ports import ToolResult
from loopdeck.session.calls import CallStatus
from loopdeck.session.events import CallFinished, CallStarted, Event
from loopdeck.session.state import SessionState
from loopdeck.session.values import Decision, listed

log = logging.getLogger(__name__)

INTERRUPTED = "Interrupted by your human before it was finished."
NOT_RUN = "Not run: your human interrupted this turn."
MOST_REQUESTS = 20  # of one call, because of changes while it waited


class Gate:
    """Runs, refuses, or waits for the human: reads side by side, side effects one at a time.

    A call that waits holds up nobody else. `CallStarted` is on disk before a tool acts, and an
    approval is checked against the world once more right before that.
    """

    def __init__(
        self,
        recorder: Recorder,
        examiner: Examiner,
        answering: Answering,
        desk: Desk,
        conversation: Conversation,
        setting: Setting,
        aside: Aside,
    ) -> None:
        self._recorder = recorder
        self._examiner = examiner
        self._review = Review(examiner, setting.clock)
        self._conversation = conversation
        self._answering = answering
        self._desk = desk
        self._setting = setting
        self._asides = Asides(recorder, aside)
        self._clock = setting.clock
        self._spool = setting.spool
        self._parks = setting.on_ask == "park"
        self._lane = asyncio.Lock()
        self._unfinished = 0

    def openers(self, cases: Sequence[Case], state: SessionState) -> list[Event]:
        """The starts that may be committed with the reply: every read, the first side effect.

        From here on the cases can be answered: an answer may come as soon as they are on record.
        If the terms are others by now than in the `state` they were judged by, nothing starts
        without another look.
        """
        self._answering.next_turn()
        same = terms(state) == terms(self._recorder.state)
        starts: list[Event] = []
        effect = False
        for case in cases:
            if not isinstance(case, OpenCase):
                continue
            self._answering.open(case)
            if case.decision is not Decision.ALLOW or not same:
                continue
            if case.parallel or not effect:
                effect = effect or not case.parallel
                case.started = True
                starts.append(CallStarted(call_id=case.use.call_id))
        return starts

    async def settle(self, cases: Sequence[Case]) -> bool:
        """Carry every case to its end; false if some still wait and nobody is here."""
        todo = [case for case in cases if isinstance(case, OpenCase)]
        for case in todo:
            self._answering.open(case)
        await self._answering.catch_up()
        done = True
        while todo:
            done = all(await self._together(todo)) and done
            # What was parked may have been answered while the others ran.
            todo = [case for case in todo if self._is_ready(case)]
            done = done or bool(todo)
        return done

    async def abandon(self, cases: Sequence[Case]) -> None:
        """After an interruption: close every call that has not run."""
        await self._recorder.flush()
        events: list[Event] = []
        for case in cases:
            call = self._recorder.state.call(case.use.call_id)
            if call is not None and not call.status.is_settled:
                output = INTERRUPTED if call.status is CallStatus.RUNNING else NOT_RUN
                result = ToolResult(ok=False, output=output)
                events.append(_finished(case, result, 0.0).model_copy(update={"by": "harness"}))
        await self._recorder.record(*events)

    async def _together(self, cases: Sequence[OpenCase]) -> list[bool]:
        self._unfinished = len(cases)
        tasks = [asyncio.ensure_future(self._carry(case)) for case in cases]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    def _status(self, case: OpenCase) -> CallStatus | None:
        call = self._recorder.state.call(case.use.call_id)
        return call.status if call else None

    def _is_ready(self, case: OpenCase) -> bool:
        return self._status(case) is CallStatus.APPROVED and not case.started

    async def _carry(self, case: OpenCase) -> bool:
        try:
            if case.decision is Decision.ALLOW:
                if case.parallel:
                    if case.started or await self._still_allowed(case):
                        return await self._run(case)
                    return await self._carry_asked(case)
                async with self._lane:
                    if case.started or await self._still_allowed(case):
                        return await self._run(case)
            return await self._carry_asked(case)
        finally:
            self._unfinished -= 1

    async def _still_allowed(self, case: OpenCase) -> bool:
        """Look again at a call that had to wait for others: they may have moved its world."""
        fresh = await self._examiner.examine_again(case, self._recorder.state)
        if not isinstance(fresh, OpenCase):
            await self._recorder.record(*fresh.events)
            case.finished = fresh.finished
            return False
        if fresh.decision is Decision.ALLOW:
            case.renew(fresh)  # its level is as it was: what lowers one is asked about by then
            return True
        await self._recorder.record(*fresh.events, then=partial(case.renew, fresh))
        return False

    async def _carry_asked(self, case: OpenCase) -> bool:
        """Wait for an answer, then run what was shown, or ask again if the world has moved."""
        while True:
            match self._status(case):
                case CallStatus.WAITING:
                    if self._parks:
                        return False
                    await self._wait(case)
                case CallStatus.APPROVED:
                    if await self._run_approved(case):
                        return True
                case _:
                    return True

    async def _wait(self, case: OpenCase) -> None:
        """Until something was answered; a request whose files change meanwhile is made anew."""
        watching = asyncio.ensure_future(self._watch(case))
        try:
            await self._answering.bell()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, case: OpenCase) -> None:
        if self._setting.watch is None:
            return
        for _ in range(MOST_REQUESTS):  # a file that never rests is looked at when it is to run
            await self._setting.watch.changed(places_of(case.parts))
            try:
                await self._answering.ask_again(case)
            except ToolError:
                return  # it cannot be done any more, which its human hears on answering

    async def _run_approved(self, case: OpenCase) -> bool:
        """Run what was approved; false if it has to be looked at again."""
        try:
            async with self._lane:
                state = self._recorder.state
                doubts = await self._review.doubts(case, state)
                if not doubts and terms(state) == terms(self._recorder.state):
                    return await self._run(case)
            await self._recorder.record(*doubts)
        except ToolError as error:  # what was approved cannot be done any more
            failed = settled(case.use, str(error))
            case.finished = failed.finished
            await self._recorder.record(*failed.events)
            return True
        return False

    async def _run(self, case: OpenCase) -> bool:
        if not case.started:
            case.started = True
            started = CallStarted(call_id=case.use.call_id, binding=case.binding)
            await self._recorder.record(started)
        began = self._clock.mono()
        try:
            result = await self._attempt(case)
        except NobodyHere:
            if self._parks:
                return False
            await self._desk.withdraw()
            result = ToolResult(ok=False, output=f"Nobody can answer: {NOBODY}. Decide yourself.")
        except asyncio.CancelledError:
            await self._finish(case, ToolResult(ok=False, output=INTERRUPTED), began)
            raise
        await self._finish(case, result, began)
        return True

    def _stores(self, case: OpenCase) -> bool:
        call = self._recorder.state.call(case.use.call_id)
        return call is None or call.store

    async def _attempt(self, case: OpenCase) -> ToolResult:
        name, stores = case.use.call_id, self._stores(case)
        context = CallContext(
            self._recorder, self._desk, self._spool, name, stores=stores, asides=self._asides
        )
        try:
            await self._take_in(case)
            return await case.action.run(context)
        except ToolError as error:
            return ToolResult(ok=False, output=str(error))
        except (NobodyHere, JournalError):
            raise
        except Exception:
            log.exception("running %s", case.use.tool)
            return ToolResult(ok=False, output="The tool failed inside; the log file says more.")

    async def _take_in(self, case: OpenCase) -> None:
        """Know the secrets of the files that are about to be read before anything is shown."""
        if case.verdict.facts.get("sensitive"):
            paths = listed(case.verdict.facts, "paths")
            found = await self._setting.aside(partial(self._setting.secrets_in, paths))
            self._recorder.redactor.learn(found)

    async def _finish(self, case: OpenCase, result: ToolResult, began: int) -> None:
        """Record the result; the turn's last one waits for the commit that follows at once."""
        spent = (self._clock.mono() - began) / 1e6
        name = case.use.call_id
        case.finished = _finished(case, self._asides.paid(name, result), spent)
        if not self._stores(case):
            # The model may quote it, in words or in its next call.
            self._recorder.redactor.learn(values_of(result.output), lines_of(result.output))
            self._conversation.lend(name, result.output)
            case.finished = withheld(case.finished)
        if self._unfinished <= 1:
            self._recorder.hold(case.finished)
            self._asides.over(name)
        else:
            await self._recorder.record(case.finished, then=partial(self._asides.over, name))


def withheld(finished: CallFinished) -> CallFinished:
    """The end of a call whose result only the model was to have."""
    size = len(finished.output)
    text = {"output": not_stored(size), "diff": "", "full_output": "", "blocked": ""}
    return finished.model_copy(update={**text, "withheld": size})


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
        blocked=result.blocked,
        usage=result.usage,
        cost_usd=result.cost_usd,
        service=result.service,
    )
