"""The loop: think, act, observe, until the goal is met, a limit is hit or the human is needed."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from loopdeck.errors import JournalError, ModelError
from loopdeck.harness import searching
from loopdeck.harness.control import Cut
from loopdeck.harness.crew import Crew
from loopdeck.harness.ending import CLOSED, Ending
from loopdeck.harness.finish import Finish
from loopdeck.harness.gating.cases import Case
from loopdeck.harness.gating.desk import NobodyHere
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.limits import CLOSING
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.replies import as_event, said
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.harness.surroundings import Surroundings
from loopdeck.harness.troubles import Troubles
from loopdeck.permissions.levels import offers
from loopdeck.ports import Model, Reply, ToolSpec, ToolUse
from loopdeck.session.commands import Command
from loopdeck.session.events import (
    CallProposed,
    Event,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.state import Phase

log = logging.getLogger(__name__)

TRIES = 3  # replies that were cut off, before the human is called


class Harness:
    """One run of one session. `run` returns when it has ended or waits for an absent human."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        conversation: Conversation,
        model: Model,
        inbox: Inbox,
        setting: Setting,
    ) -> None:
        self._recorder = recorder
        self._conversation = conversation
        self._toolbox = setting.toolbox
        self._inbox = inbox
        self._surroundings = Surroundings(recorder, conversation, setting)
        self._crew = Crew.hire(recorder, conversation, model, inbox, setting)
        self._troubles = Troubles(recorder, self._crew)
        self._finish = Finish(recorder, conversation, self._crew)
        self._cut_replies = 0

    async def run(self) -> Ending:
        """Drive the session. Raises `JournalError` when it cannot be recorded any more."""
        for command in self._inbox.drain():
            await self._crew.control.obey(command)
        main = asyncio.ensure_future(self._drive())
        serve = asyncio.ensure_future(self._crew.control.serve())
        try:
            await asyncio.wait({main, serve}, return_when=asyncio.FIRST_COMPLETED)
            if serve.done() and not main.done():
                await _cancelled(main)
                await serve  # raises: the commands can no longer be carried out
            ending = await main
            await self._crew.control.rest()
            serve.cancel()  # the end is the last event: what comes now is for the next run
            ending = ending.with_services(await self._crew.attendant.close())
            return await self._end(ending)
        except asyncio.CancelledError:
            self._recorder.give_up()
            await _cancelled(main)
            await self._crew.attendant.close()
            await self._closed()
            raise
        finally:
            self._inbox.close()
            await _cancelled(serve)
            await self._crew.attendant.leave()

    async def _closed(self) -> None:
        """Loopdeck is closed while the agent works: say so, unless its end was just written."""
        await self._recorder.flush()
        if self._recorder.state.phase not in (Phase.ENDED, Phase.PAUSED):
            await self._recorder.record(SessionPaused(reason="signal", text=CLOSED))

    def unread(self) -> list[Command]:
        """After the run: what came too late for it, and the next one wants to hear."""
        return self._crew.control.unread()

    async def _drive(self) -> Ending:
        try:
            ending = await self._recover()
            while ending is None:
                ending = await self._step()
        except NobodyHere:
            ending = Ending("waiting", "It waits for its human.")
        except JournalError:
            raise  # what failed is the log itself
        except Exception:
            log.exception("the loop of %s", self._recorder.session)
            ending = Ending("failed", "Something went wrong inside Loopdeck.", "See the log file.")
        return ending

    async def _end(self, ending: Ending) -> Ending:
        await self._surroundings.look_at_servers()
        if ending.outcome in ("waiting", "paused"):
            reason = "waiting" if ending.outcome == "waiting" else "model"
            await self._recorder.record(SessionPaused(reason=reason, text=ending.text))
            return ending
        verified = self._verified()
        await self._recorder.record(
            SessionEnded(outcome=ending.outcome, verified=verified, text=ending.text)
        )
        return replace(ending, verified=verified)

    def _verified(self) -> Literal["checked", "unchecked", "failed"]:
        check = self._recorder.state.check
        match check.status if check else "":
            case "passed":
                return "checked"
            case "failed":
                return "failed"
            case _:
                return "unchecked"

    async def _recover(self) -> Ending | None:
        """Finish what an earlier run left half done; nothing for a new session."""
        await self._surroundings.look()
        await self._crew.desk.withdraw("question", "unknown")
        cases = await self._crew.control.interruptible(self._leftovers())
        return await self._act(cases) if isinstance(cases, list) and cases else None

    async def _leftovers(self) -> list[Case]:
        await self._crew.recovery.resolve_unknown()
        return await self._crew.recovery.cases()

    async def _step(self) -> Ending | None:
        """One trip around the loop; `None` to go on."""
        stopped = await self._rest()
        if stopped is not None:
            return stopped
        allowed = await self._crew.control.interruptible(self._crew.limiter.check())
        if allowed is Cut.SHORT:
            return None
        if allowed is not None and allowed != CLOSING:
            return Ending("limit", allowed)
        return await self._turn(closing=allowed == CLOSING)

    async def _rest(self) -> Ending | None:
        """Honour a stop or a pause that was asked for meanwhile."""
        control = self._crew.control
        if control.stopping is None and control.paused:
            await self._recorder.record(SessionPaused(reason="human", text=control.why_paused))
            await control.until_going()
            await self._recorder.record(SessionResumed())
        if control.stopping is not None:
            return Ending("stopped", control.stopping.reason or "Stopped by its human.")
        return None

    async def _turn(self, *, closing: bool) -> Ending | None:
        await self._crew.hear()
        if gone := self._crew.examiner.taken_back(self._recorder.state):
            await self._recorder.record(*gone)
        await self._surroundings.look_at_servers()
        level = self._recorder.state.level
        specs = [spec for spec in self._toolbox.specs if offers(level, spec)]
        try:
            reply = await self._crew.control.interruptible(
                self._think([] if closing else specs, closing=closing)
            )
        except ModelError as error:
            return await self._troubles.of_model(error)
        if isinstance(reply, Cut):
            return None
        cases = await self._take(reply, runs=reply.stop == "tool_use" and not closing)
        if closing:
            return Ending("limit", said(reply) or "Stopped at its limit.")
        if cases:
            return await self._act(cases)
        return await self._observe(reply)

    async def _think(self, specs: Sequence[ToolSpec], *, closing: bool) -> Reply:
        """The model's reply, to a prompt that is not longer than it should be."""
        await self._crew.compactor.look()
        search = not closing and self._crew.examiner.lets_search(self._recorder.state)
        reply = await self._crew.thinker.turn(specs, closing=closing, search=search)
        self._crew.compactor.saw(reply)
        return reply

    async def _take(self, reply: Reply, *, runs: bool) -> list[Case]:
        """Record a reply, with its calls if they may run."""
        uses = [block for block in reply.blocks if isinstance(block, ToolUse)]
        made = searching.uses_of(reply, self._recorder.state.step)
        named = self._conversation.with_new_ids([*made, *uses])
        made, uses = named[: len(made)], named[len(made) :]
        state = searching.informed(self._recorder.state, reply)
        cases = await self._crew.examiner.examine_all(uses, state) if runs else []
        events: list[Event] = [as_event(reply, state.step, uses, runs=runs)]
        events += searching.events_of(made, reply.searches, state)
        events += [
            CallProposed(
                call_id=case.use.call_id, step=state.step, tool=case.use.tool, args=case.use.args
            )
            for case in cases
        ]
        events += [event for case in cases for event in case.events]
        await self._recorder.record(*events, *self._crew.gate.openers(cases, state))
        return cases

    async def _act(self, cases: Sequence[Case]) -> Ending | None:
        done = await self._crew.control.interruptible(self._crew.gate.settle(cases))
        if isinstance(done, Cut):
            await self._crew.gate.abandon(cases)
            return None
        if not done:
            await self._recorder.flush()
            return Ending("waiting", "A call waits for approval.")
        for case in cases:
            ending = await self._troubles.of_repeats(case)
            if ending is not None:
                return ending
        return None

    async def _observe(self, reply: Reply) -> Ending | None:
        """What a reply without calls means."""
        self._cut_replies = 1 + self._cut_replies if reply.stop == "max_tokens" else 0
        match reply.stop:
            case "pause_turn":
                return None
            case "max_tokens" if self._cut_replies < TRIES:
                return None
            case "end_turn" | "stop_sequence" | "tool_use" if said(reply).strip():
                return await self._finish.claimed(said(reply))
            case _:
                return await self._troubles.of_reply(reply)


async def _cancelled(task: asyncio.Future[Ending] | asyncio.Future[None]) -> None:
    """Cancel a task and see it end, whatever it ends with."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
