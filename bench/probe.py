"""Runs a program with a stopwatch inside: how late a timer of 10 ms fires on its event loop.

`python -m bench.probe REPORT MODULE-OR-FILE [ARGUMENT…]`; the report is written at the end.
"""

import asyncio
import atexit
import json
import runpy
import signal
import sys
import time
from functools import partial
from pathlib import Path

EVERY_S = 0.01
plain_loop = asyncio.new_event_loop
lags: list[tuple[float, float]] = []


def tick(loop: asyncio.AbstractEventLoop, due: float) -> None:
    """Note how late this is, and do it again."""
    now = loop.time()
    lags.append((time.monotonic(), now - due))
    loop.call_later(EVERY_S, tick, loop, now + EVERY_S)


def watched_loop() -> asyncio.AbstractEventLoop:
    """An event loop with the stopwatch running."""
    loop = plain_loop()
    loop.call_soon(tick, loop, loop.time())
    return loop


def report(path: Path) -> None:
    """Write what was seen."""
    path.write_text(json.dumps(lags))


def leave(path: Path, _number: int, _frame: object) -> None:
    """Write the report before the program is told to end: it may not end by itself."""
    report(path)
    sys.exit(0)


def main() -> None:
    """Run the program as if it had been started by itself."""
    asyncio.events.new_event_loop = watched_loop  # `asyncio.run` takes its loop from there
    path = Path(sys.argv[1])
    atexit.register(report, path)
    signal.signal(signal.SIGTERM, partial(leave, path))
    target = sys.argv[2]
    sys.argv = sys.argv[2:]
    if target.endswith(".py"):
        runpy.run_path(target, run_name="__main__")
    else:
        runpy.run_module(target, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
