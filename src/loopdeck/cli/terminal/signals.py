"""The signals that end a run in good order, or at once where they come twice; and ctrl+z."""

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ONE_S = 0.3
"""Two signals within it are one: `timeout` and some shells tell a process and then its group."""
PATIENCE_S = 10.0
"""How long a program without a terminal may take to end: nobody is there to tell it twice."""


@contextlib.contextmanager
def listening(
    first: Callable[[], object],
    again: Callable[[int], object],
    numbers: Sequence[int] = SIGNALS,
    counts: Callable[[int], bool] = lambda _: True,
    clock: Callable[[], float] = time.monotonic,
    patience: float = PATIENCE_S,
) -> Generator[list[int]]:
    """Call `first` from the loop when a signal came, and `again` at once with the second.

    Gives the signal that came first. One that does not count was meant for somebody else. A
    terminal that is closed is often told twice, by the system and by a shell: no second one.
    Instead time runs out for it, also after the block has ended: threads may keep it from its end.
    """
    caught: list[int] = []
    at = 0.0
    loop = asyncio.get_running_loop()

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal at
        if not counts(number):
            return
        if not caught:
            at = clock()
            caught.append(number)
            loop.call_soon_threadsafe(first)
            if number == signal.SIGHUP:
                _within(patience, again, number)
        elif number != signal.SIGHUP and clock() - at > ONE_S:
            again(number)  # not from the loop, which may hang

    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def stopping_with(
    halted: Callable[[], contextlib.AbstractContextManager[None]],
) -> Generator[None]:
    """Where a shell stops this process, what it has started is `halted` until it goes on."""

    def handle(number: int, _frame: FrameType | None) -> None:
        with halted():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            signal.signal(number, handle)

    before = signal.signal(signal.SIGTSTP, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def _within(seconds: float, again: Callable[[int], object], number: int) -> None:
    """Have it end at once after so long, unless it has ended; what is on record is on the disk."""
    timer = threading.Timer(seconds, again, (number,))
    timer.daemon = True
    timer.start()
