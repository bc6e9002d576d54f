"""The sandbox is tried for real once per boot, and the result is kept privately."""

import json
from pathlib import Path

import pytest

from loopdeck.tools.commands import probe as probing
from loopdeck.tools.commands.probe import BOOT_ID, Probe, probe
from loopdeck.tools.commands.trial import Trial, attempt
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.seccomp import assemble
from tests.support.sandboxes import trial_of


class Tries:
    """Stands for the test of a backend, and counts."""

    def __init__(self, *holding: Backend) -> None:
        self.holding = holding
        self.made: list[Backend] = []

    async def __call__(self, sandbox: Sandbox) -> Trial:
        self.made.append(sandbox.backend)
        passed = sandbox.backend in self.holding
        return Trial(sandbox.backend, passed=passed, says="" if passed else "it leaks")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which both backends are there."""
    monkeypatch.setattr("sys.platform", "linux")

    def there(_name: str, path: str) -> str:
        return probing.__file__ if path else ""

    monkeypatch.setattr(probing.shutil, "which", there)


async def look(
    tmp_path: Path, tries: Tries, monkeypatch: pytest.MonkeyPatch, boot_id: Path = BOOT_ID
) -> Probe:
    monkeypatch.setattr(probing, "attempt", tries)
    return await probe(tmp_path, (), memory=tmp_path / "state/sandbox.json", boot_id=boot_id)


@pytest.mark.usefixtures("installed")
async def test_the_best_that_holds_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await look(tmp_path, Tries(Backend.BUBBLEWRAP, Backend.LANDLOCK), monkeypatch)
    assert found.sandbox is not None
    assert found.sandbox.backend is Backend.BUBBLEWRAP


@pytest.mark.usefixtures("installed")
async def test_the_next_is_taken_where_the_best_fails_and_all_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await look(tmp_path, Tries(Backend.LANDLOCK), monkeypatch)
    assert found.sandbox is not None
    assert found.sandbox.backend is Backend.LANDLOCK
    assert [trial.says for trial in found.trials] == ["it leaks", ""]


@pytest.mark.usefixtures("installed")
async def test_where_nothing_holds_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await look(tmp_path, Tries(), monkeypatch)
    assert found.sandbox is None
    assert len(found.trials) == 2


@pytest.mark.usefixtures("installed")
async def test_a_result_is_remembered_until_the_next_boot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boot = tmp_path / "boot_id"
    boot.write_text("one\n")
    tries = Tries(Backend.LANDLOCK)
    first = await look(tmp_path, tries, monkeypatch, boot)
    assert await look(tmp_path, tries, monkeypatch, boot) == first
    assert len(tries.made) == 2
    memory = tmp_path / "state/sandbox.json"
    assert memory.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in memory.parent.iterdir()] == ["sandbox.json"]
    boot.write_text("two\n")
    await look(tmp_path, tries, monkeypatch, boot)
    assert len(tries.made) == 4


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("damage", ["text", "mode", "link", "shape", "folder"])
async def test_a_memory_that_is_not_ours_or_broken_is_not_believed(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await look(tmp_path, Tries(Backend.BUBBLEWRAP), monkeypatch)
    memory = tmp_path / "state/sandbox.json"
    match damage:
        case "text":
            memory.write_text("{")
        case "mode":
            memory.chmod(0o666)
        case "shape":
            memory.write_text(json.dumps({**json.loads(memory.read_text()), "trials": [3]}))
        case "link":
            memory.rename(tmp_path / "elsewhere")
            memory.symlink_to(tmp_path / "elsewhere")
        case _:
            memory.unlink()
            memory.mkdir()
    tries = Tries()
    assert (await look(tmp_path, tries, monkeypatch)).sandbox is None
    assert tries.made


async def test_another_system_has_none_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert await look(tmp_path, Tries(*Backend), monkeypatch) == Probe(None, ())


async def test_what_is_not_installed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "SYSTEM_PATH", str(tmp_path))
    found = await look(tmp_path, Tries(Backend.LANDLOCK), monkeypatch)
    assert found.trials[0] == Trial(Backend.BUBBLEWRAP, passed=False, says="it is not installed")


async def test_a_sandbox_that_lets_everything_through_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_door(_profile: object, argv: tuple[str, ...], **_: object) -> tuple[str, ...]:
        return argv

    monkeypatch.setattr("loopdeck.tools.sandbox.bubblewrap.wrap", open_door)
    trial = await attempt(Sandbox(Backend.BUBBLEWRAP, tmp_path, (), "bwrap"))
    assert not trial.passed
    assert trial.says == "a command could write outside the workspace"


async def test_a_sandbox_that_leaves_other_sockets_open_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (await trial_of(Backend.LANDLOCK, tmp_path)).passed:
        pytest.skip("landlock does not hold on this machine")
    with_sockets = assemble()

    def leaky(**_: object) -> bytes:
        return with_sockets

    monkeypatch.setattr("loopdeck.tools.sandbox.seccomp.assemble", leaky)
    trial = await attempt(Sandbox(Backend.LANDLOCK, tmp_path))
    assert trial.says == "a command could reach the network by UDP"


async def test_landlock_does_not_hold_where_no_filter_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    assemble.cache_clear()
    trial = await attempt(Sandbox(Backend.LANDLOCK, tmp_path))
    assemble.cache_clear()
    assert not trial.passed
    assert "no filter is known" in trial.says


async def test_a_sandbox_that_cannot_start_does_not_pass(tmp_path: Path) -> None:
    trial = await attempt(Sandbox(Backend.BUBBLEWRAP, tmp_path, (), "/nowhere/bwrap"))
    assert not trial.passed
    assert "could not be started" in trial.says


async def test_the_trial_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    await trial_of(Backend.BUBBLEWRAP, tmp_path)
    await attempt(Sandbox(Backend.LANDLOCK, tmp_path))
    assert list(tmp_path.iterdir()) == []
