"""Waiting for a change: at once for one made in this process, by a calm poll for all others."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FIRST_S = 0.02
SLOWEST_S = 0.25
GROWTH = 1.5  # each look in vain makes the next pause longer: a session at work is seen soon
TRUST = 8  # pauses for which a sign that nothing changed is believed without a look

Sign = Callable[[], object]


class Pulse:
    """Wakes everybody who waits, each time it beats.

    `sign` is a cheap thing to ask that differs once somebody else has changed something.
    """

    def __init__(self, sign: Sign | None = None) -> None:
        self._beat = asyncio.Event()
        self._sign = sign

    def beat(self) -> None:
        """Something changed in this process."""
        self._beat.set()
        self._beat = asyncio.Event()

    async def until(self, look: Callable[[], Awaitable[T | None]], *, poll: bool = True) -> T:
        """The first thing that `look` finds; it looks after every beat, and polls if asked to."""
        pause = FIRST_S
        while True:
            # Both are taken before the look, so that no change falls in between.
            beat, seen = self._beat, self._sign and self._sign()
            found = await look()
            if found is not None:
                return found
            if not poll:
                await beat.wait()
                continue
            for _ in range(TRUST):
                if await _happens(beat, pause):
                    pause = FIRST_S
                    break
                pause = min(pause * GROWTH, SLOWEST_S)
                if self._sign is None or self._sign() != seen:
                    break


def written(path: Path) -> Sign:
    """A sign of commits to a SQLite database by anybody: each one writes to its write-ahead log."""
    log = f"{path}-wal"

    def sign() -> object:
        try:
            status = os.stat(log)  # noqa: PTH116 - asked several times a second, all day
        except OSError:
            return object()  # nothing to go by: like no other answer
        return status.st_mtime_ns, status.st_size

    return sign


async def _happens(event: asyncio.Event, within: float) -> bool:
    """True when the event came, false when the time was over first."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
