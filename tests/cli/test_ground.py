"""The system and what holds it is nobody's project; a project below a shared folder is."""

from pathlib import Path

import pytest

from loopdeck.cli.ground import HOME, refuse_system
from loopdeck.errors import WorkspaceError
from tests.support.program import Program

ANN = Path("/home/ann")


SYSTEM = (
    "/ /etc /etc/nginx /usr /usr/local /usr/lib/python3 /var /opt /bin /boot /dev /proc/1 /sys "
    "/home /srv /run /var/lib /dev/shm"
)
PROJECTS = (
    "/home/ann /home/ann/app /opt/app /var/www /var/www/html /srv/app /usr/local/src/app "
    "/usr/src/app /var/lib/ci/job /tmp /tmp/x /dev/shm/x /data /optional /etcetera"
)


@pytest.mark.parametrize("folder", SYSTEM.split())
def test_the_system_is_no_workspace(folder: str) -> None:
    with pytest.raises(WorkspaceError, match="cannot be a workspace") as raised:
        refuse_system(Path(folder), ANN)
    assert "--workspace" in raised.value.hint


def test_what_holds_the_home_is_no_workspace() -> None:
    with pytest.raises(WorkspaceError, match="holds your home folder"):
        refuse_system(Path("/data/people"), Path("/data/people/ann"))
    for folder in ("/", "/etc"):  # as where a container gives its user no home
        with pytest.raises(WorkspaceError):
            refuse_system(Path(folder), Path("/"))


@pytest.mark.parametrize("folder", PROJECTS.split())
def test_a_project_below_a_shared_folder_is_one(folder: str) -> None:
    refuse_system(Path(folder), ANN)


def test_every_way_to_name_a_workspace_refuses_the_system(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = "sed -i s/a/b/ /etc/passwd"
    monkeypatch.chdir("/")
    for words in (
        ("policy", "check", "--level", "4", write),
        ("policy", "check", "--workspace", "/etc", "ls"),
        ("run", "--headless", "--model", "scripted:bugfix", "Mend it."),
    ):
        ran = program(*words)
        assert ran.code == 2
        assert "cannot be a workspace" in ran.err


def test_a_demo_makes_no_folder_in_the_system(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/etc")
    ran = program("demo", "bugfix", "--headless")
    assert (ran.code, "cannot be a workspace" in ran.err) == (2, True)


def test_a_whole_home_is_warned_of_and_lets_no_write_run_unasked(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(program.workspace))
    check = ("policy", "check", "--workspace", str(program.workspace), "--json")
    ran = program(*check, "--level", "4", "touch .profile.new")
    assert HOME in ran.err
    assert ran.lines[0]["verdict"] == "ask"
    assert program(*check, "--level", "5", "touch notes").lines[0]["verdict"] == "park"
    assert program(*check, "--level", "4", "ls").lines[0]["verdict"] == "allow"
