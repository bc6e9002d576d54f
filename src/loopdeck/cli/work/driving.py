"""Drives one agent to an end that is on record, also where our own code fails on the way."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from loopdeck.cli.places import log_file
from loopdeck.errors import JournalError, LoopdeckError
from loopdeck.harness.ending import CLOSED, Ending
from loopdeck.harness.recorder import Recorder
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports import Model
from loopdeck.session.events import SessionEnded, SessionPaused
from loopdeck.session.state import Phase

log = logging.getLogger(__name__)

BROKEN = "Something went wrong inside Loopdeck."
_OVER = (Phase.ENDED, Phase.PAUSED)


async def driven(
    work: Callable[[], Awaitable[Ending]], recorder: Recorder, model: Model, journal: SqliteJournal
) -> Ending:
    """Let the agent work to its end; its session is free for others afterwards.

    Raises `JournalError` where the end cannot be written either.
    """
    try:
        return await _to_an_end(work, recorder)
    finally:
        try:
            await model.close()
        finally:
            journal.release(recorder.session)
        with contextlib.suppress(JournalError):  # the next search reads it, if this cannot
            await journal.index.read_session(recorder.session)


async def _to_an_end(work: Callable[[], Awaitable[Ending]], recorder: Recorder) -> Ending:
    try:
        return await work()
    except asyncio.CancelledError:
        if recorder.state.phase not in _OVER:  # it had not begun, so that it could say so itself
            recorder.give_up()
            await recorder.record(SessionPaused(reason="signal", text=CLOSED))
        raise
    except JournalError:
        raise  # what failed is the log itself
    except LoopdeckError as error:
        ending = Ending("failed", str(error), error.hint)
    except Exception:
        log.exception("the run of %s", recorder.session)
        ending = Ending("failed", BROKEN, f"The details are in {log_file()}")
    if recorder.state.phase not in _OVER:
        await recorder.record(
            SessionEnded(outcome="failed", verified="unchecked", text=ending.text)
        )
    return ending
