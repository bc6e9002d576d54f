"""One service: a command without a time limit, under its keeper, until somebody stops it."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from loopdeck.ports.services import Over, Said, ServiceOver
from loopdeck.session.values import Why
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.keeping import Keeping
from loopdeck.tools.commands.process import Process
from loopdeck.tools.commands.reporting import report
from loopdeck.tools.sandbox.blocked import put_back

TICK = 1.0
LAST = 2_000  # characters of the end of its output that are told when it is over

UNSURE = "[the look at what it left failed; the log file says more]"

log = logging.getLogger(__name__)

Show = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to stay: the command as it was judged, and what is around it.

    `written` is the command as its agent wrote it; one that `reaches_out` may bring in what
    others wrote, whenever its output is read. `spared` says which files are the session's own.
    """

    name: str
    written: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    keeper: str
    kept: Keeping
    spared: Callable[[str], bool]
    reaches_out: bool = False


class Service:
    """What it prints goes to `show` while its call looks on, and to `said` from then on."""

    def __init__(
        self,
        order: Order,
        capture: Capture,
        show: Show,
        said: Said,
        over: Over,
        quiet: asyncio.Event,
    ) -> None:
        self.order = order
        self.swept = False  # what it left was looked at for the last time
        self.known = asyncio.Event()  # that it stays is on record, or never will be
        self.ended = False
        self.exit_code: int | None = None
        self._capture = capture
        self._show, self._said, self._over = show, said, over
        self._quiet = quiet  # no other command is at work, whose files could be taken for its own
        self._sweeping = threading.Lock()
        self._kept, self._notes = order.kept, list[str]()
        self._why: Why = "itself"
        self._looked_on = True
        self._untold = ""
        self._since = asyncio.get_running_loop().time()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def age_s(self) -> float:
        """Seconds since it was started."""
        return asyncio.get_running_loop().time() - self._since

    @property
    def told(self) -> bool:
        """Whether it is over and nothing about it is left to be told."""
        return self._task is not None and self._task.done()

    @property
    def path(self) -> str:
        """Where all of its output is, if that is more than is told."""
        return self._capture.path

    def text(self) -> str:
        """What it printed, and what was found out about it: the head and the tail."""
        return report(self._capture.text(), "", self._notes)

    async def look_on(self, seconds: float) -> None:
        """Start it, and wait for a moment; less where it ends at once. Raises `OSError`."""
        self._task = asyncio.ensure_future(self._live())
        try:
            await asyncio.wait({self._task}, timeout=seconds)
            if self.ended or self._task.done():
                await self._task
        except asyncio.CancelledError:
            await self.stop("run")
            raise
        finally:
            self._looked_on = False

    async def stop(self, why: Why) -> None:
        """End it, asked first, with all that it started; returns once its end was told."""
        if not self.ended and not self._stopping.is_set():
            self._why = why
            self._stopping.set()
        if self._task is not None:
            await asyncio.gather(asyncio.shield(self._task), return_exceptions=True)

    def sweep(self, named: Collection[str] = ()) -> None:
        """Put aside what others obey and it may have left; a note of it is told when it is over.

        What a call named as what it writes was not left by it.
        """
        with self._sweeping:
            note, self._kept = self._kept.swept(self.order.spared, named)
        if note:
            self._notes.append(note)

    def settle(self) -> None:
        """What is in the workspace now was not left by it."""
        with self._sweeping:
            self._kept = self._kept.again()

    async def _live(self) -> None:
        try:
            await self._serve()
        except Exception:
            if self._looked_on:
                raise  # its call says so
            log.exception("the service %s", self.order.name)
            self._notes.append(UNSURE)
        finally:
            self.swept = True
        if not self._looked_on:
            await self._report()

    async def _serve(self) -> None:
        order = self.order
        process = _Lasting(self._capture, self._tell, order.keeper, self._stopping)
        try:
            with self._kept.confines.around(order.command, order.environment) as launch:
                self.exit_code, _ = await process.run(
                    launch.argv,
                    cwd=order.folder,
                    env=launch.env,
                    limit=0,
                    fds=launch.fds,
                    above=launch.above,
                    made=launch.made,
                )
        finally:
            self.ended = True
            self._capture.close()
        self._notes += filter(None, [put_back(launch.restored)])
        await self._quiet.wait()
        await asyncio.to_thread(self.sweep)

    async def _report(self) -> None:
        await self.known.wait()
        flooded = self._capture.full and self._why == "itself"
        await self._over(
            ServiceOver(
                self.order.name,
                why="output" if flooded else self._why,
                exit_code=self.exit_code,
                output=self.text()[-LAST:],
                full_output=self.path,
            )
        )

    async def _tell(self, text: str) -> None:
        if self._looked_on:
            await self._show(text)
            return
        self._untold += text
        if self.known.is_set():
            text, self._untold = self._untold, ""
            await self._said(self.order.name, text)


class _Lasting(Process):
    """A command that ends when it does, when it is told to, or when its output has no room."""

    def __init__(self, capture: Capture, show: Show, name: str, stopping: asyncio.Event) -> None:
        super().__init__(capture, show, name)
        self._stopping = stopping

    async def _follow(self, waiter: asyncio.Future[int], limit: float) -> bool:
        told = asyncio.ensure_future(self._stopping.wait())
        tick = TICK / 10
        try:
            while not (waiter.done() or told.done() or self._capture.full):
                await asyncio.wait(
                    {waiter, told}, timeout=tick, return_when=asyncio.FIRST_COMPLETED
                )
                tick = 10 * TICK if self._capture.flooded else TICK
                if text := self._capture.live():
                    await self._show(text)
        finally:
            told.cancel()
        return waiter.done()
