"""Services: commands that a call declared to stay, and that run beside the calls after it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from loopdeck.session.values import Why


@dataclass(frozen=True, slots=True)
class ServiceOver:
    """How a service ended; `output` is the end of what it printed."""

    name: str
    why: Why
    exit_code: int | None = None
    output: str = ""
    full_output: str = ""


Said = Callable[[str, str], Awaitable[None]]
"""Is told the name of a service and what it printed."""

Over = Callable[[ServiceOver], Awaitable[None]]
"""Is told of a service that has ended."""


class RunServices(Protocol):
    """The services of a run. Nothing of one is told before its start is on record."""

    def attend(self, said: Said, over: Over) -> None:
        """Tell of what they print, and of those that end, whoever ends them."""
        ...

    def announced(self, name: str) -> None:
        """The start of a service is on record now."""
        ...

    async def stop(self, name: str, why: Why) -> bool:
        """End one with all that it started, and tell of it; false where that was told already."""
        ...

    async def close(self) -> None:
        """End all of them with the run, and take no more."""
        ...
