"""Lets an agent work while somebody follows it without a screen, until it ends or is stopped."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Coroutine, Sequence
from pathlib import Path

from loopdeck.cli.console import tell
from loopdeck.cli.terminal.signals import listening, stopping_with
from loopdeck.cli.work.run import Run
from loopdeck.harness.ending import Ending
from loopdeck.journal.checkup import check_up
from loopdeck.tools.commands.halting import halts

LAST_LOOK_S = 0.5
AS_LONG = "A run goes on as long as it needs nothing of that."


async def watch(
    run: Run, *follow: Coroutine[object, object, None], early: Sequence[int] = ()
) -> Ending | int | None:
    """How the run ended; the signal that stopped it instead; `None` where its follower left.

    `early` came before. A follower that fails raises: nothing can be shown any more.
    """
    work = asyncio.ensure_future(run.work())
    following = [asyncio.ensure_future(each) for each in follow]

    with (
        stopping_with(halts().halted),
        listening(work.cancel, _leave) as caught,
    ):
        caught += early
        try:
            if not caught:
                await _first(work, *following)
        except asyncio.CancelledError:
            if not caught:
                raise
        finally:
            work.cancel()
            await run.halt()
            await _ended([*following, work])
    if run.ending is not None:
        return run.ending
    return caught[0] if caught else None


@contextlib.asynccontextmanager
async def checking(database: Path) -> AsyncGenerator[None]:
    """Meanwhile find out whether the file is damaged, and say so."""

    async def check() -> None:
        if error := await check_up(database):
            tell(f"{error} {AS_LONG}", error.hint)

    looking = asyncio.ensure_future(check())
    try:
        yield
    finally:
        await asyncio.wait({looking}, timeout=LAST_LOOK_S)
        await _ended([looking])


@contextlib.asynccontextmanager
async def early_signals() -> AsyncGenerator[list[int]]:
    """The signals that come before a run is watched, when it may be on record already."""
    with listening(lambda: None, _leave) as early:
        yield early


def _leave(number: int) -> None:
    os._exit(128 + number)


async def _first(*tasks: asyncio.Future[None]) -> None:
    """Wait until one of them is done; raises what ended it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        await task


async def _ended(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(task, return_exceptions=True)
