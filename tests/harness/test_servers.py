"""MCP servers that cannot be used: a fact in the log, told to the model, run again as it was."""

from collections.abc import Callable, Sequence

from loopdeck.harness.prompt.servers import lost_after, news
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import UserTurn
from loopdeck.session.events import ServerChecked
from tests.support.models import calls, says
from tests.support.rig import SESSION, Rig
from tests.support.toolbox import FakeToolbox

LOST = ServerChecked(server="notes", says="It ended: no disk.")
BACK = ServerChecked(server="notes", passed=True)
ANEW = ServerChecked(server="notes", passed=True, says="It ended: no disk.")
FINE = ServerChecked(server="files", passed=True)


def looks(*found: Sequence[ServerChecked]) -> Callable[[], Sequence[ServerChecked]]:
    """What is found at one look after the other; the last stays as it is."""
    left = list(found)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


async def checks(rig: Rig) -> list[ServerChecked]:
    """What the log has of servers."""
    return [event for event in await rig.events() if isinstance(event, ServerChecked)]


def heard(rig: Rig, request: int) -> str:
    """All that a request tells its model in its last turn."""
    last = rig.model.requests[request].turns[-1]
    assert isinstance(last, UserTurn)
    return "\n".join(last.texts)


async def test_a_server_that_fails_between_two_steps_is_in_the_log_and_told_to_the_model() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    rig.servers = looks([FINE], [FINE, LOST])
    await rig.run()
    assert await checks(rig) == [LOST]
    assert "notes" not in heard(rig, 0)
    assert "server notes cannot be used now, nor its tools: It ended: no disk." in heard(rig, 1)


async def test_one_that_fails_after_the_last_step_is_in_the_log_before_its_end() -> None:
    rig = Rig([says("Done.")])
    rig.servers = looks([], [LOST])
    await rig.run()
    assert [event.type for event in await rig.events()][-2:] == ["server_checked", "session_ended"]


async def test_what_the_log_has_is_no_news_and_what_changed_is() -> None:
    steps = [calls((f"c{n}", "look", {"key": f"k{n}"})) for n in range(4)]
    rig = Rig([*steps, says("Done.")])
    rig.servers = looks([LOST], [LOST], [BACK], [BACK], [ANEW], [BACK])
    await rig.run()
    assert await checks(rig) == [LOST, BACK, ANEW]
    assert "notes can be used again" in heard(rig, 2)
    assert "notes failed and was begun anew" in heard(rig, 4)


async def test_a_new_process_says_that_a_server_is_back_and_not_again_that_it_is_lost() -> None:
    rig = Rig([says("Done."), says("Done again."), says("And again.")])
    rig.servers = looks([LOST])
    await rig.run(limits=None)
    await rig.resume()
    assert await checks(rig) == [LOST]
    rig.servers = looks([BACK])
    await rig.resume()
    assert await checks(rig) == [LOST, BACK]


async def test_a_run_with_lost_servers_happens_again_without_them() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": 1})), says("Done.")])
    rig.servers = looks([LOST], [ServerChecked(server="files", says="It ended."), BACK], [FINE])
    await rig.run()
    records = await rig.journal.read(SESSION, limit=10_000)
    found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
    assert len(await checks(rig)) == 4


def test_only_what_differs_from_the_log_is_news() -> None:
    lost = lost_after({}, LOST)
    assert lost == {"notes": "It ended: no disk."}
    assert news({}, [FINE, LOST]) == [LOST]
    assert news(lost, [FINE, LOST]) == []
    other = LOST.model_copy(update={"says": "There is no program notes."})
    assert news(lost, [other]) == [other]
    assert lost_after(lost, BACK) == {}
