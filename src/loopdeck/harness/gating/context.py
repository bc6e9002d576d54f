"""What a running tool may do beside its own work, recorded as it does it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Literal

from loopdeck.errors import ModelError, ToolError
from loopdeck.harness.budget import meters
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.spooling import Spooling
from loopdeck.ports import AssistantTurn, Guard, ModelRequest, Reply, ToolResult, Turn, UserTurn
from loopdeck.ports.tools import Spool, Thought
from loopdeck.session.events import CallOutput, PlanRevised
from loopdeck.session.evolve import evolve
from loopdeck.session.forms import FormField
from loopdeck.session.state import Totals
from loopdeck.session.totals import spend
from loopdeck.session.values import PlanItem, TextBlock

Aside = Callable[[ModelRequest], Awaitable[Reply]]


async def alone(_request: ModelRequest) -> Reply:
    """There is no model to be asked."""
    raise ToolError("There is no model here.")


class CallContext:
    """The `ToolContext` of one call; without a call id its output is nobody's and is dropped.

    Nor is it recorded, or kept beside the log, where the human let the call run without storing
    what it gives: then it goes as it is to the model alone.
    """

    def __init__(
        self,
        recorder: Recorder,
        desk: Desk,
        spool: Spooling,
        call_id: str | None,
        *,
        stores: bool = True,
        aside: Aside = alone,
    ) -> None:
        self._recorder = recorder
        self._desk = desk
        self._spool = spool
        self._stores = stores
        self._call_id = call_id if stores else None
        self._asks_for = call_id
        self._aside = aside
        self.spent: Totals | None = None  # of the run's own model
        self._guards = {name: recorder.redactor.stream() for name in ("stdout", "stderr")}

    @property
    def spool(self) -> Spool | None:
        """The session's private folder, made on first use; none for what nobody could find."""
        return self._spool.ready() if self._call_id is not None else None

    def guard(self) -> Guard | None:
        """This installation's redaction; none for what only the model is to have."""
        return self._recorder.redactor.stream() if self._stores else None

    async def output(self, text: str, stream: Literal["stdout", "stderr"] = "stdout") -> None:
        """Record live output; not worth a sync of the disk."""
        if self._call_id is None:
            return
        ready = self._guards[stream].add(text)
        if ready:
            event = CallOutput(call_id=self._call_id, stream=stream, text=ready)
            await self._recorder.record(event, durable=False)

    @property
    def attended(self) -> bool:
        """False where nobody is here to be asked."""
        return self._desk.attended

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """Call the human; the answer is an option, free text, or what a form was filled in with."""
        answer = await self._desk.call("question", question, options, self._asks_for, form)
        return answer.text or answer.answer

    async def think(
        self, instructions: str, said: Sequence[tuple[Literal["user", "assistant"], str]], most: int
    ) -> Thought:
        """Ask the model beside the conversation; what it takes is recorded with the call's end."""
        state, spent = self._recorder.state, self.spent or Totals()
        known = spent.cost_usd if spent.cost_known else None
        so_far = evolve(state, totals=spend(state.totals, spent.usage, known))
        for meter in meters(so_far, state.elapsed_ns):
            if meter.is_hit:
                raise ToolError(meter.sentence)
        try:
            reply = await self._aside(ModelRequest(instructions, turns_of(said), (), most))
        except ModelError as error:
            raise ToolError(str(error)) from error
        self.spent = spend(spent, reply.usage, reply.cost_usd)
        text = "".join(block.text for block in reply.blocks if isinstance(block, TextBlock))
        await self.output(f"{state.model} answered: {text}\n")
        return Thought(text, state.model, reply.stop)

    def paid(self, result: ToolResult) -> ToolResult:
        """A result with what the call took of the run's model, if it did."""
        if self.spent is None:
            return result
        cost = self.spent.cost_usd if self.spent.cost_known else None
        return replace(result, usage=self.spent.usage, cost_usd=cost)

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """Record the new plan with the call's end."""
        self._recorder.hold(PlanRevised(items=tuple(items)))


def turns_of(said: Sequence[tuple[Literal["user", "assistant"], str]]) -> list[Turn]:
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
