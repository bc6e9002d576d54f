"""What a running tool may do beside its own work, recorded as it does it."""

from collections.abc import Sequence
from typing import Literal

from loopdeck.errors import ToolError
from loopdeck.harness.gating.aside import Asides, Said
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.spooling import Spooling
from loopdeck.ports import Guard
from loopdeck.ports.tools import Spool, Thought
from loopdeck.session.events import CallOutput, PlanRevised
from loopdeck.session.forms import FormField
from loopdeck.session.values import PlanItem

NOT_ASKED = "Its human lets nothing of this call be stored, so nobody can be asked about it."


class CallContext:
    """The `ToolContext` of one call; without a call id its output is nobody's and is dropped.

    Nor is it recorded, or kept beside the log, where the human let the call run without storing
    what it gives: then it goes as it is to the model alone, and what would be asked, which is
    part of the log, is not.
    """

    def __init__(
        self,
        recorder: Recorder,
        desk: Desk,
        spool: Spooling,
        call_id: str | None,
        *,
        stores: bool = True,
        asides: Asides | None = None,
    ) -> None:
        self._recorder = recorder
        self._desk = desk
        self._spool = spool
        self._stores = stores
        self._call_id = call_id if stores else None
        self._asides = asides
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
        if not self._stores:
            raise ToolError(NOT_ASKED)
        answer = await self._desk.call("question", question, options, self._call_id, form)
        return answer.text or answer.answer

    async def think(self, instructions: str, said: Said, most: int) -> Thought:
        """Ask the model beside the conversation; what it takes is recorded with the call's end."""
        if not self._stores:
            raise ToolError(NOT_ASKED)
        if self._asides is None or self._call_id is None:
            raise ToolError("There is no model here.")
        thought = await self._asides.think(self._call_id, instructions, said, most)
        await self.output(f"{thought.by} answered: {thought.text}\n")
        return thought

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """Record the new plan with the call's end."""
        self._recorder.hold(PlanRevised(items=tuple(items)))
