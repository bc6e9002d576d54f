"""The real clock."""

import asyncio
import time


class SystemClock:
    """Wall time cut to whole microseconds, so that a record survives being text."""

    def wall(self) -> int:
        """UTC nanoseconds."""
        return time.time_ns() // 1000 * 1000

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)
