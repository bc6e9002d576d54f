"""A read that follows a link out of the workspace is a read outside, though it names none."""

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
