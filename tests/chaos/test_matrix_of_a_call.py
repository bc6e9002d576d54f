"""The end of the process at each point of a step: what is on disk, and what holds on reopening."""

import pytest

from loopdeck.session.calls import CallStatus
from loopdeck.session.events import Event
from loopdeck.session.reducer import project
from tests.chaos.mortal import Mortal

PUT = ("put", "a")


def events(run: Mortal) -> list[Event]:
    return [record.event for record in run.records]


def types(run: Mortal) -> list[str]:
    return [event.type for event in events(run)]


def status(run: Mortal) -> list[CallStatus]:
    """How the calls stand that are not settled yet."""
    return [call.status for call in project(run.records).calls]


async def died(run: Mortal, moment: str, *, times: int = 1) -> None:
    """A life up to a moment, the first or a later one of its kind."""
    left = [times]

    def ends(now: str) -> bool:
        left[0] -= now == moment
        return not left[0]

    assert await run.live(ends) is None
    assert run.fate.met[-1] == moment
    assert run.wrong() == []


async def done(run: Mortal) -> None:
    """Another life, in peace."""
    ending = await run.live(lambda _: False)
    assert ending is not None
    assert ending.outcome == "done"
    assert run.wrong() == []
    assert run.undone() == []


async def test_point_01_before_the_model_call_nothing_is_lost():
    run = Mortal([[PUT]])
    await died(run, "before model_requested")
    assert types(run)[0] == "session_started"
    await done(run)
    assert types(run).count("session_started") == 1
    assert run.box.ran == ["put a"]


async def test_point_02_a_request_without_a_byte_is_sent_again():
    run = Mortal([[PUT]])
    await died(run, "the model is asked")
    assert types(run)[-1] == "model_requested"
    await done(run)
    assert run.model.asked == 3  # in vain, for the call, for the end
    assert types(run).count("session_started") == 1  # the goal, which is told once
    assert types(run).count("model_replied") == 2


async def test_point_03_mid_stream_the_draft_is_no_reply():
    run = Mortal([[PUT]])
    await died(run, "the model speaks")
    assert "model_replied" not in types(run)
    await done(run)
    assert types(run).count("model_replied") == 2
    assert run.box.ran == ["put a"]


async def test_point_05_decided_and_not_kept_is_asked_of_the_model_again():
    run = Mortal([[PUT]])
    await died(run, "before model_replied")
    assert "call_proposed" not in types(run)
    assert run.box.ran == []
    await done(run)
    assert types(run).count("call_proposed") == 1


async def test_point_06_what_waits_is_shown_again_once_and_is_the_same():
    run = Mortal([[PUT]])
    await died(run, "after call_asked")
    (before,) = project(run.records).waiting
    await done(run)
    asked = [event for event in events(run) if event.type == "call_asked"]
    assert len(asked) == 1
    answered = [event for event in events(run) if event.type == "call_answered"]
    assert [event.binding for event in answered] == [before.binding]


@pytest.mark.parametrize(("tool", "asked"), [("put", 1), ("wreck", 2)])
async def test_point_07_approved_and_not_started_runs_unless_it_destroys(tool: str, asked: int):
    run = Mortal([[(tool, "a")]])
    await died(run, "before call_started")
    assert status(run) == [CallStatus.APPROVED]
    assert run.box.ran == []
    await done(run)
    assert types(run).count("call_asked") == asked
    assert run.box.ran == [f"{tool} a"]


async def test_point_08_mid_execution_is_unknown_and_never_run_by_itself():
    run = Mortal([[PUT]])
    await died(run, "the tool begins")
    assert status(run) == [CallStatus.RUNNING]
    await done(run)
    assert types(run).count("call_unknown") == 1
    ids = [event.call_id for event in events(run) if event.type == "call_started"]
    assert len(ids) == len(set(ids)) == 2  # the second is a new call, with a new approval
    assert types(run).count("call_asked") == 2


async def test_point_09_executed_and_not_kept_is_unknown_and_not_repeated():
    run = Mortal([[PUT]])
    await died(run, "the tool has acted")
    assert run.box.ran == ["put a"]
    await done(run)
    assert types(run).count("call_unknown") == 1
    assert types(run).count("call_started") == 1
    assert run.box.ran == ["put a"]


async def test_point_10_a_kept_result_is_told_and_not_made_again():
    run = Mortal([[PUT]])
    await died(run, "after call_finished")
    assert types(run)[-2:] == ["call_finished", "model_requested"]  # one commit
    await done(run)
    assert "call_unknown" not in types(run)
    assert run.box.ran == ["put a"]


async def test_point_11_of_parallel_calls_each_keeps_its_own_end():
    run = Mortal([[("look", "x"), ("put", "a"), ("put", "b")]])
    await died(run, "after call_finished")
    ends = {event.call_id for event in events(run) if event.type == "call_finished"}
    assert ends
    assert len(ends) < 3
    await done(run)
    finished = [event.call_id for event in events(run) if event.type == "call_finished"]
    assert len(finished) == len(set(finished))
    assert sorted(each for each in run.box.ran if each.startswith("put")) == ["put a", "put b"]
