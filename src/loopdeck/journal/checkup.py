"""Looks beside everything else whether a database is damaged where nobody has read yet.

A run begins in a file of which it reads little. SQLite's quick check reads every page, in about
10 ms of the processor for each MB: so a large file is left to `loopdeck sessions verify`.
"""

import asyncio
import contextlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from loopdeck.errors import DamagedDatabase
from loopdeck.journal.faults import kind_of
from loopdeck.journal.reading import open_uri

MOST_BYTES = 64 << 20
MOST_S = 1.0  # of the processor
STEPS = 20_000  # of SQLite, between two looks whether it is enough
_ASIDE = 10  # how far a thread of its own steps back


async def check_up(path: Path) -> DamagedDatabase | None:
    """What is wrong with a file; nothing where nothing was found, or there was no time to look.

    Who is cancelled meanwhile does not wait for it.
    """
    over = threading.Event()
    loop = asyncio.get_running_loop()
    with contextlib.closing(_Aside()) as aside:
        try:
            return await loop.run_in_executor(aside.pool, look_over, path, over.is_set)
        finally:
            over.set()


def look_over(
    path: Path,
    enough: Callable[[], bool],
    *,
    clock: Callable[[], float] = time.thread_time,
    most: int = MOST_BYTES,
) -> DamagedDatabase | None:
    """The same in this thread, until it is `enough`."""
    end = clock() + MOST_S
    try:
        if path.stat().st_size > most:
            return None
        with contextlib.closing(open_uri(path, "mode=ro")) as db:
            db.set_progress_handler(lambda: enough() or clock() > end, STEPS)
            (first,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except OSError:
        return None
    except sqlite3.Error as error:
        return _damaged(path) if kind_of(error) in ("CORRUPT", "NOTADB") else None
    return None if first == "ok" else _damaged(path)


def _damaged(path: Path) -> DamagedDatabase:
    return DamagedDatabase(
        f"{path} is damaged: some of it cannot be read.",
        "`loopdeck sessions verify` says what is lost, `loopdeck sessions salvage` saves the rest.",
    )


class _Aside:
    """A thread that gives way to all others, as far as the system lets it."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1, "checkup", _step_aside)

    def close(self) -> None:
        """Have it end with what it does."""
        self.pool.shutdown(wait=False)


def _step_aside() -> None:
    if sys.platform == "linux":  # elsewhere it would be the whole process
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _ASIDE)
