"""Carries out the human's commands while the loop is busy with something else."""

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum
from typing import TypeVar, assert_never

from loopdeck.errors import LoopdeckError
from loopdeck.harness.compaction import Compactor
from loopdeck.harness.gating.answering import Answering
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.jotting import jotted
from loopdeck.harness.prompt.words import KEPT, PAUSED, STOPPED
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.services import Attendant
from loopdeck.session.commands import (
    Answer,
    Approve,
    Bookmark,
    Command,
    Compact,
    Deny,
    GoOn,
    Interrupt,
    Note,
    Pause,
    Retry,
    Revoke,
    Say,
    SetLevel,
    SetModel,
    Steer,
    Stop,
    StopService,
)
from loopdeck.session.events import (
    HumanMessage,
    HumanSteered,
    LevelChanged,
    ModelChanged,
    RuleRevoked,
)

T = TypeVar("T")


class Cut(Enum):
    """What an activity returns when the human interrupted it."""

    SHORT = "short"


class Control:
    """The run's switches: paused, stopping, and the activity that an interruption cuts short."""

    def __init__(
        self,
        recorder: Recorder,
        inbox: Inbox,
        answering: Answering,
        desk: Desk,
        compactor: Compactor,
        retry: Callable[[], None],
        recast: Callable[[str], None],
        attendant: Attendant,
    ) -> None:
        self.stopping: Stop | None = None
        self._compactor = compactor
        self._retry = retry
        self._recast = recast
        self._attendant = attendant
        self._recorder = recorder
        self._inbox = inbox
        self._answering = answering
        self._desk = desk
        self.why_paused = PAUSED
        self._running = asyncio.Event()
        self._running.set()
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._activity: asyncio.Task[object] | None = None
        self._cut = False

    @property
    def paused(self) -> bool:
        """True from a pause command until the next go on."""
        return not self._running.is_set()

    async def serve(self) -> None:
        """Obey commands until cancelled."""
        while True:
            command = await self._inbox.take()
            self._at_rest.clear()
            try:
                await self.obey(command)
            finally:
                self._at_rest.set()

    async def rest(self) -> None:
        """Wait until no command is being carried out."""
        while not self._at_rest.is_set():
            await self._at_rest.wait()

    def unread(self) -> list[Command]:
        """What came too late for this run, and the next one wants to hear."""
        kinds = (Approve, Deny, Answer, Say, Bookmark, Note)
        waiting = (
            Say(text=command.text, attached=command.attached)
            if isinstance(command, Steer)
            else command
            for command in self._inbox.drain()
        )
        late = [command for command in waiting if isinstance(command, kinds)]
        return [*self._answering.unread(), *late]

    async def until_going(self) -> None:
        """Wait while paused."""
        await self._running.wait()

    async def interruptible(self, work: Coroutine[object, object, T]) -> T | Cut:
        """Run `work`; an interruption cancels it and gives `Cut.SHORT`.

        One that came between two activities cuts the next before it begins.
        """
        if self._cut:
            self._cut = False
            work.close()
            return Cut.SHORT
        task: asyncio.Task[T] = asyncio.ensure_future(work)
        self._activity = task
        try:
            return await task
        except asyncio.CancelledError:
            if self._cut and not _cancelled_from_outside():
                self._cut = False
                await self._desk.withdraw()
                return Cut.SHORT
            raise
        finally:
            self._activity = None

    async def obey(self, command: Command) -> None:
        """Carry out one command."""
        match command:
            case Approve() | Deny():
                await self._answering.take(command)
            case Answer():
                await self._answer(command)
            case Say() | Steer() | Interrupt():
                await self._speak(command)
            case Pause() | GoOn() | Stop():
                self._switch(command)
            case Retry() | Compact():
                self._help(command)
            case SetLevel() | SetModel() | Revoke() | StopService():
                await self._rule(command)
            case Bookmark() | Note():
                await self._recorder.record(jotted(command))
            case _:
                assert_never(command)

    async def _answer(self, command: Answer) -> None:
        """An answer that nobody waits for any more still means what it says."""
        if not await self._desk.answer(command) and command.answer == "stop":
            self.stopping = Stop()

    def _help(self, command: Retry | Compact) -> None:
        """What makes it easier for the model."""
        if isinstance(command, Retry):
            self._retry()
        else:
            self._compactor.want(results_only=command.results_only)

    async def _rule(self, command: SetLevel | SetModel | Revoke | StopService) -> None:
        match command:
            case SetLevel():
                await self._recorder.record(self._turned(command.level))
            case SetModel():
                await self._recorder.record(self._changed(command.model))
            case Revoke():
                await self._recorder.record(RuleRevoked(grant_id=command.grant_id))
            case StopService():
                self._attendant.stop(command.service)

    def _changed(self, name: str) -> ModelChanged:
        """The new model; the present one, where the new one cannot be asked."""
        try:
            self._recast(name)
        except LoopdeckError as error:
            why = f"{error} {error.hint}".strip()
            return ModelChanged(model=self._recorder.state.model, by="harness", reason=why)
        return ModelChanged(model=name)

    def _turned(self, level: int) -> LevelChanged:
        """The new level; the present one, where the new one needs a sandbox that is not there."""
        state = self._recorder.state
        if level > max(3, state.level) and not state.sandbox:
            return LevelChanged(level=state.level, by="harness", reason=KEPT)
        return LevelChanged(level=level, by="human")

    async def _speak(self, command: Say | Steer | Interrupt) -> None:
        if isinstance(command, Say):
            await self._recorder.record(HumanMessage(text=command.text, attached=command.attached))
            return
        said = HumanSteered()
        if isinstance(command, Steer):
            said = HumanSteered(text=command.text, attached=command.attached)
        await self._recorder.record(said)
        if isinstance(command, Interrupt):
            self._pause(STOPPED)  # else the same would be asked, and done, once more
        elif self.why_paused == STOPPED:
            self._running.set()  # the words that it was stopped for
        self._interrupt()

    def _switch(self, command: Pause | GoOn | Stop) -> None:
        match command:
            case Pause():
                self._pause(PAUSED)
            case GoOn():
                self._running.set()
            case Stop():
                self.stopping = command
                self._running.set()
                self._interrupt()

    def _pause(self, why: str) -> None:
        self.why_paused = why
        self._running.clear()

    def _interrupt(self) -> None:
        self._cut = True
        if self._activity is not None:
            self._activity.cancel()


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
