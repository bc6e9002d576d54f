"""Answers to waiting calls, on their way from the human to the gate."""

import asyncio

from loopdeck.session.commands import Approve, Deny


class Answers:
    """Hands each call its next answer; one that comes early is kept."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Approve | Deny]] = {}
        self._early: dict[str, Approve | Deny] = {}

    def give(self, answer: Approve | Deny) -> None:
        """Take an answer from the human."""
        future = self._waiting.get(answer.call_id)
        if future is None:
            self._early[answer.call_id] = answer
        elif not future.done():
            future.set_result(answer)

    def take_early(self, call_id: str) -> Approve | Deny | None:
        """The answer that is already there, if any."""
        return self._early.pop(call_id, None)

    async def wait(self, call_id: str) -> Approve | Deny:
        """The next answer for this call."""
        early = self.take_early(call_id)
        if early is not None:
            return early
        future = asyncio.get_running_loop().create_future()
        self._waiting[call_id] = future
        try:
            return await future
        finally:
            self._waiting.pop(call_id, None)
