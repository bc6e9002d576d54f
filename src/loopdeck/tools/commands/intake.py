"""Reads what a command prints as it comes, and stands aside while the event loop has other work."""

import asyncio
import os
import time
from collections.abc import Callable

CHUNK = 65_536
LAST_CHUNKS = 64
BUSY_S = 0.0003  # of the processor, from one read to the next: a round of the loop takes less
REST_S = 0.02


class Intake:
    """The end of a pipe that is read; `take` gets its bytes.

    To read a chunk takes milliseconds, and a key goes through dozens of rounds of the loop until
    it is seen: with a flood that is read in each of them it would come late. So where others have
    worked since the last read, they are left alone for a moment after the next one.
    """

    def __init__(self, reader: int, take: Callable[[bytes], None]) -> None:
        self._reader = reader
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._left_at = 0.0
        self._resting: asyncio.TimerHandle | None = None
        os.set_blocking(reader, False)

    def open(self) -> None:
        """Begin to read."""
        self._left_at = time.thread_time()
        self._loop.add_reader(self._reader, self._attend)

    def rest(self) -> None:
        """Read no more by itself."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        self._loop.remove_reader(self._reader)

    def close(self) -> None:
        """Take what the pipe still holds; bounded, as somebody may go on writing."""
        for _ in range(LAST_CHUNKS):
            if not self._read():
                break
        os.close(self._reader)

    def _attend(self) -> None:
        others = time.thread_time() - self._left_at
        if not self._read():
            return
        self._left_at = time.thread_time()
        if others > BUSY_S:
            self._loop.remove_reader(self._reader)
            self._resting = self._loop.call_later(REST_S, self._go_on)

    def _go_on(self) -> None:
        self._resting = None
        self._loop.add_reader(self._reader, self._attend)

    def _read(self) -> bool:
        """Take what is there now; false where there is nothing, or nothing to come."""
        try:
            data = os.read(self._reader, CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._take(data)
            return True
        self._loop.remove_reader(self._reader)
        return False
