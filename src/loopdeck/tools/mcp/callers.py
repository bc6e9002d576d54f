"""The calls that run now, and what their servers want meanwhile of the human or the model."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from loopdeck.errors import ToolError
from loopdeck.ports import Clock, ToolContext
from loopdeck.ports.tools import Thought
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.asking import NOBODY, Elicited, elicited
from loopdeck.tools.mcp.sampling import MOST_ASKED, Wanted, answered

MOST_STEPS = 200  # of a call's progress that are shown
STEPS_APART = 0.2  # seconds
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Caller:
    """A call that runs, the progress it shows, and the questions that its server has."""

    context: ToolContext
    clock: Clock
    questions: list[asyncio.Future[Any]] = field(default_factory=list[asyncio.Future[Any]])
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # a human is asked one thing at a time
    sampled: int = 0
    shown: int = 0
    shown_at: int = 0

    @property
    def is_asking(self) -> bool:
        """Whether it waits for its human."""
        return any(not question.done() for question in self.questions)

    async def held(self, asking: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Have the human asked, after what they are asked already; comes back when it is over."""

        async def asked() -> T:
            try:
                async with self.turn:
                    return await asking
            finally:
                asking.close()

        question = asyncio.ensure_future(asked())
        self.questions.append(question)
        await asyncio.wait({question})
        return question

    async def show(self, progress: float, total: float | None, message: str | None) -> None:
        """Show how far it is, but for what comes too often."""
        now = self.clock.mono()
        soon = self.shown and now - self.shown_at < STEPS_APART * 1e9 and progress != total
        if self.shown >= MOST_STEPS or soon:
            return
        self.shown, self.shown_at = self.shown + 1, now
        of = f"/{total:g}" if total else ""
        await self.context.output(f"{progress:g}{of} {(message or '')[:200]}".rstrip() + "\n")


class Callers:
    """By server; what one wants is put to the human of its newest call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: defaultdict[str, list[Caller]] = defaultdict(list)

    @asynccontextmanager
    async def during(self, server: str, context: ToolContext) -> AsyncGenerator[Caller]:
        """A call of a server, until it is over."""
        caller = Caller(context, self._clock)
        self._running[server].append(caller)
        try:
            yield caller
        finally:
            self._running[server].remove(caller)
            for question in caller.questions:  # nobody waits for an answer any more
                question.cancel()
            await asyncio.gather(*caller.questions, return_exceptions=True)

    async def ask(self, server: str, message: str, schema: JsonObject, address: str) -> Elicited:
        """Ask the human of the call that is running; without one nobody is asked."""
        if not self._running[server]:
            return Elicited()
        caller = self._running[server][-1]
        if not caller.context.attended:
            await caller.context.output(NOBODY.format(server=server))
            return Elicited()

        asking = elicited(server, message, schema, address, caller.context.ask)
        question = await caller.held(asking)
        if question.cancelled() or question.exception() is not None:
            return Elicited("cancel")  # the call is over, or nobody is here to be asked
        return question.result()

    async def sample(self, server: str, wanted: Wanted) -> Thought:
        """Have the model of the run answer a call's server. Raises `ToolError` where it may not."""
        if not self._running[server]:
            raise ToolError("No call of this server is running.")
        caller = self._running[server][-1]
        caller.sampled += 1
        if caller.sampled > MOST_ASKED:
            raise ToolError(f"One call may ask the model {MOST_ASKED} times.")

        question = await caller.held(answered(server, wanted, caller.context))
        if question.cancelled():
            raise ToolError("The call is over.")
        error = question.exception()
        if error is not None:
            raise error if isinstance(error, ToolError) else ToolError("Nobody can be asked now.")
        return question.result()
