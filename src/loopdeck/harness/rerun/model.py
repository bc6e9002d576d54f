"""The recorded model: answers every request as it was answered, after a look at what it is told."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

from loopdeck.errors import ContextFull, ModelRejected, ModelUnavailable
from loopdeck.harness.rerun.prompter import Divergence, Prompter
from loopdeck.harness.rerun.prompts import Told, prompt_change
from loopdeck.harness.rerun.secrecy import unmasked
from loopdeck.ports import Delta, ModelRequest, Reply, ReplyBlock, Search, ToolUse
from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallProposed,
    HumanCalled,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    SessionEnded,
)
from loopdeck.session.standing import BY_MAKER, SEARCH
from loopdeck.session.values import CallBlock, TextBlock, ThinkingBlock

_LEFT_OUT = re.compile(r"^(\d+) calls of this reply were not run\. ?")


class TapeModel:
    """A `Model` that reads from the tape. Nothing is sent anywhere."""

    def __init__(self, prompter: Prompter, told: Told) -> None:
        self._prompter = prompter
        self._tape = prompter.tape
        self._told = told
        self._compared = 0  # turns of the prompt; those before the last do not change any more

    @property
    def name(self) -> str:
        """What the next request on the tape was made to: a session may change its model."""
        for place in range(self._prompter.position, len(self._tape)):
            event = self._tape.event(place)
            if isinstance(event, ModelRequested):
                return event.model
        return ""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to close."""

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """What came then. Waits for ever where nothing came."""
        place = self._prompter.requested
        if not self._tape.sums_up(place):
            self._compare(place, request)
        end = self._tape.outcome(place)
        spent = self._tape.cut.get(place)
        if spent is not None:
            yield Delta(spent.kind, "", spent.usage, spent.cost_usd)
        if end is None:
            await self._no_answer(place)
            return
        await self._prompter.until(end)
        event = self._tape.event(end)
        if isinstance(event, ModelFailed):
            raise ModelUnavailable(event.error, event.hint, wait_s=event.wait_s)
        if isinstance(event, ModelReplied):
            reply = replace(self._reply(event), searches=tuple(self._searches(end)))
            for block in reply.blocks:
                if isinstance(block, (TextBlock, ThinkingBlock)):
                    yield Delta(block.kind, block.text)
            yield reply

    def _compare(self, place: int, request: ModelRequest) -> None:
        expected = self._told.at(place)
        after = max(0, min(self._compared, len(expected)) - 2)
        change = prompt_change(request.turns, expected, after)
        self._compared = len(expected)
        opening = self._tape.opening
        if opening is not None and request.instructions != opening.instructions:
            change = "the instructions are others"
        if change:
            event = self._tape.event(place)
            self._prompter.part(Divergence(place, event, event, prompt=change))

    async def _no_answer(self, place: int) -> None:
        """The request was refused for good, or cut short before an answer came."""
        if self._tape.too_long(place):
            raise ContextFull(*self._tape.complaint(place))
        after = self._tape.event(place + 1)
        match after:
            case HumanCalled(kind="model") | SessionEnded(outcome="failed"):
                await self._prompter.until(place + 1)
                raise ModelRejected(*self._tape.complaint(place))
            case _:
                await asyncio.Event().wait()

    def _reply(self, event: ModelReplied) -> Reply:
        blocks: list[ReplyBlock] = [
            self._use(block) if isinstance(block, CallBlock) else block for block in event.blocks
        ]
        left_out = _LEFT_OUT.match(event.note)
        if left_out:  # the log has how many they were, and that is all that became of them
            blocks += [ToolUse(f"left-out-{n}", "", {}) for n in range(int(left_out[1]))]
        detail = event.note[left_out.end() :] if left_out else event.note
        return Reply(tuple(blocks), event.stop, event.usage, event.cost_usd, detail)

    def _searches(self, place: int) -> Iterator[Search]:
        """What the model's maker had looked for when it gave the reply of a place."""
        for at in range(place + 1, len(self._tape)):
            match self._tape.event(at):
                case CallProposed(tool=tool) as proposal if tool == SEARCH:
                    yield from self._search(proposal)
                case ModelRequested() | ModelReplied():
                    return
                case _:
                    pass

    def _search(self, proposal: CallProposed) -> Iterator[Search]:
        events = [self._tape.event(place) for place in self._tape.places(proposal.call_id)]
        made = any(isinstance(each, CallJudged) and each.facts.get(BY_MAKER) for each in events)
        for event in events:
            if made and isinstance(event, CallFinished):
                query = str(unmasked(proposal.args).get("query", ""))
                yield Search(query, event.output, ok=event.ok)

    def _use(self, block: CallBlock) -> ToolUse:
        call_id = block.call_id
        proposal = self._tape.proposal(call_id)
        if proposal is None:
            return ToolUse(call_id, "", {})
        events = (self._tape.event(place) for place in self._tape.places(call_id))
        judged = any(isinstance(event, CallJudged) for event in events)
        args = unmasked(proposal.args) if judged else proposal.args
        return ToolUse(call_id, proposal.tool, args)
