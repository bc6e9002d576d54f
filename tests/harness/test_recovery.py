"""A call whose end nobody saw: shown with what is left of it, and run again only by a new yes."""

import pytest

from loopdeck.harness.prompt.words import RUN_AGAIN
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.calls import CallStatus
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.events import CallAsked, CallFinished, HumanCalled
from loopdeck.session.records import Record
from tests.support.models import calls, says
from tests.support.rig import SESSION, Human, Rig, approves, nobody
from tests.support.toolbox import FakeToolbox


def says_then(word: str, then: Human = approves) -> Human:
    """A human with one word for what nobody saw, who then does something else."""

    def human(record: Record) -> Command | None:
        if isinstance(record.event, HumanCalled) and record.event.kind == "unknown":
            return Answer(ask_id=record.event.ask_id, answer=word)
        return then(record)

    return human


async def crashed(human: Human, tool: str = "put") -> Rig:
    """A run that stopped just as its one call had begun; from then on `human` answers."""
    rig = Rig([calls(("c1", tool, {"key": "a", "value": "x"})), says("Done.")])
    await rig.run()
    await stop_at_start(rig)
    rig.human = human
    rig.model.steps[:] = [says("Done.")]
    rig.evidence = lambda call: [f"The last that {call.tool} said:", "    half of it"]
    return rig


async def stop_at_start(rig: Rig) -> None:
    """Keep only what was on disk when a call had been started for the last time."""
    records = await rig.records()
    cut = max(record.seq for record in records if record.event.type == "call_started")
    await rig.rewrite(records[:cut])
    rig.box.ran.clear()
    rig.heard.clear()


async def test_what_is_run_again_is_judged_and_asked_about_anew_and_runs_once() -> None:
    rig = await crashed(says_then("run again"))
    assert (await rig.resume()).outcome == "done"
    assert rig.box.ran == ["put a"]
    kinds = [event.type for event in rig.heard if event.type.startswith(("call_", "human_"))]
    assert kinds == [
        "call_unknown",
        "human_called",
        "human_answered",
        "call_judged",
        "call_asked",
        "call_answered",
        "call_started",
        "call_finished",
    ]
    told = str(rig.model.requests[-1].turns[-1])
    assert RUN_AGAIN in told
    assert "written" in told


async def test_a_no_to_running_it_again_is_a_no() -> None:
    def no(record: Record) -> Command | None:
        asked = isinstance(record.event, CallAsked)
        return Deny(call_id="c1", reason="leave it") if asked else None

    rig = await crashed(says_then("run again", no))
    assert (await rig.resume()).outcome == "done"
    assert rig.box.ran == []
    assert "leave it" in str(rig.model.requests[-1].turns[-1])


async def test_the_yes_from_before_does_not_count_for_running_it_again() -> None:
    rig = await crashed(nobody)
    old = next(r.event for r in await rig.records() if isinstance(r.event, CallAsked))
    assert (await rig.resume(on_ask="park")).outcome == "waiting"
    ask = (await rig.state()).asks[0]
    again = Answer(ask_id=ask.ask_id, answer="run again")
    stale = Approve(call_id="c1", binding=old.binding)
    assert (await rig.resume(on_ask="park", mail=[again, stale])).outcome == "waiting"
    assert rig.box.ran == []
    fresh = rig.approval("c1")
    assert (await rig.resume(on_ask="park", mail=[fresh])).outcome == "done"
    assert rig.box.ran == ["put a"]


async def test_a_second_crash_asks_a_second_time() -> None:
    rig = await crashed(says_then("run again"))
    await rig.resume()
    await stop_at_start(rig)
    rig.human = nobody
    rig.model.steps[:] = [says("Done.")]
    assert (await rig.resume(on_ask="park")).outcome == "waiting"
    state = await rig.state()
    assert rig.box.ran == []
    assert [call.status for call in state.unknown] == [CallStatus.UNKNOWN]
    assert [ask.kind for ask in state.asks] == ["unknown"]


async def test_nobody_watching_runs_nothing_again() -> None:
    rig = await crashed(nobody)
    await rig.resume(on_ask="park")
    again = Answer(ask_id=(await rig.state()).asks[0].ask_id, answer="run again")
    await rig.resume(on_ask="deny", mail=[again])
    assert rig.box.ran == []


@pytest.mark.parametrize(
    ("word", "ok", "said"),
    [("done", True, "done"), ("not done", False, "not done"), ("tell the model", False, "Nobody")],
)
async def test_the_other_words_run_nothing_and_reach_the_model(
    word: str, *, ok: bool, said: str
) -> None:
    rig = await crashed(says_then(word))
    assert (await rig.resume()).outcome == "done"
    (end,) = [event for event in rig.heard if isinstance(event, CallFinished)]
    assert (end.ok, end.by, rig.box.ran) == (ok, "human", [])
    assert said in str(rig.model.requests[-1].turns[-1])


async def test_the_human_sees_what_ran_since_when_and_what_is_left_of_it() -> None:
    rig = await crashed(nobody)
    rig.clock.advance(300)
    await rig.resume(on_ask="park")
    ask = (await rig.state()).asks[0]
    assert ask.options == ("done", "not done", "run again", "tell the model")
    first, *rest = ask.text.split("\n")
    assert "nobody saw how it ended" in first
    assert any("UTC, 5 min before this was asked." in line for line in rest)
    assert rest[-2:] == ["The last that put said:", "    half of it"]


async def test_what_asks_its_human_is_not_offered_again() -> None:
    rig = await crashed(nobody, tool="put")
    records = await rig.records()
    inner = [
        Record(r.session, r.seq, r.ts, r.mono, r.event.model_copy(update={"tool": "update_plan"}))
        if r.event.type == "call_proposed"
        else r
        for r in records
    ]
    await rig.rewrite(inner)
    await rig.resume(on_ask="park")
    assert "run again" not in (await rig.state()).asks[0].options


async def test_a_recovered_run_is_run_again_from_its_log() -> None:
    rig = await crashed(says_then("run again"))
    await rig.resume()
    records = await rig.journal.read(SESSION, limit=10_000)
    found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
