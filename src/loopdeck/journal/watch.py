"""Waiting for a change: at once for one made in this process, by a calm poll for all others."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FIRST_S = 0.02
SLOWEST_S = 0.5
GROWTH = 1.5  # each look in vain makes the next pause longer: a session at work is seen soon
TRUST = 8  # pauses for which a sign that nothing changed is believed without a look

Sign = Callable[[], object]


class Pulse:
    """Wakes everybody who waits, each time it beats; one clock looks out for all of them.

    `sign` is a cheap thing to ask that differs once somebody else has changed something.
    """

    def __init__(self, sign: Sign | None = None) -> None:
        self._beat = asyncio.Event()
        self._growth = asyncio.Event()
        self._sign = sign
        self._seen: object = None
        self._pause = FIRST_S
        self._trusted = 0
        self._polling = 0
        self._next: asyncio.TimerHandle | asyncio.Handle | None = None

    def beat(self) -> None:
        """Something changed in this process."""
        self._pause = FIRST_S
        self._wake()

    def grow(self) -> None:
        """This process wrote to a log, which is nothing to those who wait for anything else."""
        self._pause = FIRST_S
        self._growth.set()
        self._growth = asyncio.Event()

    async def until(
        self, look: Callable[[], Awaitable[T | None]], *, poll: bool = True, growth: bool = True
    ) -> T:
        """The first thing that `look` finds; it looks after every beat, and polls if asked to.

        Without `growth` it does not look each time that a log has grown here.
        """
        if poll:
            self._begin()
        try:
            while True:
                # Taken before the look, so that no change falls in between.
                beat = self._growth if growth else self._beat
                found = await look()
                if found is not None:
                    self._pause = FIRST_S
                    return found
                await beat.wait()
        finally:
            if poll:
                self._end()

    def _wake(self) -> None:
        self._trusted = 0
        self._beat.set()
        self._beat = asyncio.Event()
        self._growth.set()
        self._growth = asyncio.Event()

    def _begin(self) -> None:
        self._polling += 1
        if self._next is None:
            self._seen = self._sign and self._sign()
            self._next = _later(self._pause, self._ask)

    def _end(self) -> None:
        self._polling -= 1
        if not self._polling and self._next is not None:
            self._next.cancel()
            self._next = None

    def _ask(self) -> None:
        """Wake everybody if the sign differs, is none, or was believed for long enough."""
        before, self._seen = self._seen, self._sign and self._sign()
        self._trusted += 1
        self._pause = min(self._pause * GROWTH, SLOWEST_S)
        if self._sign is None or self._seen != before or self._trusted == TRUST:
            self._wake()
        self._next = _later(self._pause, self._ask)


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


def _later(pause: float, job: Callable[[], None]) -> asyncio.TimerHandle | asyncio.Handle:
    """Do the job after a pause, unless its handle is cancelled before."""
    return asyncio.get_running_loop().call_later(pause, job)
