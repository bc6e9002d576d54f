"""A link that flips between a folder inside and one outside while files are written and deleted."""

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext

ROUNDS = 300


@contextmanager
def flipping(ws: Path, inside: Path, outside: Path) -> Generator[threading.Event]:
    """Swap `ws/door` between a folder and a link to another, as fast as it goes."""
    stop, flipped = threading.Event(), threading.Event()
    door, link = ws / "door", ws / "swap"

    def flip() -> None:
        while not stop.is_set():
            for target in (outside, inside):
                with suppress(OSError):
                    link.symlink_to(target)
                    link.replace(door)
                    flipped.set()

    thread = threading.Thread(target=flip)
    thread.start()
    try:
        assert flipped.wait(10)
        yield flipped
    finally:
        stop.set()
        thread.join(10)


async def test_nothing_outside_is_ever_written_or_deleted(ws: Path, context: FakeContext) -> None:
    inside, outside = ws / "room", ws.parent / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "precious").write_text("untouched")
    box = BuiltinToolbox(ws)
    written = refused = 0
    with flipping(ws, inside, outside):
        for number in range(ROUNDS):
            args = {"path": "door/precious", "content": f"{number}\n"}
            for tool, given in [("write_file", args), ("delete_file", {"path": "door/precious"})]:
                try:
                    action = box.prepare(tool, given)
                    action.binding()
                    await action.run(context)
                    written += 1
                except ToolError:
                    refused += 1
            assert [path.name for path in outside.iterdir()] == ["precious"]
            assert (outside / "precious").read_text() == "untouched"
    assert written > 0
    assert refused > 0


async def test_a_folder_that_becomes_a_link_after_the_look_is_not_entered(
    ws: Path, context: FakeContext
) -> None:
    outside = ws.parent / "outside"
    outside.mkdir()
    (outside / "f").write_text("untouched")
    (ws / "door").mkdir()
    (ws / "door/f").write_text("mine")
    box = BuiltinToolbox(ws)
    for tool, args in [
        ("write_file", {"path": "door/f", "content": "x"}),
        ("edit_file", {"path": "door/f", "old": "untouched", "new": "x"}),
        ("delete_file", {"path": "door/f"}),
    ]:
        action = box.prepare(tool, args)
        action.binding()
        (ws / "door").rename(ws / "away")
        (ws / "door").symlink_to(outside)
        with suppress(ToolError):
            await action.run(context)
        assert (outside / "f").read_text() == "untouched"
        (ws / "door").unlink()
        (ws / "away").rename(ws / "door")


@pytest.mark.parametrize(
    ("tool", "args"),
    [
        ("read_file", {"path": "door/f"}),
        ("list_files", {"path": "door"}),
        ("search_text", {"pattern": "secret", "path": "door"}),
        ("search_text", {"pattern": "secret", "path": "door/f"}),
    ],
)
async def test_a_read_goes_where_it_was_judged_to_lead(
    tool: str, args: JsonObject, ws: Path, context: FakeContext
) -> None:
    outside = ws.parent / "outside"
    outside.mkdir()
    (outside / "f").write_text("secret")
    (ws / "door").mkdir()
    (ws / "door/f").write_text("mine")
    action = BuiltinToolbox(ws).prepare(tool, args)
    assert "outside_workspace" not in action.assess().facts
    (ws / "door").rename(ws / "away")
    (ws / "door").symlink_to(outside)
    with pytest.raises(ToolError, match="since it was judged"):
        await action.run(context)


async def test_a_file_that_becomes_a_link_after_the_look_is_not_read(
    ws: Path, context: FakeContext
) -> None:
    (ws.parent / ".env").write_text("KEY=secret")
    (ws / "f").write_text("mine")
    action = BuiltinToolbox(ws).prepare("read_file", {"path": "f"})
    assert "sensitive" not in action.assess().facts
    (ws / "f").unlink()
    (ws / "f").symlink_to(ws.parent / ".env")
    with pytest.raises(ToolError, match="since it was judged"):
        await action.run(context)
