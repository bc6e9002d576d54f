"""Waiting for a change: at once for one made in this process, by a calm poll for all others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_S = 0.02
SLOWEST_S = 0.25
GROWTH = 1.5  # each look in vain makes the next pause longer: a session at work is seen soon


class Pulse:
    """Wakes everybody who waits, each time it beats."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()

    def beat(self) -> None:
        """Something changed in this process."""
        self._beat.set()
        self._beat = asyncio.Event()

    async def until(self, look: Callable[[], Awaitable[T | None]], *, poll: bool = True) -> T:
        """The first thing that `look` finds; it looks after every beat, and polls if asked to."""
        pause = FIRST_S
        while True:
            beat = self._beat  # taken before the look, so that no change falls between the two
            found = await look()
            if found is not None:
                return found
            if await _happens(beat, pause if poll else None):
                pause = FIRST_S
            else:
                pause = min(pause * GROWTH, SLOWEST_S)


async def _happens(event: asyncio.Event, within: float | None) -> bool:
    """True when the event came, false when the time was over first."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
