"""Queued messages are said when the agent is about to think, and not a moment before."""

import asyncio

from loopdeck.errors import JournalError
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import UserTurn
from loopdeck.session.commands import Command, Say
from loopdeck.session.events import HumanMessage, ModelReplied
from loopdeck.session.records import Record
from tests.support.models import calls, says
from tests.support.rig import SESSION, Rig
from tests.support.toolbox import FakeToolbox

LOOK = calls(("c1", "look", {"key": "a"}))


async def queue(rig: Rig, *texts: str) -> None:
    """Leave messages for the rig's session."""
    for number, text in enumerate(texts):
        await rig.journal.post(SESSION, Say(text=text, ticket=f"t{number}"))


def said_last(rig: Rig) -> tuple[str, ...]:
    """The human's words in the newest request."""
    turn = rig.model.requests[-1].turns[-1]
    assert isinstance(turn, UserTurn)
    return turn.texts


async def test_a_queued_message_is_said_right_before_the_next_request() -> None:
    rig = Rig([LOOK, says("Fine.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await queue(rig, "one", "two")
    assert "human_message" not in await rig.types()
    rig.box.gate.set()
    await running
    types = await rig.types()
    first = types.index("human_message")
    assert types[first : first + 3] == ["human_message", "human_message", "model_requested"]
    assert types[first - 1] == "call_finished"
    assert await rig.journal.queued(SESSION) == []


async def test_what_was_taken_back_was_never_said() -> None:
    rig = Rig([LOOK, says("Fine.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await queue(rig, "one", "two")
    assert await rig.journal.take_back(SESSION, "t0")
    rig.box.gate.set()
    await running
    said = [event.text for event in await rig.events() if isinstance(event, HumanMessage)]
    assert said == ["two"]
    assert said_last(rig) == ("two",)


async def test_an_agent_that_is_done_hears_first_what_was_queued() -> None:
    def too_late(record: Record) -> Command | None:
        if isinstance(record.event, ModelReplied) and len(rig.model.requests) == 1:
            asyncio.ensure_future(queue(rig, "wait"))  # noqa: RUF006 - ends at once
        return None

    rig = Rig([says("Done."), says("Done indeed.")], human=too_late)
    await rig.run()
    assert len(rig.model.requests) == 2
    assert said_last(rig) == ("wait",)


async def test_a_queue_that_cannot_be_read_stops_nobody() -> None:
    rig = Rig([says("Done.")])

    async def broken() -> list[Say]:
        raise JournalError("The disk is away.")

    rig.letters = broken
    assert (await rig.run()).outcome == "done"


async def test_a_run_with_queued_messages_happens_again_from_its_log() -> None:
    rig = Rig([LOOK, says("Fine.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await queue(rig, "one", "two")
    rig.box.gate.set()
    await running
    found = await rerun(await rig.records(), Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
