"""What the app needs from the program around it: time, a way to give commands, a way to begin."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from loopdeck.ports.journal import Journal
from loopdeck.session.commands import Command


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def wall(self) -> int:
        """UTC nanoseconds, whole microseconds."""
        ...

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a test clock returns at once and moves on."""
        ...


class CommandSink(Protocol):
    """Where a human's commands go. `accepts` is false where nothing can act on them."""

    @property
    def accepts(self) -> bool:
        """False for a recording."""
        ...

    async def send(self, command: Command) -> None:
        """Hand a command over. Raises `ReadOnlyError` where it cannot be."""
        ...


def always() -> bool:
    """Somebody works on it."""
    return True


@dataclass(frozen=True, slots=True)
class Opened:
    """A session ready to be shown. `work` runs its agent, where this process is to run it.

    `is_live` says whether any process works on the session now.
    """

    session: str
    journal: Journal
    sink: CommandSink
    position: int | None = None
    work: Callable[[], Awaitable[None]] | None = None
    is_live: Callable[[], bool] = always


class Host(Protocol):
    """Begins, resumes and opens sessions for the app. Raises `LoopdeckError`s."""

    async def start(self, goal: str) -> Opened:
        """A new session with the configured model, level and limits."""
        ...

    async def resume(self, session: str) -> Opened:
        """Go on with a session that stopped, crashed or waits."""
        ...

    async def open(self, session: str) -> Opened:
        """Watch a session that runs elsewhere, or replay one that is over."""
        ...
