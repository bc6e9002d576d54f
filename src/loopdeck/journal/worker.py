"""What the parts of the database share: one thread that owns it and runs whole jobs."""

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Worker(Protocol):
    """Runs jobs one after the other; a job that began is never left half done."""

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """The job's result. Raises `JournalError`."""
        ...
