"""What running calls have the run's own model answer, beside the conversation: counted together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Literal

from loopdeck.errors import ModelError, ToolError
from loopdeck.harness.budget import meters
from loopdeck.harness.recorder import Recorder
from loopdeck.ports import AssistantTurn, ModelRequest, Reply, ToolResult, Turn, UserTurn
from loopdeck.ports.tools import Thought
from loopdeck.session.evolve import evolve
from loopdeck.session.state import Totals
from loopdeck.session.totals import spend
from loopdeck.session.values import TextBlock

Aside = Callable[[ModelRequest], Awaitable[Reply]]
Said = Sequence[tuple[Literal["user", "assistant"], str]]


class Asides:
    """Requests of calls, one at a time: each is held against the limits with what all took.

    The model gets what the human could read: no secret that this installation knows.
    """

    def __init__(self, recorder: Recorder, ask: Aside) -> None:
        self._recorder = recorder
        self._ask = ask
        self._turn = asyncio.Lock()
        self._spent: dict[str, Totals] = {}  # by calls whose end is not on record yet

    async def think(self, call_id: str, instructions: str, said: Said, most: int) -> Thought:
        """The model's answer to a call. Raises `ToolError`."""
        clean = self._recorder.redactor.clean
        turns = turns_of([(role, clean(text)) for role, text in said])
        async with self._turn:
            self._check()
            try:
                reply = await self._ask(ModelRequest(clean(instructions), turns, (), most))
            except ModelError as error:
                raise ToolError(str(error)) from error
            before = self._spent.get(call_id, Totals())
            self._spent[call_id] = spend(before, reply.usage, reply.cost_usd)
        text = "".join(block.text for block in reply.blocks if isinstance(block, TextBlock))
        return Thought(text, self._recorder.state.model, reply.stop)

    def paid(self, call_id: str, result: ToolResult) -> ToolResult:
        """A result, however the call ended, with what it took of the model, if it did."""
        spent = self._spent.get(call_id)
        if spent is None:
            return result
        return replace(result, usage=spent.usage, cost_usd=_known(spent))

    def over(self, call_id: str) -> None:
        """The call's end is on record, and with it what it took."""
        self._spent.pop(call_id, None)

    def _check(self) -> None:
        state = self._recorder.state
        totals = state.totals
        for spent in self._spent.values():
            totals = spend(totals, spent.usage, _known(spent))
        for meter in meters(evolve(state, totals=totals), state.elapsed_ns):
            if meter.is_hit:
                raise ToolError(meter.sentence)


def _known(spent: Totals) -> float | None:
    return spent.cost_usd if spent.cost_known else None


def turns_of(said: Said) -> list[Turn]:
    """Who said what, in turns: neighbours that one of them said are one."""
    turns: list[Turn] = []
    for role, text in said:
        last = turns[-1] if turns else None
        if role == "user":
            before = last.texts if isinstance(last, UserTurn) else ()
            turn: Turn = UserTurn((), (*before, text))
        else:
            before_ = last.blocks if isinstance(last, AssistantTurn) else ()
            turn = AssistantTurn((*before_, TextBlock(text=text)))
        turns[len(turns) - (type(last) is type(turn)) :] = [turn]
    return turns
