"""Services in a run: their beginning, output and end are on record, and none outlives the run."""

import asyncio

import pytest

from loopdeck.harness.limits import Limiter
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.harness.services import Attendant
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Action, ToolContext, ToolResult, UserTurn
from loopdeck.ports.services import Over, Said, ServiceOver
from loopdeck.session.commands import Command, Stop, StopService
from loopdeck.session.events import CallFinished, CallOutput, ServiceEnded
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject, Why
from tests.support.models import Step, calls, says
from tests.support.rig import Rig, approves
from tests.support.toolbox import FakeAction, FakeToolbox


class FakeServices:
    """Services that run until somebody stops them."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.known: list[str] = []

    def attend(self, said: Said, over: Over) -> None:
        self.said, self.over = said, over

    def announced(self, name: str) -> None:
        self.known.append(name)

    async def stop(self, name: str, why: Why) -> bool:
        if name not in self.running:
            return False
        self.running.remove(name)
        await self.over(ServiceOver(name, why, -15, "bye"))
        return True

    async def close(self) -> None:
        for name in reversed(self.running):
            await self.stop(name, "run")


class Serving(FakeToolbox):
    """`put` leaves its key running; `look` ends it, or has it print or fail."""

    def __init__(self) -> None:
        super().__init__()
        self.services = FakeServices()

    def prepare(self, tool: str, args: JsonObject) -> Action:
        return Served(self, tool, args)


class Served(FakeAction):
    """One such call."""

    async def run(self, context: ToolContext) -> ToolResult:
        assert isinstance(self.box, Serving)
        services, name = self.box.services, str(self.args.get("key"))
        match self.tool, self.args.get("how"):
            case "put", _:
                services.running.append(name)
                return ToolResult(ok=True, output="up", service=name)
            case _, "prints":
                await services.said(name, "GET /")
            case _, "fails":
                services.running.remove(name)
                await services.over(ServiceOver(name, "itself", 1, "no port"))
            case _:
                await services.stop(name, "agent")
        return ToolResult(ok=True, output="seen")


def serving(*steps: Step) -> tuple[Rig, FakeServices]:
    box = Serving()
    rig = Rig(steps, box=box)
    rig.services = box.services
    return rig, box.services


async def happens_again(rig: Rig) -> None:
    """Its log, run again without anything that runs, comes out the same."""
    found = await rerun(await rig.records(), Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None


BEGINS = calls(("c1", "put", {"key": "dev"}))


async def test_the_end_of_a_run_ends_its_services_and_says_so() -> None:
    rig, services = serving(BEGINS, calls(("c2", "put", {"key": "api"})), says("All set."))
    ending = await rig.run(level=4)
    assert (services.running, services.known) == ([], ["dev", "api"])
    assert ending.text == "All set.\n\nStopped with the run: 2 services (dev, api)."
    found = [event for event in await rig.events() if isinstance(event, ServiceEnded)]
    assert [(one.service, one.why, one.exit_code) for one in found] == [
        ("dev", "run", -15),
        ("api", "run", -15),
    ]
    assert (await rig.types())[-1] == "session_ended"
    assert (await rig.state()).services == ()
    await happens_again(rig)


async def test_what_it_prints_and_that_it_failed_are_facts_and_the_model_hears_of_the_end() -> None:
    rig, _ = serving(
        BEGINS,
        calls(("c2", "look", {"key": "dev", "how": "prints"})),
        calls(("c3", "look", {"key": "dev", "how": "fails"})),
        says("It failed."),
    )
    await rig.run()
    outputs = [one for one in await rig.events() if isinstance(one, CallOutput)]
    assert [(one.call_id, one.text) for one in outputs] == [("c1", "GET /")]
    told = rig.model.requests[-1].turns[-1]
    assert isinstance(told, UserTurn)
    assert told.texts == (
        "The service dev has ended (exit code 1). The end of what it printed:\nno port",
    )
    await happens_again(rig)


async def test_what_the_agent_stops_is_on_record_before_its_call_has_ended() -> None:
    rig, _ = serving(BEGINS, calls(("c2", "look", {"key": "dev"})), says("Done."))
    ending = await rig.run()
    assert ending.text == "Done."
    kinds = [
        (one.type, getattr(one, "why", ""))
        for one in await rig.events()
        if isinstance(one, CallFinished | ServiceEnded)
    ]
    assert kinds == [("call_finished", ""), ("service_ended", "agent"), ("call_finished", "")]
    await happens_again(rig)


async def test_its_human_stops_one_and_the_model_is_told() -> None:
    rig, services = serving(BEGINS, calls(("c2", "look", {"key": "x", "how": ""})), says("Done."))

    def stops(record: Record) -> Command | None:
        event = record.event
        if isinstance(event, CallFinished) and event.service:
            return StopService(service="dev")
        return approves(record)

    rig.human = stops
    await rig.run()
    assert services.running == []
    found = [event for event in await rig.events() if isinstance(event, ServiceEnded)]
    assert [(one.service, one.why) for one in found] == [("dev", "human")]
    await happens_again(rig)


async def test_after_a_crash_it_is_gone_on_record_and_the_model_is_told() -> None:
    rig, services = serving(BEGINS, says("Again."), says("Done."))
    await rig.run()
    log = await rig.records()
    await rig.rewrite(log[: [record.event.type for record in log].index("service_ended")])
    assert [view.name for view in (await rig.state()).services] == ["dev"]
    services.running.clear()
    await rig.resume()
    found = [event for event in await rig.events() if isinstance(event, ServiceEnded)]
    assert [(one.service, one.why) for one in found] == [("dev", "lost")]
    assert "The service dev is not running any more" in str(rig.model.requests[-1])
    await happens_again(rig)


async def test_a_stop_before_its_beginning_is_committed_still_ends_it_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig, services = serving(BEGINS, says("All set."))
    checked, seen = Limiter.check, list[None]()

    async def check(self: Limiter) -> str | None:
        seen.append(None)
        if len(seen) == 2:  # the call has ended, and the end is not in the log yet
            rig.inbox.put(Stop())
            await asyncio.Event().wait()
        return await checked(self)

    monkeypatch.setattr(Limiter, "check", check)
    ending = await rig.run()
    assert ending.text.endswith("Stopped with the run: 1 service (dev).")
    assert services.running == []
    assert (await rig.types())[-3:] == ["call_finished", "service_ended", "session_ended"]
    assert list(problems(await rig.records())) == []


async def test_one_that_fails_while_the_run_ends_has_one_end_and_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig, services = serving(BEGINS, says("All set."))
    flushed, telling = Recorder.flush, list[asyncio.Future[None]]()

    async def flush(self: Recorder) -> None:
        await flushed(self)
        if services.running and len(rig.model.requests) == 2:  # at the end of the run
            services.running.clear()
            over = services.over(ServiceOver("dev", "itself", 3, "no port"))
            telling.append(asyncio.ensure_future(over))
            await asyncio.sleep(0)

    monkeypatch.setattr(Recorder, "flush", flush)
    ending = await rig.run()
    await asyncio.gather(*telling)
    found = [event for event in await rig.events() if isinstance(event, ServiceEnded)]
    assert [(one.service, one.why, one.exit_code) for one in found] == [("dev", "itself", 3)]
    assert ending.text == "All set."
    assert list(problems(await rig.records())) == []


async def test_a_fault_of_our_own_leaves_no_service_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig, services = serving(BEGINS, calls(("c2", "look", {"key": "x", "how": ""})), says("Done."))

    def stops(record: Record) -> Command | None:
        begun = isinstance(record.event, CallFinished) and record.event.service
        return StopService(service="dev") if begun else approves(record)

    def fails(self: Attendant, name: str) -> None:
        raise RuntimeError(name)

    monkeypatch.setattr(Attendant, "stop", fails)
    rig.human = stops
    with pytest.raises(RuntimeError, match="dev"):
        await rig.run()
    assert services.running == []
    assert [one.why for one in await rig.events() if isinstance(one, ServiceEnded)] == ["run"]
    assert (await rig.state()).services == ()
