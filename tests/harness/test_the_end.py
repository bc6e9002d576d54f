"""The end of a run is its last event, whatever its human says in that moment."""

import asyncio

import pytest

from loopdeck.session.commands import Command, Note, Say, SetLevel, Steer
from loopdeck.session.events import SessionEnded, SessionPaused
from loopdeck.session.records import Record
from tests.support.models import calls, says
from tests.support.rig import Rig, nobody

WORDS = (SetLevel(level=2), Say(text="wait"), Steer(text="no"), Note(at=1, text="odd"))


def speaks_up(rig: Rig, command: Command) -> None:
    """Have a command come in while the end is being written, and give the run time to take it."""
    append = rig.journal.append

    async def slowly(records: list[Record], *rest: object, **more: bool) -> None:
        if any(isinstance(record.event, SessionEnded | SessionPaused) for record in records):
            rig.inbox.put(command)
            for _ in range(20):
                await asyncio.sleep(0)
        await append(records, *rest, **more)  # pyright: ignore[reportArgumentType] - passed on

    rig.journal.append = slowly  # pyright: ignore[reportAttributeAccessIssue] - the same shape


@pytest.mark.parametrize("command", WORDS, ids=lambda command: command.type)
async def test_what_is_said_while_the_end_is_written_comes_too_late(command: Command) -> None:
    rig = Rig([says("Done.")])
    speaks_up(rig, command)
    assert (await rig.run()).outcome == "done"
    assert (await rig.types())[-1] == "session_ended"


@pytest.mark.parametrize("command", WORDS, ids=lambda command: command.type)
async def test_a_run_that_waits_for_nobody_ends_with_the_pause(command: Command) -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"}))], human=nobody)
    speaks_up(rig, command)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    assert (await rig.types())[-1] == "session_paused"


async def test_what_was_taken_up_before_the_end_is_on_record_before_it() -> None:
    rig = Rig([says("Done.")])
    await rig.inbox.send(SetLevel(level=2))
    await rig.run()
    types = await rig.types()
    assert types.index("level_changed") < types.index("session_ended")
