"""What a command is bound to: each thing that decides its effect changes its binding."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.ports import Action
from loopdeck.tools.registry import BuiltinToolbox

Change = Callable[[Path], object]


def prepared(ws: Path, command: str, **environ: str) -> Action:
    """A command in a workspace whose tools are its own."""
    env = {"PATH": f"{ws.parent / 'bin'}:{os.environ['PATH']}", "LANG": "C", **environ}
    return BuiltinToolbox(ws, environ=env).prepare("shell", {"command": command})


@pytest.fixture
def place(ws: Path) -> Path:
    """A workspace with scripts, and a program in a folder of the search path."""
    tools = ws.parent / "bin"
    tools.mkdir()
    (tools / "frob").write_text("#!/bin/sh\necho frob\n")
    (tools / "frob").chmod(0o755)
    for name in ("run.sh", "x.py"):
        (ws / name).write_text("# what was shown\n")
        (ws / name).chmod(0o755)
    (ws / "a").mkdir()
    (ws / "b").mkdir()
    (ws / "link").symlink_to("a")
    (ws / "data").write_text("data")
    return ws


def relink(ws: Path) -> None:
    """Let the link lead elsewhere."""
    (ws / "link").unlink()
    (ws / "link").symlink_to("b")


CHANGES: dict[str, tuple[str, Change]] = {
    "script of bash": ("bash run.sh", lambda ws: (ws / "run.sh").write_text("evil")),
    "script by its path": ("./run.sh", lambda ws: (ws / "run.sh").write_text("evil")),
    "script of python": ("python3 x.py", lambda ws: (ws / "x.py").write_text("evil")),
    "script in a list": ("ls && python3 x.py", lambda ws: (ws / "x.py").write_text("evil")),
    "missing script": ("bash new.sh", lambda ws: (ws / "new.sh").write_text("evil")),
    "program": ("frob", lambda ws: (ws.parent / "bin/frob").write_text("#!/bin/sh\nevil\n")),
    "program's place": (
        "frob",
        lambda ws: (ws.parent / "bin/frob").rename(ws.parent / "frob"),
    ),
    "link to write through": ("echo x > link/f", relink),
    "link to delete through": ("rm -r link/f", relink),
}


@pytest.mark.parametrize(("command", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_what_decides_the_effect_is_in_the_binding(
    place: Path, command: str, change: Change
) -> None:
    action = prepared(place, command)
    before = action.binding()
    assert action.binding() == before
    change(place)
    assert action.binding() != before


def test_a_file_that_a_plain_read_shows_is_not_bound(place: Path) -> None:
    action = prepared(place, "cat data")
    before = action.binding()
    (place / "data").write_text("more data")
    assert action.binding() == before


def test_variables_that_steer_programs_are_bound_without_their_values(place: Path) -> None:
    one = prepared(place, "make", MAKEFLAGS="-n", TERM_ID="1").binding()
    two = prepared(place, "make", MAKEFLAGS="-k", TERM_ID="1").binding()
    three = prepared(place, "make", MAKEFLAGS="-n", TERM_ID="2").binding()
    assert one["environment"] != two["environment"]
    assert one == three
    assert "-n" not in str(one["environment"])


@pytest.mark.parametrize("command", ["cat 'a\x01b'", "bash " + "x" * 5_000, "./" + "y/" * 2_500])
def test_odd_names_are_bound_without_a_fault(place: Path, command: str) -> None:
    assert prepared(place, command).binding()["cwd"] == str(place)
