"""A clock that stands still until it is told to move."""

import asyncio


class FakeClock:
    """Starts at a fixed moment; `sleep` returns after one turn of the loop and moves time on."""

    def __init__(self, start: int = 1_795_000_000_000_000_000, step_ns: int = 1_000_000) -> None:
        self.now = start
        self.step_ns = step_ns
        self.slept: list[float] = []

    def wall(self) -> int:
        """UTC nanoseconds; every look at the clock takes `step_ns`."""
        self.now += self.step_ns
        return self.now

    def mono(self) -> int:
        """The same clock, so that tests can compare."""
        return self.now - 1_795_000_000_000_000_000

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * 1e9)

    async def sleep(self, seconds: float) -> None:
        """Let time pass and other tasks run."""
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)
