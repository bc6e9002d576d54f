"""A model that gives no reply: waited for, asked again at once, and at last paused for."""

import asyncio

import pytest

from loopdeck.errors import ModelUnavailable
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.commands import Answer, Command, Retry
from loopdeck.session.events import HumanCalled, ModelFailed, SessionPaused
from loopdeck.session.records import Record
from loopdeck.session.values import Limits
from tests.support.models import calls, says
from tests.support.rig import SESSION, Rig
from tests.support.toolbox import FakeToolbox

GONE = [ModelUnavailable("Busy.", "Look at its status page.")] * 5
LOOK = calls(("c1", "look", {"key": "a"}))


async def test_a_model_that_stays_away_pauses_the_run_with_a_sentence() -> None:
    rig = Rig([ModelUnavailable("Busy.", wait_s=9999)] * 5)
    ending = await rig.run(on_ask="park")
    told = "Busy. It asks to be left alone for 9,999 s."
    assert (ending.outcome, ending.text) == ("paused", told)
    assert max(rig.clock.slept) == 60
    failed = [event for event in await rig.events() if isinstance(event, ModelFailed)]
    assert {event.error for event in failed} == {told}
    assert [event.wait_s is None for event in failed] == [False] * 4 + [True]


async def test_a_paused_run_goes_on_where_it_was() -> None:
    rig = Rig([LOOK, *GONE, says("Here again.")])
    assert (await rig.run(on_ask="park")).outcome == "paused"
    paused = (await rig.events())[-1]
    assert paused == SessionPaused(reason="model", text="Busy.")
    assert (await rig.state()).status == "paused"
    assert (await rig.resume()).outcome == "done"
    assert rig.box.ran == ["look a"]


async def test_nobody_who_says_no_is_no_reason_to_fail() -> None:
    assert (await Rig(GONE).run(on_ask="deny")).outcome == "paused"


async def test_a_human_who_watches_is_asked_and_may_have_it_tried_again() -> None:
    def human(record: Record) -> Command | None:
        event = record.event
        if isinstance(event, HumanCalled) and event.kind == "model":
            return Answer(ask_id=event.ask_id, answer="try again")
        return None

    rig = Rig([*GONE, says("Here.")], human=human)
    assert (await rig.run()).outcome == "done"


async def test_the_wait_ends_as_soon_as_its_human_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def human(record: Record) -> Command | None:
        return Retry() if isinstance(record.event, ModelFailed) else None

    async def for_ever(seconds: float) -> None:
        await asyncio.Event().wait()

    rig = Rig([ModelUnavailable("Busy.", wait_s=50), says("Here.")], human=human)
    monkeypatch.setattr(rig.clock, "sleep", for_ever)
    assert (await rig.run()).outcome == "done"


async def test_a_word_to_try_again_does_not_shorten_the_next_wait() -> None:
    rig = Rig([ModelUnavailable("Busy.", wait_s=9), says("Here.")])
    await rig.inbox.send(Retry())
    await rig.run()
    assert rig.clock.slept == [9]


async def test_when_it_failed_is_known_while_it_is_waited_for() -> None:
    seen: list[int] = []

    def human(record: Record) -> Command | None:
        seen.extend([record.ts] * isinstance(record.event, ModelFailed))
        return None

    rig = Rig([ModelUnavailable("Busy.", wait_s=9), says("Here.")], human=human)
    await rig.run()
    assert [(await rig.state()).failed_ts] == seen


async def test_the_wait_for_a_model_ends_with_the_time_of_the_run() -> None:
    rig = Rig([LOOK, *GONE])
    ending = await rig.run(on_ask="park", limits=Limits(minutes=0.1))
    assert ending.outcome == "limit"
    assert "limit of 0.1 minutes" in ending.text
    assert sum(rig.clock.slept) < 6.1
    events = await rig.events()
    assert [event.type for event in events][-3:] == ["model_failed", "limit_hit", "session_ended"]
    records = await rig.journal.read(SESSION, limit=10_000)
    found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None


async def test_a_last_turn_beyond_the_limit_is_tried_again_like_any() -> None:
    def human(record: Record) -> Command | None:
        event = record.event
        if isinstance(event, HumanCalled) and event.kind == "limit":
            return Answer(ask_id=event.ask_id, answer="finish")
        return None

    rig = Rig([*GONE[:3], *GONE[:2], says("So far.")], human=human)
    ending = await rig.run(limits=Limits(minutes=0.1))
    assert (ending.outcome, ending.text) == ("limit", "So far.")


async def test_a_paused_run_is_run_again_from_its_log() -> None:
    rig = Rig([LOOK, *GONE, says("Here again.")])
    await rig.run(on_ask="park")
    await rig.resume()
    records = await rig.journal.read(SESSION, limit=10_000)
    found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
