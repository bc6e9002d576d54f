"""Keeps one server going in a task of its own: connects, listens, and tries again after a pause.

Whatever a server does, it is this task that hears of it; a call waits for its own answer only.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, cast

from loopdeck.errors import LoopdeckError, ToolError
from loopdeck.ports import Clock
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import Server, State, Status
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.visible import expose

log = logging.getLogger(__name__)

CONNECTING = 30.0  # seconds until a server has to have said what it offers
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
TRIES = 6  # that fail one after the other; then only a call tries again
SETTLING = 0.3  # seconds in which several changes of the list are one
MOST_ERROR = 300

Asked = Callable[[str, JsonObject, str], Awaitable[JsonObject | None]]


class Progress(Protocol):
    """Hears how far a call is, as its server says."""

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        """So much is done, of so much if that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears what a server says by itself: it is gone, its tools changed, it asks a human."""

    gone: Callable[[], None]
    changed: Callable[[], None]
    asked: Asked


class Talk(Protocol):
    """An open connection."""

    @property
    def protocol(self) -> str:
        """The version of the protocol that both speak."""
        ...

    async def offers(self) -> list[Offer]:
        """Every tool."""
        ...

    async def watch(self) -> None:
        """Hear of changed tools, for as long as it takes."""
        ...

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Run a tool. Raises `ToolError`."""
        ...


Open = Callable[[Server, Tail, Ears], AbstractAsyncContextManager[Talk]]


class Link:
    """One server. `run` is its task; `heard` is told what it offers each time that is new."""

    def __init__(
        self,
        server: Server,
        opened: Open,
        clock: Clock,
        tail: Tail,
        asked: Asked,
        heard: Callable[[Server, Sequence[Offer]], None],
    ) -> None:
        self.server = server
        self._open, self._clock, self._tail, self._heard = opened, clock, tail, heard
        self._ears = Ears(self._lost, self._moved, asked)
        self._state = State.WAITING
        self._talk: Talk | None = None
        self._known = asyncio.Event()  # connected, or given up for now
        self._gone = asyncio.Event()
        self._changed = asyncio.Event()
        self._wanted = asyncio.Event()
        self._error = ""
        self._tools = self._calls = 0
        self._latency: float | None = None

    @property
    def status(self) -> Status:
        """How it is doing."""
        protocol = self._talk.protocol if self._talk else ""
        said = self._tail.text() if self._error else ""
        return Status(
            self.server.name,
            self._state,
            self._tools,
            protocol,
            self._latency,
            self._calls,
            self._error,
            said,
        )

    async def run(self) -> None:
        """Keep it connected until this is cancelled."""
        failed = 0
        try:
            while True:
                if await self._live():
                    failed = 0
                failed += 1
                await self._pause(failed)
        finally:
            self._state, self._talk = State.STOPPED, None
            self._known.set()
            self._tail.close()

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Run a tool, once it is connected. Raises `ToolError`."""
        talk = await self.ready()
        began = self._clock.mono()
        self._calls += 1
        asking = asyncio.ensure_future(talk.call(tool, args, progress))
        lost = asyncio.ensure_future(self._gone.wait())
        try:
            # Not for longer than the server says itself: one that hangs is held to its time.
            await asyncio.wait(
                {asking, lost},
                return_when=asyncio.FIRST_COMPLETED,
                timeout=self.server.timeout,
            )
            failed = not asking.done() or asking.exception() is not None
            if failed and (self._gone.is_set() or not asking.done()):
                raise ToolError(self._no_answer(gone=self._gone.is_set()))
            answer = await asking
        finally:
            for task in (asking, lost):
                task.cancel()
            await asyncio.gather(asking, lost, return_exceptions=True)
        self._latency = (self._clock.mono() - began) / 1e6
        return answer

    async def ready(self) -> Talk:
        """Its connection, waiting for it or trying again. Raises `ToolError`."""
        if self._talk is None:
            if self._state in (State.RESTING, State.FAILED):
                self._known.clear()
                self._wanted.set()
            await self._known.wait()
        if self._talk is None:
            words = self._error or "it is not running"
            raise ToolError(
                f"The MCP server {self.server.name} cannot be used: {words} Nothing ran."
            )
        return self._talk

    async def _live(self) -> bool:
        """One connection, from its beginning to its end; whether there was one."""
        self._state = State.STARTING
        self._known.clear()
        self._gone.clear()
        self._changed.clear()
        self._wanted.clear()
        lived, began = False, self._clock.mono()
        try:
            async with asyncio.timeout(CONNECTING) as limit:
                async with self._open(self.server, self._tail, self._ears) as talk:
                    self._take(await talk.offers())
                    limit.reschedule(None)
                    self._talk, self._state, self._error = talk, State.READY, ""
                    self._latency = (self._clock.mono() - began) / 1e6
                    lived = True
                    self._known.set()
                    await self._listen(talk)
            self._error = "It ended."
        except TimeoutError:
            self._error = f"It did not answer within {CONNECTING:.0f} seconds."
        except Exception as error:
            log.exception("MCP server %s", self.server.name)
            self._error = sentence(error)
        finally:
            self._talk = None
        return lived

    async def _listen(self, talk: Talk) -> None:
        """Until it is gone; a changed list is read again once it has settled."""
        watching = asyncio.ensure_future(talk.watch())
        try:
            while not await self._told():
                await self._clock.sleep(SETTLING)
                self._changed.clear()
                self._take(await talk.offers())
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _told(self) -> bool:
        """Wait for news; whether they are that it is gone."""
        waits = [asyncio.ensure_future(one.wait()) for one in (self._gone, self._changed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return self._gone.is_set()

    async def _pause(self, failed: int) -> None:
        """Rest before the next try, or until somebody wants it."""
        self._state = State.RESTING if failed < TRIES else State.FAILED
        if not self._wanted.is_set():
            self._known.set()
        rest = self._rest(failed)
        waits = [asyncio.ensure_future(one) for one in (self._wanted.wait(), rest)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _rest(self, failed: int) -> bool:
        if failed >= TRIES:
            await asyncio.Event().wait()
        await self._clock.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failed - 1)))
        return True

    def _take(self, offers: Sequence[Offer]) -> None:
        self._tools = len(offers)
        self._heard(self.server, offers)

    def _lost(self) -> None:
        """From now on calls wait for the next connection."""
        if self._talk is not None:
            self._talk, self._state = None, State.RESTING
            self._known.clear()
        self._gone.set()

    def _moved(self) -> None:
        self._changed.set()

    def _no_answer(self, *, gone: bool) -> str:
        name = self.server.name
        if gone:
            self._error = "It ended in the middle of a call."
            return (
                f"The MCP server {name} ended in the middle of the call: what it did is not known."
            )
        return (
            f"The MCP server {name} did not answer within {self.server.timeout:.0f} seconds: "
            "what it did is not known."
        )


def sentence(error: BaseException) -> str:
    """What went wrong, in words; of several at once the first."""
    match _first(error):
        case LoopdeckError() as known:
            text = str(known)
        case FileNotFoundError() as missing:
            text = f"There is no program {missing.filename}"
        case OSError() as failed:
            text = f"It cannot be started: {failed.strerror or failed}"
        case other:
            text = str(other).strip() or type(other).__name__
    text = expose(text.splitlines()[0])[:MOST_ERROR]
    return text if text.endswith(".") else f"{text}."


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        error = group.exceptions[0]
    return error
