"""A read that follows a link out of the workspace is a read outside, though it names none."""

import os
import sys
from pathlib import Path

import pytest

from loopdeck.tools.registry import BuiltinToolbox


@pytest.fixture
def linked(ws: Path) -> Path:
    """A workspace with links within it and, in one folder, out of it."""
    for name in ("in", "out"):
        (ws / name).mkdir()
    (ws / "in/a.txt").write_text("a\n")
    (ws / "in/link").symlink_to("a.txt")
    (ws / "out/link").symlink_to("/etc")
    (ws / "out/x.txt").symlink_to("/etc/hostname")
    return ws


@pytest.mark.parametrize(
    "command",
    [
        "find -L . -name x",
        "find -L out",
        "find . -follow -name x",
        "grep -R x .",
        "rg -L x",
        "rg --follow x out",
        "tree -l",
        "cat out/*",
        "cat out/*.txt",
        "for f in out/*.txt; do cat $f; done",
    ],
)
def test_it_asks_where_a_link_leads_out(linked: Path, command: str) -> None:
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert action.assess().facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    ["find . -name x", "find -L in", "grep -r x .", "grep -R x in", "rg x", "cat in/*", "ls out"],
)
def test_it_does_not_where_none_is_followed_out(linked: Path, command: str) -> None:
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert not action.assess().facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    [
        "find . | xargs cat",
        "find . -name '*.txt' | xargs cat",
        "find . -type f -o -name link | xargs cat",
        "find . -print -type f | xargs cat",
        "find . -print -name '*.py' | xargs cat",
        "find . -print0 -type f | xargs -0 cat",
        "find . -type f -print -o -print | xargs cat",
        "git ls-files ':!a/*.py' | xargs cat",
        "git ls-files ':^a/*.py' | xargs cat",
        "git ls-files --exclude=a/*.py | xargs cat",
        "find . ! -type f | xargs cat",
        "find -L . -type f | xargs cat",
        "find . -type f | xargs -I{} cat {}k",
        "find . -type f -exec cat {}k \\;",
        "find . -type f | sort | sed 's/$/k/' | xargs cat",
        "ls out | xargs cat",
        "cd out && ls | xargs cat",
        "git ls-files | xargs cat",
        "grep -rl x . -R | xargs cat",
        "for d in $(find . -type d); do cat $d/link; done",
        "du -shL out/*",
        "du -sh out/*/",
        "stat -L out/*",
    ],
)
def test_a_listed_name_may_be_that_of_a_link(linked: Path, command: str) -> None:
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert action.assess().facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    [
        "find . -name '*.py' | xargs cat",
        "find . -type f | xargs wc -l",
        "find . -type f -print | sort -rn -k2,2 | head -n 5 | xargs wc -l",
        "git ls-files 'in/*.py' | xargs wc -l",
        "find . -type f -name '*.txt' -print0 | xargs -0 grep x",
        "find . -name '*.md' | while read -r f; do head -1 $f; done",
        "git ls-files '*.py' | xargs wc -l",
        "grep -rl x . | xargs wc -l",
        "find in | xargs cat",
        "du -sh out/* | sort -h",
        "stat out/*",
    ],
)
def test_what_is_no_link_or_is_not_followed_stays(linked: Path, command: str) -> None:
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert not action.assess().facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    [
        "find . -exec cat {} +",
        "find out -name 'link' -exec ls {}/ ';'",
        "find . -exec cat {} ';' -type f",
        "find -L . -type f -exec head {} ';'",
        "find . ! -type f -exec cat {} +",
        "find . -type f -exec true {} ';' -o -exec cat {} +",
        "cat */hostname",
        "for d in */; do cat $d/hostname; done",
        "for d in out/*; do ls $d; done",
        'for d in out/*/; do cat "$d"/*; done',
        "git diff --name-only HEAD~1 | xargs cat",
        "cat $(git ls-files)",
    ],
)
def test_what_is_found_and_opened_may_be_a_link_too(linked: Path, command: str) -> None:
    (linked / "deep").symlink_to("/etc")
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert action.assess().facts.get("outside_workspace")


@pytest.mark.parametrize(
    "command",
    [
        "find . -type f -exec cat {} +",
        "find . -type f -exec grep -o x {} +",
        "find . -name '*.py' -exec grep -n x {} ';'",
        "find . -exec stat {} ';'",
        "find in -exec cat {} +",
        "cat */a.txt",
    ],
)
def test_what_is_opened_and_no_link_stays(linked: Path, command: str) -> None:
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert not action.assess().facts.get("outside_workspace")


def test_a_link_to_a_secret_counts_and_one_to_an_interpreter_does_not(ws: Path) -> None:
    (ws / ".venv/bin").mkdir(parents=True)
    (ws / ".venv/bin/python3").symlink_to(os.path.realpath(sys.executable))
    (ws / "notes").mkdir()
    (ws / ".env").write_text("A=1\n")

    def leaves(command: str) -> bool:
        action = BuiltinToolbox(ws).prepare("shell", {"command": command})
        return bool(action.assess().facts.get("outside_workspace"))

    assert not leaves("git ls-files | xargs wc -l")
    assert not leaves("cat notes/*")
    (ws / "notes/readme.md").symlink_to("../.env")
    assert leaves("git ls-files | xargs wc -l")
    assert leaves("cat notes/*")


@pytest.mark.parametrize(
    "command", ['find -L "$d"', 'find "$d" -follow', 'cd "$d" && find -L "$e"']
)
def test_a_folder_that_nobody_knows_is_no_error(ws: Path, command: str) -> None:
    assert BuiltinToolbox(ws).prepare("shell", {"command": command}).assess().facts


def test_names_that_were_listed_elsewhere_may_be_those_of_links(linked: Path) -> None:
    command = "find . -type f | (cd out; xargs cat)"
    action = BuiltinToolbox(linked).prepare("shell", {"command": command})
    assert action.assess().facts.get("outside_workspace")
