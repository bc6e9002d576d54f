"""Services: what a call declared to stay runs beside the next ones, and ends with its run."""

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.ports import ToolResult
from loopdeck.ports.services import ServiceOver
from loopdeck.session.values import Category
from loopdeck.tools.commands import services as module
from loopdeck.tools.commands.service import Service
from loopdeck.tools.commands.services import MOST, Services
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend
from tests.support.sandboxes import yard_of
from tests.support.tools import FakeContext
from tests.tools.commands.test_shell import gone, until
from tests.tools.conftest import Run

pytestmark = pytest.mark.usefixtures("services")


class Log:
    """Hears of services as a run does."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.over: list[ServiceOver] = []

    async def hear(self, name: str, text: str) -> None:
        self.said.append((name, text))

    async def end(self, over: ServiceOver) -> None:
        self.over.append(over)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def services(
    box: BuiltinToolbox, log: Log, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Services]:
    """Those of the workspace, which are looked at for a shorter moment; they end with the test."""
    monkeypatch.setattr(module, "LOOK_S", 0.3)
    box.services.attend(log.hear, log.end)
    yield box.services
    await box.services.close()


async def test_it_runs_beside_the_next_call_until_the_agent_stops_it(
    ws: Path, run: Run, services: Services, log: Log
) -> None:
    begun = await run("shell", command="echo $$ > pid; echo up; sleep 60", service="dev")
    assert (begun.ok, begun.service) == (True, "dev")
    assert "up\n[dev is running" in begun.output
    services.announced("dev")
    pid = int((ws / "pid").read_text())
    assert (await run("shell", command=f"kill -0 {pid} && echo there")).output == "there"
    assert "dev: running for" in (await run("service")).output
    stopped = await run("service", name="dev", stop=True)
    assert stopped.output.startswith("dev: over")
    assert "up" in stopped.output
    await gone(pid)
    assert [(over.name, over.why) for over in log.over] == [("dev", "agent")]
    assert "dev: over" in (await run("service")).output


async def test_what_ends_at_once_is_a_call_that_failed(run: Run, log: Log) -> None:
    result = await run("shell", command="echo no port >&2; exit 7", service="dev")
    assert (result.ok, result.exit_code, result.service) == (False, 7, None)
    assert result.output == "no port\n[exit code 7]\n[it ended at once, so nothing stays running]"
    again = await run("shell", command="sleep 60", service="dev")  # its name is free
    assert again.ok
    assert log.over == []


async def test_its_own_end_is_told_with_what_it_printed_last_and_not_before_its_start(
    ws: Path, run: Run, services: Services, log: Log
) -> None:
    await run("shell", command="until [ -e go ]; do sleep .02; done; echo bye; exit 3", service="w")
    (ws / "go").touch()
    await until(lambda: not services.running)
    assert log.over == []
    services.announced("w")
    await until(lambda: bool(log.over))
    assert log.over == [ServiceOver("w", "itself", 3, "bye")]


@pytest.mark.parametrize("by", ["run", "human"])
async def test_one_that_ended_by_itself_has_not_been_stopped_though_it_is_still_looked_at(
    ws: Path,
    run: Run,
    services: Services,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    looked, sweep = threading.Event(), Service.sweep

    def slow(self: Service) -> None:
        looked.wait(30)
        sweep(self)

    monkeypatch.setattr(Service, "sweep", slow)
    await run("shell", command="until [ -e go ]; do sleep .02; done; exit 3", service="w")
    services.announced("w")
    (ws / "go").touch()
    await until(lambda: not services.running)
    with pytest.raises(ToolError, match="runs already"):  # its name is not free yet
        services.must_have_room("w")
    stopping = services.stop("w", "human") if by == "human" else services.close()
    ending = asyncio.ensure_future(stopping)
    await asyncio.sleep(0)
    assert (ending.done(), log.over) == (False, [])
    looked.set()
    assert await ending is (True if by == "human" else None)
    assert [(over.why, over.exit_code) for over in log.over] == [("itself", 3)]
    assert not await services.stop("w", "human")


async def test_its_end_is_told_though_the_look_at_what_it_left_failed(
    ws: Path, run: Run, services: Services, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run("shell", command="until [ -e go ]; do sleep .02; done; exit 3", service="w")
    services.announced("w")

    def fails(_: Service) -> None:
        raise OSError("no such disk")

    monkeypatch.setattr(Service, "sweep", fails)
    (ws / "go").touch()
    await until(lambda: bool(log.over))
    assert (log.over[0].why, log.over[0].exit_code) == ("itself", 3)
    assert "the look at what it left failed" in log.over[0].output


async def test_what_it_prints_is_told_and_shown(ws: Path, run: Run, services: Services) -> None:
    command = "until [ -e go ]; do sleep .02; done; seq 50; sleep 60"
    await run("shell", command=command, service="w")
    services.announced("w")
    (ws / "go").touch()
    one = services.named("w")
    await until(lambda: "50" in one.text())
    seen = await run("service", name="w", lines=2)
    assert seen.output.endswith("[48 more lines before these]\n49\n50")


async def test_the_end_of_the_run_ends_all_of_it_daemons_too(
    ws: Path, run: Run, services: Services, log: Log
) -> None:
    command = "setsid -f sh -c 'echo $$ > child; exec sleep 60'; echo $$ > own; sleep 60"
    await run("shell", command=command, service="dev")
    await until(lambda: (ws / "child").exists() and (ws / "child").read_text() != "")
    await services.close()
    await gone(int((ws / "own").read_text()))
    await gone(int((ws / "child").read_text()))
    assert [over.why for over in log.over] == ["run"]
    with pytest.raises(ToolError, match=r"This run ends, so no service begins any more\."):
        await run("shell", command="sleep 60", service="late")


async def test_a_call_that_is_interrupted_while_it_looks_on_leaves_nothing(
    ws: Path, run: Run, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_S", 60)
    call = asyncio.ensure_future(run("shell", command="echo $$ > pid; sleep 60", service="dev"))
    await until(lambda: (ws / "pid").exists() and (ws / "pid").read_text() != "")
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await gone(int((ws / "pid").read_text()))
    assert services.running == []


async def test_names_are_taken_once_and_there_is_a_most(
    box: BuiltinToolbox, run: Run, services: Services
) -> None:
    await run("shell", command="sleep 60", service="dev")
    with pytest.raises(ToolError, match="runs already"):
        await run("shell", command="sleep 60", service="dev")
    with pytest.raises(ToolError, match="a name is up to 24 small letters"):
        await run("shell", command="sleep 60", service="No Name")
    with pytest.raises(ToolError, match=r"There is no service api\. There are: dev"):
        await run("service", name="api", stop=True)
    with pytest.raises(ToolError, match=r"Give the name of the one to stop\. There run: dev"):
        await run("service", stop=True)
    with pytest.raises(ToolError, match="runs already"):  # before anybody is asked
        box.prepare("shell", {"command": "sleep 60", "service": "dev"}).binding()
    one = services.named("dev")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Services, "running", [one] * MOST)
        with pytest.raises(ToolError, match="8 services run already"):
            services.must_have_room("api")


async def test_it_is_judged_as_a_call_that_stays_and_its_human_is_told(box: BuiltinToolbox) -> None:
    here = box.prepare("shell", {"command": "npm run dev"})
    stays = box.prepare("shell", {"command": "npm run dev", "service": "dev"})
    assert stays.assess().category is here.assess().category
    assert stays.assess().facts["service"] is True
    preview = stays.preview()
    assert preview is not None
    assert "stays running as the service dev until you or the agent stop it" in preview.note
    assert "network" not in preview.note


async def test_a_look_is_a_read_that_may_bring_in_what_others_wrote(
    box: BuiltinToolbox, run: Run
) -> None:
    assert box.prepare("service", {}).assess().facts == {}
    await run("shell", command="sleep 60", service="dev")  # without a sandbox it reaches anything
    looked = box.prepare("service", {"name": "dev"}).assess()
    assert (looked.category, looked.facts) == (Category.READ, {"network": True})


async def test_nothing_is_started_whose_output_may_not_be_kept(
    box: BuiltinToolbox, tmp_path: Path
) -> None:
    class Unstored(FakeContext):
        @property
        def spool(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - a narrower fake
            return None

    with pytest.raises(ToolError, match="What a service prints is kept"):
        await box.prepare("shell", {"command": "sleep 60", "service": "dev"}).run(
            Unstored(tmp_path)
        )


def test_one_that_the_next_calls_reach_has_the_network_and_is_judged_so(
    box: BuiltinToolbox,
) -> None:
    stays = {"command": "sleep 60", "service": "dev"}
    quiet = box.prepare("shell", stays).assess()
    assert quiet.category is Category.READ
    judged = box.prepare("shell", {**stays, "reachable": True}).assess()
    assert judged.category is Category.NETWORK
    assert judged.facts["hosts"] == ["localhost"]
    assert judged.facts["reachable"] is True
    assert "reachable" not in quiet.facts
    preview = box.prepare("shell", {**stays, "reachable": True}).preview()
    assert preview is not None
    assert "stays running as the service dev, with your network, until you or" in preview.note
    worse = box.prepare("shell", {**stays, "command": "frob x", "reachable": True}).assess()
    assert worse.category is Category.UNKNOWN
    with pytest.raises(ToolError, match="only a service can be reachable"):
        box.prepare("shell", {"command": "./serve", "reachable": True})


RUNNER = """
import asyncio, sys
from pathlib import Path
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext

async def main(folder):
    command = "setsid -f sh -c 'echo $$ > child; exec sleep 60'; echo $$ > own; exec sleep 60"
    call = BuiltinToolbox(folder).prepare("shell", {"command": command, "service": "dev"})
    assert (await call.run(FakeContext(folder / "spool"))).service == "dev"
    print("runs", flush=True)
    await asyncio.sleep(60)

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_nothing_of_it_is_left_when_loopdeck_itself_is_killed(ws: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUNNER, str(ws)), stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    assert await program.stdout.readline() == b"runs\n"
    program.kill()
    await gone(int((ws / "own").read_text()))
    await gone(int((ws / "child").read_text()))
    await program.wait()


async def test_in_a_sandbox_what_it_plants_is_put_aside_before_another_command_runs(
    tmp_path: Path,
) -> None:
    there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
    ws = there.workspace
    (ws / "build.sh").write_text("mkdir .husky; echo evil > .husky/pre-commit; touch done")
    before = {path.name for path in ws.iterdir()}
    box, context = BuiltinToolbox(ws, sandbox=there.sandbox), FakeContext(tmp_path / "spool")

    async def call(**args: object) -> ToolResult:
        return await box.prepare("shell", args).run(context)

    command = "touch .git/x; until [ -e go ]; do sleep .02; done; bash build.sh; sleep 60"
    try:
        begun = await call(command=command, service="dev")
        assert begun.service == "dev"
        assert ".git/x" in begun.output
        assert "Read-only file system" in begun.output
        assert "it has no network" in begun.output
        assert {path.name for path in ws.iterdir()} == before  # nothing of its walls lies there
        (ws / "go").touch()
        await until((ws / "done").exists)
        seen = await call(command="ls .husky")
        assert seen.output == "pre-commit.kept-by-loopdeck"
        assert "put aside" in box.services.named("dev").text()
    finally:
        await box.services.close()


async def test_in_a_sandbox_what_it_plants_while_another_command_runs_is_its_own_doing(
    tmp_path: Path,
) -> None:
    there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
    ws = there.workspace
    (ws / "build.sh").write_text("mkdir .husky; echo evil > .husky/pre-commit; touch done")
    box, context = BuiltinToolbox(ws, sandbox=there.sandbox), FakeContext(tmp_path / "spool")

    async def call(**args: object) -> ToolResult:
        return await box.prepare("shell", args).run(context)

    command = "until [ -e go ]; do sleep .02; done; bash build.sh; sleep 60"
    try:
        assert (await call(command=command, service="dev")).service == "dev"
        looks_on = "echo begun; until [ -e done ]; do sleep .02; done; cat .husky/pre-commit"
        assert box.prepare("shell", {"command": looks_on}).assess().category is Category.READ
        watched = asyncio.ensure_future(call(command=looks_on))
        await until(lambda: any("begun" in text for text in context.shown))
        (ws / "go").touch()
        assert (await watched).output == "begun\nevil"
        assert [path.name for path in (ws / ".husky").iterdir()] == ["pre-commit.kept-by-loopdeck"]
        named = await call(command="touch done; echo mine > .envrc")
        assert named.ok
        assert (ws / ".envrc").read_text() == "mine\n"  # its human saw that it is written
    finally:
        await box.services.close()
    assert (ws / ".envrc").exists()


async def test_in_a_sandbox_its_end_puts_nothing_aside_that_a_command_at_work_may_write(
    tmp_path: Path,
) -> None:
    there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
    ws = there.workspace
    box, context = BuiltinToolbox(ws, sandbox=there.sandbox), FakeContext(tmp_path / "spool")

    async def call(**args: object) -> ToolResult:
        return await box.prepare("shell", args).run(context)

    before = box.prepare("shell", {"command": "npm publish"}).binding()
    try:
        command = "until [ -e go ]; do sleep .02; done; touch over"
        assert (await call(command=command, service="dev")).service == "dev"
        box.services.announced("dev")
        for freer in ({"command": "make", "outside_sandbox": True}, {"command": "npm publish"}):
            preview = box.prepare("shell", freer).preview()
            assert preview is not None
            assert "; the service dev runs beside it and can change what it finds" in preview.note
        now = box.prepare("shell", {"command": "npm publish"}).binding()
        assert "dev" in str(now.pop("beside"))  # whoever said yes before is asked again
        assert now == before
        preview = box.prepare("shell", {"command": "make"}).preview()
        assert preview is not None
        assert "beside it" not in preview.note
        waits = "until [ -e over ]; do sleep .02; done; sleep .2"
        assert (await call(command=f"echo mine > .envrc; touch go; {waits}")).ok
        await until(lambda: box.services.named("dev").told)
    finally:
        await box.services.close()
    assert (ws / ".envrc").read_text() == "mine\n"
