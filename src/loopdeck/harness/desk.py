"""The human's desk: questions that wait for an answer, each an event when asked and answered."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal

from loopdeck.harness.recorder import Recorder
from loopdeck.session.commands import Answer
from loopdeck.session.events import HumanAnswered, HumanCalled
from loopdeck.session.values import Limits

Kind = Literal["question", "limit", "loop", "check", "model", "unknown"]


class NobodyHere(Exception):
    """The question is on record and nobody is here to answer it."""


class Desk:
    """Asks the human and waits. With `attended=False` it asks, and raises `NobodyHere`."""

    def __init__(self, recorder: Recorder, new_id: Callable[[], str], *, attended: bool) -> None:
        self.attended = attended
        self._recorder = recorder
        self._new_id = new_id
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._early: dict[str, Answer] = {}

    async def call(
        self,
        kind: Kind,
        text: str,
        options: Sequence[str],
        call_id: str | None = None,
        *,
        if_raised: Limits | None = None,
    ) -> Answer:
        """Ask and wait for the answer; an open question of the same kind is taken up again.

        `if_raised` are the limits that the answer `raise` sets where it brings none of its own.
        """
        ask_id = self._open(kind, call_id)
        if ask_id is None:
            ask_id = self._new_id()
            await self._recorder.record(
                HumanCalled(
                    ask_id=ask_id, kind=kind, text=text, options=tuple(options), call_id=call_id
                )
            )
        answer = await self._wait(ask_id)
        if answer.answer == "raise" and answer.limits is None:
            answer = answer.model_copy(update={"limits": if_raised})
        await self.close(answer)
        return answer

    def answer(self, answer: Answer) -> None:
        """Hand over the human's answer; one that comes before anybody waits is kept for them."""
        future = self._waiting.get(answer.ask_id)
        if future is None:
            self._early[answer.ask_id] = answer
        elif not future.done():
            future.set_result(answer)

    async def close(self, answer: Answer) -> None:
        """Record an answer."""
        await self._recorder.record(
            HumanAnswered(
                ask_id=answer.ask_id,
                answer=answer.answer,
                text=answer.text,
                limits=answer.limits,
            )
        )

    def _open(self, kind: Kind, call_id: str | None) -> str | None:
        for ask in self._recorder.state.asks:
            if ask.kind == kind and ask.call_id == call_id:
                return ask.ask_id
        return None

    async def _wait(self, ask_id: str) -> Answer:
        if ask_id in self._early:
            return self._early.pop(ask_id)
        if not self.attended:
            raise NobodyHere
        future = asyncio.get_running_loop().create_future()
        self._waiting[ask_id] = future
        try:
            return await future
        finally:
            self._waiting.pop(ask_id, None)
