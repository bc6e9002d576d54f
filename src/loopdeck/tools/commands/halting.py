"""Stops what runs for Loopdeck while that is stopped, as by ctrl+z; its time stands still.

Commands are in sessions of their own, which no key of a terminal reaches.
"""

import contextlib
import time
from collections.abc import Callable, Generator
from functools import cache
from typing import Protocol
from weakref import WeakSet


class Halted(Protocol):
    """Something that runs, and can be stopped with all that it started."""

    def halt(self) -> None: ...

    def go_on(self) -> None: ...


class Halts:
    """All that runs for this process, and the time in which it did."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._running = WeakSet[Halted]()
        self._since: float | None = None
        self._lasted = 0.0

    def join(self, one: Halted) -> None:
        """It has been started."""
        self._running.add(one)

    def leave(self, one: Halted) -> None:
        """It has ended."""
        self._running.discard(one)

    def worked(self) -> float:
        """Seconds, as a clock counts them that stands while everything is stopped."""
        now = self._clock() if self._since is None else self._since
        return now - self._lasted

    @contextlib.contextmanager
    def halted(self) -> Generator[None]:
        """Meanwhile nothing runs; within another one this changes nothing."""
        if self._since is not None:
            yield
            return
        self._since = self._clock()
        for one in self._running:
            one.halt()
        try:
            yield
        finally:
            self._lasted += self._clock() - self._since
            self._since = None
            for one in self._running:
                one.go_on()


@cache
def halts() -> Halts:
    """Those of this process."""
    return Halts()
