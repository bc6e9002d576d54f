"""What people type all the time and nobody wants to be asked about; what only looks like it."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

PLACE = Place(workspace="/ws", home="/home/me", there=lambda path: False)


@pytest.mark.parametrize(
    "command",
    [
        "git --help",
        "git help commit",
        "git commit --help",
        "npm --help",
        "npm install --help",
        "cargo build --help",
        "go help build",
        "man ls",
        "umask",
        "ulimit -a",
        "ulimit -n 4096",
        "yes | head",
        "who",
        "zgrep x a.gz",
        "stty size",
        "bat --version",
        "cat /etc/os-release",
        "grep MemTotal /proc/meminfo",
    ],
)
def test_an_ordinary_question_is_a_read(command: str) -> None:
    said = classify(command, PLACE)
    assert said.category is Category.READ
    assert not said.facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    ["touch z && rm z", "mkdir d && rmdir d", "mkdir -p d && touch d/x; rm d/x", "umask 022"],
)
def test_what_the_command_made_itself_may_go(command: str) -> None:
    assert classify(command, PLACE).category is Category.WRITE


def test_a_variable_of_the_project_is_no_reason_to_ask_in_a_sandbox() -> None:
    assert classify("export FOO=1; echo $FOO", PLACE).category is Category.WRITE


@pytest.mark.parametrize(
    "command",
    [
        "man -P evil ls",
        "man ./page.1",
        "git help --web=x",
        "git help ../x",
        "stty -echo",
        "umask -p x",
        "ulimit $x",
        "yes --x",
        "mkdir d && mv notes.md d && rm -r d",
        "touch z && mv notes.md z && rm z",
    ],
)
def test_what_only_looks_ordinary_is_not_run_unasked(command: str) -> None:
    assert classify(command, PLACE).category in (Category.UNKNOWN, Category.DESTRUCTIVE)


@pytest.mark.parametrize("command", ["cp a /etc/os-release", "cat /etc/passwd", "ls .."])
def test_outside_the_workspace_stays_outside(command: str) -> None:
    assert classify(command, PLACE).facts.get("outside_workspace")
