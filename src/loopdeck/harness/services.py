"""Keeps the log true about services: what they print, and that each of them ends with the run."""

import asyncio
import contextlib
import logging

from loopdeck.errors import JournalError
from loopdeck.harness.recorder import Recorder
from loopdeck.ports.services import RunServices, ServiceOver
from loopdeck.session.events import CallFinished, CallOutput, ServiceEnded
from loopdeck.session.records import Record

log = logging.getLogger(__name__)


class Attendant:
    """Hears of the services of a run. Without any, those that the log has are ended on record."""

    def __init__(self, recorder: Recorder, services: RunServices | None) -> None:
        self._recorder = recorder
        self._services = services
        self._closing: dict[str, ServiceEnded] | None = None
        self._stopping = set[asyncio.Future[None]]()
        if services is not None:
            services.attend(self._said, self._over)
            recorder.listen(self._hear)

    def stop(self, name: str) -> None:
        """Its human wants one to end; nothing waits until it has."""
        if self._services is not None:
            ending = asyncio.ensure_future(self._stop(self._services, name))
            self._stopping.add(ending)
            ending.add_done_callback(self._stopping.discard)

    async def close(self) -> tuple[str, ...]:
        """End all of them with the run; returns which it ended, in the order they began."""
        self._begin_closing()
        await self._recorder.flush()  # the end of a call that left one may still be held
        names = self._names()
        if self._services is not None:
            await self._services.close()
        known = self._closing or {}
        ends = [known.get(name, ServiceEnded(service=name, why="run")) for name in names]
        if ends:
            await self._recorder.record(*ends)
        return tuple(end.service for end in ends if end.why == "run")

    async def leave(self) -> None:
        """See that nothing is left however the run ended, and that the log says so if it can."""
        self._begin_closing()
        if self._services is not None:
            await self._services.close()
        with contextlib.suppress(JournalError):
            await self.close()

    def _begin_closing(self) -> None:
        """Whatever ends from here on is told by `close`."""
        if self._closing is None:
            self._closing = {}

    async def _stop(self, services: RunServices, name: str) -> None:
        try:
            stopped = await services.stop(name, "human")
        except Exception:  # nobody waits for it; what runs on ends with the run
            log.exception("stopping the service %s", name)
            return
        if not stopped and self._closing is None and name in self._names():
            with contextlib.suppress(JournalError):  # the loop finds out by itself
                await self._recorder.record(ServiceEnded(service=name, why="human"))

    def _names(self) -> tuple[str, ...]:
        return tuple(view.name for view in self._recorder.state.services)

    def _hear(self, record: Record) -> None:
        event = record.event
        if isinstance(event, CallFinished) and event.service and self._services is not None:
            self._services.announced(event.service)

    async def _said(self, name: str, text: str) -> None:
        views = (view for view in self._recorder.state.services if view.name == name)
        if (view := next(views, None)) is not None:
            event = CallOutput(call_id=view.call_id, text=text)
            with contextlib.suppress(JournalError):
                await self._recorder.record(event, durable=False)

    async def _over(self, over: ServiceOver) -> None:
        event = ServiceEnded(
            service=over.name,
            why=over.why,
            exit_code=over.exit_code,
            output=over.output,
            full_output=over.full_output,
        )
        if self._closing is not None:
            self._closing[over.name] = event
        elif over.name in self._names():
            with contextlib.suppress(JournalError):
                await self._recorder.record(event)
