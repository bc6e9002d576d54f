"""One turn of the model: ask, stream the draft into the log, try again where that can help."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from loopdeck.errors import ModelUnavailable, OutOfTime
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.ports import Clock, Delta, Model, ModelRequest, Reply, ToolSpec
from loopdeck.session.events import ModelChunk, ModelFailed, ModelRequested
from loopdeck.session.values import Usage

ATTEMPTS = 5
LONGEST_WAIT_S = 60.0
_BEYOND_S = 0.01  # that a wait goes past the end of the run's time, so that it is over by then
CHUNK_EVERY_NS = 50_000_000  # at most 20 chunks a second


class Thinker:
    """Asks the model. A reply counts only when it came whole; a cut one is a draft.

    `left` tells how many seconds of the run's time there are; no request is tried again after it.
    """

    def __init__(
        self,
        recorder: Recorder,
        model: Model,
        conversation: Conversation,
        clock: Clock,
        left: Callable[[], float],
    ) -> None:
        self._recorder = recorder
        self._model = model
        self._conversation = conversation
        self._clock = clock
        self._left = left
        self._now = asyncio.Event()

    def retry(self) -> None:
        """End the wait after a failed request, if one is under way."""
        self._now.set()

    async def turn(
        self, tools: Sequence[ToolSpec], *, closing: bool, search: bool = False
    ) -> Reply:
        """The model's reply. Raises `ModelError` once another attempt cannot help."""

        def request() -> ModelRequest:
            turns = self._conversation.request()
            return ModelRequest(self._recorder.state.instructions, turns, tools, search=search)

        return await self._ask(request, closing=closing)

    async def once(self, request: ModelRequest) -> Reply:
        """The reply to a request beside the conversation. Raises `ModelError` like a turn."""
        return await self._ask(lambda: request, closing=False)

    async def aside(self, request: ModelRequest) -> Reply:
        """The reply to a request that is no step: who asks says what it took. Raises `ModelError`.

        It is tried once.
        """
        async with contextlib.aclosing(self._model.stream(request)) as parts:
            async for part in parts:
                if isinstance(part, Reply):
                    return part
        raise ModelUnavailable("The model's reply ended before it was complete.")

    async def _ask(self, request: Callable[[], ModelRequest], *, closing: bool) -> Reply:
        step = self._recorder.state.answered + 1
        timed = not closing and self._left() > 0  # else a human lets it go on all the same
        attempt = 0
        while True:
            attempt += 1
            await self._recorder.record(
                ModelRequested(step=step, attempt=attempt, model=self._model.name, closing=closing)
            )
            try:
                return await self._stream(request())
            except ModelUnavailable as error:
                await self._failed(error, step, attempt, timed=timed)
            if timed and self._left() <= 0:
                raise OutOfTime("The time of this run is used up.")

    async def _failed(
        self, error: ModelUnavailable, step: int, attempt: int, *, timed: bool
    ) -> None:
        """Wait for the next attempt. Raises `ModelUnavailable` where this was the last."""
        last = attempt == ATTEMPTS
        wait = None if last else min(error.wait_s or 2.0 ** (attempt - 1), LONGEST_WAIT_S)
        if wait is not None and timed:
            wait = min(wait, round(max(0.0, self._left()) + _BEYOND_S, 2))
        text = f"{error}{_longer(error.wait_s)}"
        self._now.clear()
        await self._recorder.record(
            ModelFailed(step=step, attempt=attempt, error=text, hint=error.hint, wait_s=wait)
        )
        if wait is None:
            raise ModelUnavailable(text, error.hint) from error
        await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        """Until the time is over, or somebody wants it tried at once."""
        over, now = self._clock.sleep(seconds), self._now.wait()
        waits = [asyncio.ensure_future(over), asyncio.ensure_future(now)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _stream(self, request: ModelRequest) -> Reply:
        draft, whole = _Draft(self._recorder, self._clock), False
        try:
            async with contextlib.aclosing(self._model.stream(request)) as parts:
                async for part in parts:
                    if isinstance(part, Reply):
                        whole = True
                        return part
                    await draft.add(part)
        finally:
            if not whole:
                await draft.cut()
        raise ModelUnavailable("The model's reply ended before it was complete.")


def _longer(asked: float | None) -> str:
    """What the server asked for, where we do not wait as long."""
    if asked is None or asked <= LONGEST_WAIT_S:
        return ""
    return f" It asks to be left alone for {asked:,.0f} s."


class _Draft:
    """Gathers deltas into chunk events; the rest of a text is in the reply that follows."""

    def __init__(self, recorder: Recorder, clock: Clock) -> None:
        self._recorder = recorder
        self._clock = clock
        self._parts: list[Delta] = []
        self._last = clock.mono()
        self._told: Delta | None = None
        self._guard = recorder.redactor.stream()

    async def add(self, delta: Delta) -> None:
        if self._told is None or delta.usage is not None:
            self._told = delta
        if not delta.text:
            return
        if self._parts and self._parts[0].kind != delta.kind:
            await self._write()
            self._guard = self._recorder.redactor.stream()
        self._parts.append(delta)
        if self._clock.mono() - self._last >= CHUNK_EVERY_NS:
            await self._write()

    async def cut(self) -> None:
        """No reply follows what came of it: that was spent all the same, as far as it was told."""
        if self._told is not None:
            usage, cost = self._told.usage or Usage(), self._told.cost_usd
            chunk = ModelChunk(kind="text", text="", usage=usage, cost_usd=cost)
            await self._recorder.record(chunk, durable=False)

    async def _write(self) -> None:
        """Record what came, but for the end of it that may be the beginning of a secret."""
        text = self._guard.add("".join(part.text for part in self._parts))
        kind, self._parts = self._parts[0].kind, []
        self._last = self._clock.mono()
        if text:
            await self._recorder.record(ModelChunk(kind=kind, text=text), durable=False)
