"""Many tasks record at once through the one writer: `python -m bench.burst DB`.

Says, as numbers of eight bytes, how many events were acknowledged so far, and at the end how many a
second that was. Each task waits until its events are on the disk before it says so, as tools do.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from loopdeck.cli.clock import SystemClock
from loopdeck.harness.recorder import Recorder
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import CallOutput, SessionStarted
from loopdeck.session.state import SessionState

EVENTS = 20_000
TASKS = 2_000
WIDTH = 8
TEXT = "src/part_07.py:49: a line that was found\n"


async def main(database: str) -> None:
    """Record, and say what is kept."""
    async with await SqliteJournal.open(Path(database)) as journal:
        journal.claim("burst")
        recorder = Recorder(journal, SystemClock(), "burst", SessionState())
        await recorder.record(SessionStarted(goal="g", model="m", level=3, workspace="/w"))
        began = time.perf_counter()
        await asyncio.gather(*(_record(recorder, at) for at in range(TASKS)))
        took = time.perf_counter() - began
        _say(int(EVENTS / took))


async def _record(recorder: Recorder, at: int) -> None:
    for number in range(EVENTS // TASKS):
        await recorder.record(CallOutput(call_id=f"c{at}", text=f"{number} {TEXT}"))
        _say(recorder.state.last_seq)


def _say(number: int) -> None:
    os.write(1, number.to_bytes(WIDTH, "big"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
