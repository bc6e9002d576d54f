"""The services of a run: started by `shell`, looked at and stopped by `service` or by a human."""

import asyncio
import contextlib
from collections.abc import Collection, Generator

from loopdeck.errors import ToolError
from loopdeck.figures import plural
from loopdeck.permissions.levels import REACHABLE
from loopdeck.permissions.shell.findings import worse
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.ports.services import Over, Said, ServiceOver
from loopdeck.session.values import Assessment, Category, Reason, Why, listed
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.reporting import ending, report
from loopdeck.tools.commands.service import Order, Service
from loopdeck.tools.sandbox.backend import Backend
from loopdeck.tools.sandbox.confines import Confines

MOST = 8
LOOK_S = 1.5  # what ends within it was no service

BEGUN = (
    "[{name} is running, beside your next calls and at most until this run ends. The tool "
    "`service` shows what it prints and stops it]"
)
ALONE = (
    "[in the sandbox it has no network: only what it starts itself reaches what it listens at. "
    "Stop it and start it anew as `reachable` where your next calls have to reach it]"
)
ENDED = "[it ended at once, so nothing stays running]"


def must_hold_beside_others(confines: Confines) -> None:
    """Raises `ToolError` for walls that put back afterwards what others may have changed too."""
    if confines.sandbox is not None and confines.sandbox.backend is Backend.LANDLOCK:
        raise ToolError(
            "The sandbox of this machine, landlock, cannot hold a service beside other calls. With "
            "`outside_sandbox` your human is asked to let it run without one. Nothing ran."
        )


def reachable(judged: Assessment) -> Assessment:
    """The verdict on what is to have the network, so that the calls after it reach it."""
    hosts = dict.fromkeys([*listed(judged.facts, "hosts"), "localhost"])
    why = Reason(text="it gets the network, so that the next calls reach it at localhost")
    return Assessment(
        category=worse(judged.category, Category.NETWORK),
        reasons=(*judged.reasons, why),
        facts={**judged.facts, "hosts": list(hosts), REACHABLE: True},
    )


async def _nobody(*_: object) -> None:
    """Nobody is told."""


class Services:
    """All that run, and those that have ended, by name."""

    def __init__(self) -> None:
        self._services: dict[str, Service] = {}
        self._said: Said = _nobody
        self._over: Over = _nobody
        self._closed = False
        self._at_work = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @property
    def all(self) -> list[Service]:
        """Those that run and those that have ended, oldest first."""
        return list(self._services.values())

    @property
    def running(self) -> list[Service]:
        """Those that run, oldest first."""
        return [one for one in self._services.values() if not one.ended]

    @property
    def unswept(self) -> list[Service]:
        """Those that run, and those that have ended and may have left something."""
        return [one for one in self._services.values() if not one.swept]

    def attend(self, said: Said, over: Over) -> None:
        """Tell of what they print, and of those that end, whoever ends them."""
        self._said, self._over = said, over

    def announced(self, name: str) -> None:
        """The start of a service is on record now."""
        if name in self._services:
            self._services[name].known.set()

    def must_have_room(self, name: str) -> None:
        """Raises `ToolError` where the name is taken, or there are enough."""
        running = self.running
        if any(one.order.name == name and not one.told for one in self.all):
            raise ToolError(
                f"A service {name} runs already. Stop it first, or take another name. Nothing ran."
            )
        if self._closed:
            raise ToolError("This run ends, so no service begins any more. Nothing ran.")
        if len(running) >= MOST:
            raise ToolError(f"{plural(len(running), 'service')} run already. Nothing ran.")

    async def start(self, order: Order, context: ToolContext) -> ToolResult:
        """Start one and look at it for a moment. Raises `ToolError`."""
        self.must_have_room(order.name)
        if context.spool is None:
            raise ToolError(
                "What a service prints is kept, and nothing of this call may be. Nothing ran."
            )
        capture = Capture(lambda: context.spool, context.guard())
        service = Service(order, capture, context.output, self._tell, self._end, self._quiet)
        self._services.pop(order.name, None)
        self._services[order.name] = service
        try:
            await service.look_on(LOOK_S)
        except OSError as error:
            raise ToolError(f"The command could not be started: {error.strerror}.") from error
        text = service.text()
        if service.ended:
            code = service.exit_code or 0
            how = ending(code, "-", timely=True, full=capture.full, limit=0)
            return ToolResult(
                ok=False,
                output=report(text, how, (ENDED,)),
                exit_code=service.exit_code,
                full_output=capture.path,
            )
        confines = order.kept.confines
        alone = confines.sandbox is not None and not confines.request.network
        notes = (BEGUN.format(name=order.name), ALONE if alone else "")
        output = report(text, "" if text.strip() else "[no output yet]", notes)
        return ToolResult(ok=True, output=output, service=order.name)

    def named(self, name: str) -> Service:
        """One that runs or ran. Raises `ToolError`."""
        if name in self._services:
            return self._services[name]
        known = ", ".join(self._services) or "none in this run"
        raise ToolError(f"There is no service {name}. There are: {known}.")

    async def stop(self, name: str, why: Why) -> bool:
        """End one with all that it started, and tell of it; false where that was told already."""
        service = self._services.get(name)
        if service is None or service.told:
            return False
        await service.stop(why)
        return True

    async def close(self) -> None:
        """End all of them with the run, and take no more."""
        self._closed = True
        for service in self._services.values():
            service.known.set()
        await asyncio.gather(*(service.stop("run") for service in self._services.values()))

    @contextlib.contextmanager
    def beside(self) -> Generator[None]:
        """While a command is at work: the last look at a service that ends meanwhile waits."""
        self._at_work += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._quiet.set()

    def sweep(self, named: Collection[str] = ()) -> None:
        """Before another command runs: nothing that a service left may run with it.

        After it too: what it `named` was its own, and the rest was left by a service.
        """
        for service in self.unswept:
            service.sweep(named)

    def told_of(self, *, freer: bool) -> str:
        """For the request of a command that may more than these, and read or run what they change.

        They can do so at any moment, also between the last look at it and its start.
        """
        held = [
            one.order.name for one in self.running if one.order.kept.confines.sandbox is not None
        ]
        if not freer or not held:
            return ""
        names = ", ".join(held)
        what = f"the service {names} runs" if len(held) == 1 else f"the services {names} run"
        return f"; {what} beside it and can change what it finds"

    def settle(self) -> None:
        """After a command without walls, which may change all: nothing new is a service's."""
        for service in self.unswept:
            service.settle()

    async def _tell(self, name: str, text: str) -> None:
        await self._said(name, text)

    async def _end(self, over: ServiceOver) -> None:
        await self._over(over)
