"""A recorded run happens again without a model, a tool or a human; a log that lies is caught."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from loopdeck.errors import ModelRejected, ModelUnavailable
from loopdeck.harness.rerun.again import Rerun, rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.harness.setting import SandboxFound
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import MARK, Redactor
from loopdeck.session.commands import (
    Answer,
    Approve,
    Command,
    Deny,
    GoOn,
    Interrupt,
    Pause,
    Say,
    SetLevel,
    Steer,
    Stop,
)
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallStarted,
    Event,
    HumanCalled,
    ModelReplied,
    SessionStarted,
)
from loopdeck.session.likeness import likeness
from loopdeck.session.records import Record
from loopdeck.session.values import Decision, Grant, Limits, Rule
from tests.support.models import Step, calls, says
from tests.support.rig import SESSION, Human, Rig, approves, nobody
from tests.support.toolbox import FakeToolbox

PUT = calls(("c1", "put", {"key": "a", "value": 1}))
TWO = calls(("c1", "put", {"key": "a", "value": 1}), ("c2", "wreck", {"key": "b"}))
Lie = Callable[[list[Record]], list[Record]]
TOKEN = "ghp" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"


async def again(records: Sequence[Record]) -> Rerun:
    return await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))


async def log_of(rig: Rig) -> list[Record]:
    return await rig.journal.read(SESSION, limit=10_000)


def edits(record: Record) -> Command | None:
    event = record.event
    if isinstance(event, CallAsked):
        args = None if event.again else {"key": "b", "value": 2}
        return Approve(call_id=event.call_id, binding=event.binding, args=args)
    return None


def types_nonsense_first(record: Record) -> Command | None:
    event = record.event
    if isinstance(event, CallAsked):
        args = None if event.again else {"nothing": 1}
        return Approve(call_id=event.call_id, binding=event.binding, args=args)
    return None


def grants(record: Record) -> Command | None:
    event = record.event
    if isinstance(event, CallAsked):
        rule = Rule(decide="allow", match="category(write)", scope="session")
        grant = Grant(grant_id="g1", rule=rule)
        return Approve(call_id=event.call_id, binding=event.binding, grant=grant)
    return None


def keeps_nothing(record: Record) -> Command | None:
    yes = approves(record)
    return yes.model_copy(update={"store": False}) if isinstance(yes, Approve) else None


def answers(record: Record) -> Command | None:
    if isinstance(record.event, HumanCalled):
        return Answer(ask_id=record.event.ask_id, answer=record.event.options[0], text="this")
    return approves(record)


def denies(record: Record) -> Command | None:
    if isinstance(record.event, CallAsked):
        return Deny(call_id=record.event.call_id, reason="not that one")
    return None


LOOKS = calls(("c1", "look", {"key": "a"}), ("c2", "look", {"key": "a"}), ("c3", "look", {}))
RUNS: dict[str, tuple[list[Step], Human]] = {
    "approved": ([TWO, says("Done.")], approves),
    "denied": ([TWO, says("Done.")], denies),
    "edited": ([TWO, says("Done.")], edits),
    "edited, unusable": ([PUT, says("Done.")], types_nonsense_first),
    "granted": ([PUT, calls(("c2", "put", {"key": "b", "value": 2})), says("Done.")], grants),
    "not stored": ([calls(("c1", "wreck", {"key": "a"})), says("Done.")], keeps_nothing),
    "asked": ([calls(("c1", "question", {}), ("c2", "plan", {})), says("Done.")], answers),
    "twins and a wrong call": ([LOOKS, says("Done.")], nobody),
    "calls that may not run": ([calls(("c1", "look", {"key": "a"}), stop="end_turn")], nobody),
    "a model that fails": ([ModelUnavailable("busy", wait_s=3.0), says("Done.")], nobody),
    "a model that refuses": ([ModelRejected("no"), says("Done.")], answers),
    "in a loop": ([calls((f"c{n}", "look", {"key": "a"})) for n in range(5)], answers),
}


@pytest.mark.parametrize("name", RUNS)
async def test_what_was_recorded_happens_again(name: str) -> None:
    steps, human = RUNS[name]
    rig = Rig([*steps, says("Done.")], human=human)
    await rig.run(check="make" if name == "approved" else None)
    found = await again(await log_of(rig))
    assert found.divergence is None
    assert found.compared == len(likeness(record.event for record in await log_of(rig)))


@pytest.mark.parametrize(
    "command",
    [
        Steer(text="first look at b"),
        Steer(text=""),  # what an interruption left in the log while it did not pause
        Interrupt(),
        Stop(),
        Say(text="hurry"),
        Pause(),
    ],
)
async def test_what_a_human_does_while_a_call_runs_happens_again(command: Command) -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done."), says("Really.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await rig.inbox.send(command)
    for _ in range(20):
        await asyncio.sleep(0)
    rig.box.gate.set()
    if isinstance(command, Pause | Interrupt):
        while "session_paused" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
            await asyncio.sleep(0)
    if isinstance(command, Interrupt):
        await rig.inbox.send(GoOn())
    if isinstance(command, Pause):
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    else:
        await running
    assert (await again(await log_of(rig))).divergence is None


@pytest.mark.parametrize("cut", [3, 5, 7, 8, 9, 11])
async def test_a_log_that_was_cut_by_a_crash_and_taken_up_again(cut: int) -> None:
    rig = Rig([TWO, says("Done.")])
    await rig.run()
    await rig.rewrite((await log_of(rig))[:cut])
    rig.model.steps[:] = [TWO, says("Done.")] if cut < 4 else [says("Done.")]
    rig.human = answers
    await rig.resume()
    found = await again(await log_of(rig))
    assert found.divergence is None
    assert "session_resumed" in await rig.types()


async def test_what_was_parked_and_answered_later_happens_again() -> None:
    rig = Rig([TWO, says("Done.")], human=nobody)
    await rig.run(on_ask="park")
    mail = [rig.approval("c1"), Deny(call_id="c2"), SetLevel(level=2)]
    await rig.resume(mail=mail, limits=Limits(steps=9))
    found = await again(await log_of(rig))
    assert found.divergence is None


async def test_a_limit_that_nobody_could_raise_and_denials_without_a_human_happen_again() -> None:
    rig = Rig([PUT, says("Done."), says("Done.")], human=nobody)
    await rig.run(on_ask="deny", limits=Limits(steps=1))
    assert (await again(await log_of(rig))).divergence is None


async def test_a_world_that_moved_moves_again() -> None:
    rig = Rig([PUT, says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    while "call_asked" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    rig.box.files["a"] = "changed by somebody"
    await rig.inbox.send(rig.approval("c1"))
    while (await rig.types()).count("call_asked") < 2:  # noqa: ASYNC110 - the same
        await asyncio.sleep(0)
    await rig.inbox.send(rig.approval("c1"))
    await running
    assert (await again(await log_of(rig))).divergence is None


async def test_a_permission_that_lets_others_run_lets_them_run_again() -> None:
    uses = [(f"c{n}", "put", {"key": str(n), "value": n}) for n in range(3)]
    rig = Rig([calls(*uses), says("Done.")], human=nobody)
    running = asyncio.ensure_future(rig.run())
    while (await rig.types()).count("call_asked") < 3:  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    for _ in range(50):  # people look first
        await asyncio.sleep(0)
    asked = next(r for r in await rig.records() if isinstance(r.event, CallAsked))
    yes = grants(asked)
    assert yes is not None
    await rig.inbox.send(yes)
    await running
    by = [r.event.by for r in await rig.records() if isinstance(r.event, CallAnswered)]
    assert by == ["human", "rule", "rule"]
    assert (await again(await log_of(rig))).divergence is None


async def test_the_recorded_sandbox_is_the_one_of_the_re_run() -> None:
    rig = Rig([PUT, says("Done.")])
    rig.sandbox = SandboxFound("walls", passed=False, says="none here")
    await rig.run(level=4)
    found = await again(await log_of(rig))
    assert found.divergence is None
    assert not any("sandbox" in note for note in found.notes)


async def test_a_secret_that_the_log_does_not_have_is_no_obstacle() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": TOKEN})), says("Done.")])
    rig.redactor = Redactor(b"installation")
    await rig.run()
    records = await log_of(rig)
    assert any(MARK.search(repr(record.event)) for record in records)
    assert (await again(records)).divergence is None


async def test_nothing_of_a_recording_is_deleted_where_its_output_is_said_to_lie(
    tmp_path: Path,
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    rig = Rig([calls(("c1", "wreck", {"key": "a"})), says("Done.")], human=keeps_nothing)
    await rig.run()
    records = [
        replace(record, event=record.event.model_copy(update={"full_output": str(precious)}))
        if isinstance(record.event, CallFinished)
        else record
        for record in await log_of(rig)
    ]
    await again(records)
    assert precious.read_text() == "mine"


def changed(kind: type[Event], **fields: object) -> Lie:
    def lie(records: list[Record]) -> list[Record]:
        at = next(n for n, record in enumerate(records) if isinstance(record.event, kind))
        event = records[at].event.model_copy(update=fields)
        return [*records[:at], replace(records[at], event=event), *records[at + 1 :]]

    return lie


def without(kind: type[Event]) -> Lie:
    def lie(records: list[Record]) -> list[Record]:
        at = next(n for n, record in enumerate(records) if isinstance(record.event, kind))
        left = [*records[:at], *records[at + 1 :]]
        return [replace(record, seq=seq) for seq, record in enumerate(left, start=1)]

    return lie


LIES = {
    "a milder verdict": changed(CallJudged, verdict=Decision.ALLOW),
    "another reason": changed(CallJudged, rule="because"),
    "an unasked yes": without(CallAsked),
    "a yes that nobody gave": without(CallAnswered),
    "a start that is missing": without(CallStarted),
    "an end that is missing": without(CallFinished),
    "a reply that is missing": without(ModelReplied),
    "another level": changed(SessionStarted, level=2),
}


@pytest.mark.parametrize("name", LIES)
async def test_a_log_that_lies_about_the_harness_is_caught_where_it_does(name: str) -> None:
    rig = Rig([PUT, says("Done.")])
    await rig.run()
    records = LIES[name](await log_of(rig))
    found = await again(records)
    assert found.divergence is not None
    assert 1 < found.seq <= len(records)
    assert found.divergence.recorded != found.divergence.rerun


async def test_a_run_that_came_without_verdicts_is_said_to_have_come_so() -> None:
    rig = Rig([TWO, says("Done.")])
    await rig.run()
    first, *rest = await log_of(rig)
    assert isinstance(first.event, SessionStarted)
    came = replace(first, event=first.event.model_copy(update={"model": "imported:elsewhere"}))
    assert any("without verdicts" in note for note in (await again([came, *rest])).notes)
    assert not any("without verdicts" in note for note in (await again([first, *rest])).notes)


async def test_a_recording_that_stops_in_the_middle_is_compared_as_far_as_it_goes() -> None:
    rig = Rig([TWO, says("Done.")])
    await rig.run()
    found = await again((await log_of(rig))[:6])
    assert found.identical
    assert any("as far as it goes" in note for note in found.notes)
