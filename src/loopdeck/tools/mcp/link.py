"""Keeps one server going in a task of its own: connects, listens, and tries again after a pause.

Whatever a server does, it is this task that hears of it; a call waits for its own answer only.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from loopdeck.errors import HeldBackError, LoginError, ToolError
from loopdeck.ports import Clock
from loopdeck.tools.mcp.counting import Counts
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.sampling import Sampled, unwanted
from loopdeck.tools.mcp.servers import Server, State, Status
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.talk import Asked, Ears, Open, Talk
from loopdeck.tools.mcp.things import Things
from loopdeck.tools.mcp.troubles import first, sentence, unanswered
from loopdeck.tools.mcp.waiting import first_of

log = logging.getLogger(__name__)

CONNECTING = 30.0  # seconds until a server has to have said what it offers
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
TRIES = 6  # that fail one after the other; then only a call tries again
SETTLING = 0.3  # seconds in which several changes of the list are one
MOST_SETTLING = 1.0  # and in which the changed list has to be there
MOST_BEFORE = 3.0  # seconds for what goes first
SLICE = 1.0  # seconds after which it is seen whether a human holds a call up

T = TypeVar("T")


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
        sampled: Sampled = unwanted,
    ) -> None:
        self.server = server
        self._open, self._clock, self._tail, self._heard = opened, clock, tail, heard
        self._ears = Ears(self._lost, self._moved, asked, sampled, self._refuse)
        self._state = State.WAITING
        self._talk: Talk | None = None
        self._known = asyncio.Event()  # connected, or given up for now
        self._gone = asyncio.Event()
        self._changed = asyncio.Event()
        self._wanted = asyncio.Event()
        self._calm = asyncio.Event()  # no change of a list is being waited out
        self._calm.set()
        self._over = self._let = self._held_back = False
        self._error = self._trouble = ""  # why it cannot be used; what was wrong the last time
        self._refused = ""  # what the login lacks with which it refused a request
        self._again: int | None = None  # when it is tried again
        self._tools = 0
        self.counts = Counts()
        self.things = Things()

    @property
    def status(self) -> Status:
        """How it is doing."""
        left = self._again - self._clock.mono() if self._again is not None else None
        return Status(
            self.server.name,
            self._state,
            self._tools,
            protocol=self._talk.protocol if self._talk else "",
            error=self._error,
            trouble=self._error or self._trouble,
            said=self._tail.text() if self._error or self._trouble else "",
            again_s=max(0.0, left / 1e9) if left is not None else None,
            counts=self.counts.copy(),
        )

    async def run(self, after: asyncio.Future[None] | None = None) -> None:
        """Keep it connected until this is cancelled, after `stop`; `after` goes first."""
        failed = 0
        try:
            if after is not None:
                await asyncio.wait({after}, timeout=MOST_BEFORE)
            while not self._over:
                if await self._live():
                    failed = 0
                failed = TRIES if self._held_back else failed + 1
                if not self._over:
                    await self._pause(failed)
        finally:
            self._state, self._talk = State.STOPPED, None
            self._known.set()
            self._tail.close()

    def stop(self) -> None:
        """This is its end. To cancel `run` is not enough: what carries it may swallow that."""
        self._over = True
        self._lost()

    async def ask(
        self, what: Callable[[Talk], Awaitable[T]], held: Callable[[], bool] = lambda: False
    ) -> T:
        """Ask something of it, once it is connected. Raises `ToolError`.

        While it is `held` up by a human, its time stands still.
        """
        talk = await self.ready()
        began = self._clock.mono()
        self.counts.calls += 1
        self.counts.running += 1
        asking = asyncio.ensure_future(what(talk))
        lost = asyncio.ensure_future(self._gone.wait())
        try:
            # Not for longer than the server says itself: one that hangs is held to its time.
            thinking = await self._waited(asking, lost, held)
            failed = not asking.done() or asking.exception() is not None
            if failed and (self._gone.is_set() or not asking.done()):
                raise ToolError(self._no_answer(gone=self._gone.is_set()))
            answer = await asking
            if not thinking:
                self.counts.took((self._clock.mono() - began) / 1e6)
            return answer
        except ToolError:
            self.counts.failed += 1
            raise
        finally:
            self.counts.running -= 1
            for task in (asking, lost):
                task.cancel()
            await asyncio.gather(asking, lost, return_exceptions=True)

    async def _waited(
        self,
        asking: asyncio.Future[T],
        lost: asyncio.Future[Literal[True]],
        held: Callable[[], bool],
    ) -> bool:
        """Wait for one of them or for the end of a call's time; whether a human held it up."""
        left, thinking = self.server.timeout, False
        while left > 0:
            part = min(left, SLICE)
            ended, _ = await asyncio.wait(
                {asking, lost}, return_when=asyncio.FIRST_COMPLETED, timeout=part
            )
            if ended:
                break
            thinking = thinking or held()
            left -= 0 if held() else part
        return thinking

    async def settled(self) -> None:
        """Wait until a changed list was read again; not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING + MOST_SETTLING):
                await self._calm.wait()

    def restart(self) -> None:
        """Begin it anew, or try again at once; nothing while it begins already.

        A human wants that, so it may run once what lies in the workspace as it is now.
        """
        if self._state in (State.READY, State.RESTING, State.FAILED):
            self._let = True
            self._known.clear()
            self._wanted.set()
            self._lost()

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
        for event in (self._known, self._gone, self._changed, self._wanted):
            event.clear()
        self._refused = ""
        server = replace(self.server, from_workspace=self._let or self.server.from_workspace)
        lived, began = False, self._clock.mono()
        self._let = self._held_back = False
        self.counts.starts += 1
        try:
            async with asyncio.timeout(CONNECTING) as limit:
                async with self._open(server, self._tail, self._ears) as talk:
                    self._take(await talk.offers())
                    limit.reschedule(None)
                    self._talk, self._state, self._error = talk, State.READY, ""
                    self.counts.connected = (self._clock.mono() - began) / 1e6
                    lived = True
                    self._known.set()
                    await self._listen(talk)
            if not self._wanted.is_set():
                self._error = self._error or "It ended."  # a call may have said more
        except TimeoutError:
            self._error = f"It did not answer within {CONNECTING:.0f} seconds."
        except LoginError as error:
            log.info("MCP server %s: %s", self.server.name, error)
            self._error = str(error)
        except Exception as error:
            log.exception("MCP server %s", self.server.name)
            self._error = sentence(error)
            self._held_back = isinstance(first(error), HeldBackError)
        finally:
            self._calm.set()
            self._talk, self._trouble = None, self._error or self._trouble
            self.counts.troubles += bool(self._error)
        return lived

    async def _listen(self, talk: Talk) -> None:
        """Until it is gone; changed lists are read again once they have settled."""
        beside = [asyncio.ensure_future(one) for one in (talk.watch(), self._learn(talk))]
        try:
            while not await self._told():
                await self._clock.sleep(SETTLING)
                self._changed.clear()
                self._take(await talk.offers())
                self._calm.set()
                await self._learn(talk)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _learn(self, talk: Talk) -> None:
        """What it has beside its tools, which are of use without it."""
        try:
            self.things = await talk.things()
        except ToolError as error:
            log.info("MCP server %s: %s", self.server.name, error)

    async def _told(self) -> bool:
        """Wait for news; whether they are that it is gone."""
        await first_of(self._gone.wait(), self._changed.wait())
        return self._gone.is_set()

    async def _pause(self, failed: int) -> None:
        """Rest before the next try, or until somebody wants it."""
        self._state = State.RESTING if failed < TRIES else State.FAILED
        if not self._wanted.is_set():
            self._known.set()
        try:
            await first_of(self._wanted.wait(), self._rest(failed))
        finally:
            self._again = None

    async def _rest(self, failed: int) -> bool:
        if failed >= TRIES:
            await asyncio.Event().wait()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failed - 1))
        self._again = self._clock.mono() + int(pause * 1e9)
        await self._clock.sleep(pause)
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
        self._calm.clear()
        self._changed.set()

    def _refuse(self, words: str) -> None:
        self._refused = words

    def _no_answer(self, *, gone: bool) -> str:
        if gone and not self._refused:
            self._error = "It ended in the middle of a call."
        return unanswered(self.server, gone=gone, refused=self._refused)
