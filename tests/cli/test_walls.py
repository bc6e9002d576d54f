"""What people are told of the sandbox: what holds, what does not, and what to do."""

from pathlib import Path

import pytest

from loopdeck.cli.walls import Machine, Signs, doubt, judge, look, machine
from loopdeck.tools.commands.trial import Trial
from loopdeck.tools.sandbox.backend import Backend, Sandbox

PASSED = Trial(Backend.BUBBLEWRAP, passed=True)
MISSING = Trial(Backend.BUBBLEWRAP, passed=False, says="it is not installed")
FAILED = Trial(Backend.BUBBLEWRAP, passed=False, says="setting up uid map: Permission denied")
LANDLOCK = Trial(Backend.LANDLOCK, passed=True)
NO_LANDLOCK = Trial(Backend.LANDLOCK, passed=False, says="the kernel has none")


def test_a_sandbox_that_passed_needs_nothing() -> None:
    said = judge([PASSED], Machine("Linux", ("debian",)))
    assert said.state == "ok"
    assert "bubblewrap" in said.says
    assert not said.todo


def test_the_weaker_one_is_fine_and_the_better_is_named() -> None:
    said = judge([MISSING, LANDLOCK], Machine("Linux", ("fedora",)))
    assert said.state == "ok"
    assert "landlock" in said.says
    assert "dnf install bubblewrap" in said.todo


@pytest.mark.parametrize(
    ("here", "todo"),
    [
        (Machine("Linux", ("ubuntu", "debian")), "apt install bubblewrap"),
        (Machine("Linux", ("linuxmint", "ubuntu")), "apt install bubblewrap"),
        (Machine("Linux", ("nixos",)), "Install the package bubblewrap"),
    ],
)
def test_what_is_missing_is_named_as_this_system_installs_it(here: Machine, todo: str) -> None:
    said = judge([MISSING, NO_LANDLOCK], here)
    assert said.state == "note"
    assert "the kernel has none" in said.says
    assert todo in said.todo
    assert "levels 4 and 5 stay shut" in said.todo


@pytest.mark.parametrize(
    ("here", "todo"),
    [
        (Machine("Linux", restricted=True), "AppArmor"),
        (Machine("Linux", in_container=True, restricted=True), "seccomp"),
        (Machine("Linux"), "user namespaces"),
    ],
)
def test_what_stands_in_its_way_is_named(here: Machine, todo: str) -> None:
    assert todo in judge([FAILED, NO_LANDLOCK], here).todo


def test_other_systems_have_none_yet() -> None:
    said = judge([], Machine("Darwin"))
    assert said.state == "note"
    assert "not yet on macOS" in said.says


def test_the_machine_is_read_from_its_files(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text('NAME="Pop"\nID=pop\nID_LIKE="ubuntu debian"\n')
    restricted = tmp_path / "restricted"
    restricted.write_text("1\n")
    signs = Signs(release, (tmp_path / "container",), restricted)
    here = machine("Linux", signs)
    assert here == Machine("Linux", ("pop", "ubuntu", "debian"), restricted=True)
    (tmp_path / "container").touch()
    assert machine("Linux", signs) == here._replace(in_container=True)


async def test_the_sandboxes_are_really_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await look(tmp_path, (), "Linux")
    assert found.state in ("ok", "note")
    monkeypatch.setattr("loopdeck.tools.commands.probe.SYSTEM_PATH", str(tmp_path))
    without = await look(tmp_path, (), "Linux")
    assert "bubblewrap" in without.todo


async def test_a_high_level_is_doubted_until_a_sandbox_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = [MISSING, LANDLOCK]

    async def tries(sandbox: Sandbox) -> Trial:
        return outcome[0] if sandbox.backend is Backend.BUBBLEWRAP else outcome[1]

    monkeypatch.setattr("loopdeck.tools.commands.probe.attempt", tries)
    memory = tmp_path / "state" / "sandbox.json"
    assert "no run has tried one here yet" in doubt(4, tmp_path, (), memory)[0]
    assert not memory.exists()
    await look(tmp_path, (), "Linux", memory)
    assert doubt(4, tmp_path, (), memory) == ("", "")
    outcome[1] = NO_LANDLOCK
    await look(tmp_path, (), "Linux", memory)
    assert "none holds here" in doubt(5, tmp_path, (), memory)[0]
