"""The human's desk: questions that wait for an answer, each an event when asked and answered."""

import asyncio
from collections.abc import Callable, Sequence

from loopdeck.harness.budget import raise_hit
from loopdeck.harness.recorder import Recorder
from loopdeck.session.commands import Answer
from loopdeck.session.events import HumanAnswered, HumanCalled
from loopdeck.session.forms import FormField
from loopdeck.session.values import AskKind

WITHDRAWN = "withdrawn"


class NobodyHere(Exception):
    """The question is on record and nobody is here to answer it."""


class Desk:
    """Asks the human and waits. With `attended=False` it asks, and raises `NobodyHere`."""

    def __init__(self, recorder: Recorder, new_id: Callable[[], str], *, attended: bool) -> None:
        self.attended = attended
        self._recorder = recorder
        self._new_id = new_id
        self._waiting: dict[str, asyncio.Future[Answer]] = {}

    async def call(
        self,
        kind: AskKind,
        text: str,
        options: Sequence[str],
        call_id: str | None = None,
        form: Sequence[FormField] = (),
    ) -> Answer:
        """Ask and wait for the answer; what a call asked before a crash is not asked twice."""
        ask_id = self._open(kind, call_id)
        if ask_id is None:
            ask_id = self._new_id()
            await self._recorder.record(
                HumanCalled(
                    ask_id=ask_id,
                    kind=kind,
                    text=text,
                    options=tuple(options),
                    call_id=call_id,
                    form=tuple(form) or None,
                )
            )
        if not self.attended:
            raise NobodyHere
        future = asyncio.get_running_loop().create_future()
        self._waiting[ask_id] = future
        try:
            return await future
        finally:
            self._waiting.pop(ask_id, None)

    async def answer(self, answer: Answer) -> bool:
        """Record the human's answer; false where nobody waits for it. One to no question is void.

        The answer `raise` without limits of its own doubles those that are used up.
        """
        if not any(ask.ask_id == answer.ask_id for ask in self._recorder.state.asks):
            return True
        if answer.answer == "raise" and answer.limits is None:
            answer = answer.model_copy(update={"limits": raise_hit(self._recorder.state)})
        await self._close(answer)
        future = self._waiting.get(answer.ask_id)
        if future is None or future.done():
            return False
        future.set_result(answer)
        return True

    async def withdraw(self, *kept: AskKind) -> None:
        """Close every open question that nobody waits for any more, but for these kinds."""
        for ask in self._recorder.state.asks:
            if ask.kind not in kept:
                await self._close(Answer(ask_id=ask.ask_id, answer=WITHDRAWN))

    async def _close(self, answer: Answer) -> None:
        await self._recorder.record(
            HumanAnswered(
                ask_id=answer.ask_id,
                answer=answer.answer,
                text=answer.text,
                limits=answer.limits,
            )
        )

    def _open(self, kind: AskKind, call_id: str | None) -> str | None:
        for ask in self._recorder.state.asks:
            if call_id is not None and (ask.kind, ask.call_id) == (kind, call_id):
                return ask.ask_id
        return None
