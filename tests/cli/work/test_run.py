"""What a run leaves when it is over, also where its end could not be written down."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from loopdeck.cli.mcp.board import Board
from loopdeck.cli.work.run import Run
from loopdeck.errors import StorageBlocked
from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.ports import Bulletin

GONE = StorageBlocked("The database is not there any more.", "Put it back.")


def run_of(drive: Callable[[], Coroutine[object, object, Ending]]) -> Run:
    """A run that comes to its end like this."""
    return Run("s1", Inbox(), drive, Board(lambda: None), (), Bulletin())


async def test_a_log_that_cannot_be_written_is_what_it_failed_of():
    async def fails() -> Ending:
        raise GONE

    run = run_of(fails)
    assert run.failure is None
    with pytest.raises(StorageBlocked):
        await run.work()
    assert run.failure is GONE


async def test_one_that_was_halted_failed_of_nothing():
    async def waits() -> Ending:
        return await asyncio.Future()

    run = run_of(waits)
    working = asyncio.ensure_future(run.work())
    await asyncio.sleep(0)
    await run.halt()
    await asyncio.gather(working, return_exceptions=True)
    assert run.failure is None


async def test_one_that_is_halted_before_its_first_step_takes_it_all_the_same() -> None:
    seen: list[str] = []

    async def waits() -> Ending:
        seen.append("begun")
        try:
            return await asyncio.Future()
        finally:
            seen.append("over")

    for begins in (True, False):
        run = run_of(waits)
        working = [asyncio.ensure_future(run.work())] if begins else []
        for task in working:
            task.cancel()
        await run.halt()
        await asyncio.gather(*working, return_exceptions=True)
    assert seen == ["begun", "over"] * 2
