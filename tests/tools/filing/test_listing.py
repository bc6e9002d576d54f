"""`list_files`: order, depth, ignored files, links."""

import shutil
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.tools.conftest import Run


def plant(ws: Path, *paths: str) -> None:
    for path in paths:
        (ws / path).parent.mkdir(parents=True, exist_ok=True)
        (ws / path).write_text("x\n")


async def test_entries_come_in_order_with_folders_marked(ws: Path, run: Run) -> None:
    plant(ws, "b.txt", "a/z.txt", "a/y/x.txt", ".git/config")
    assert (await run("list_files")).output.split("\n") == [
        "a/",
        "a/y/",
        "a/y/x.txt",
        "a/z.txt",
        "b.txt",
        "[5 entries]",
    ]


async def test_depth_limits_how_far_it_goes(ws: Path, run: Run) -> None:
    plant(ws, "a/b/c.txt")
    assert (await run("list_files", depth=1)).output == "a/\n[1 entry]"
    assert "a/b/c.txt" in (await run("list_files", depth=3)).output


async def test_ignored_files_are_left_out_at_every_level(ws: Path, run: Run) -> None:
    plant(ws, "a.log", "keep.txt", "build/x", "sub/b.log", "sub/special.log", "sub/only", "only")
    (ws / ".gitignore").write_text("*.log\nbuild/\n")
    (ws / "sub" / ".gitignore").write_text("!special.log\n/only\n")
    lines = (await run("list_files")).output.split("\n")
    expected = [".gitignore", "keep.txt", "only", "sub/", "sub/.gitignore", "sub/special.log"]
    assert lines[:-1] == expected
    inner = (await run("list_files", path="sub")).output.split("\n")
    assert inner[:-1] == ["sub/.gitignore", "sub/special.log"]


async def test_links_are_shown_and_not_followed(ws: Path, run: Run) -> None:
    plant(ws.parent, "elsewhere/file")
    (ws / "out").symlink_to("../elsewhere")
    assert (await run("list_files")).output == "out -> ../elsewhere\n[1 entry]"


async def test_hidden_paths_are_left_out_of_lists_and_searches(
    ws: Path, context: FakeContext
) -> None:
    plant(ws, "secrets/a.txt", "open.txt")
    box = BuiltinToolbox(ws, hidden=lambda path: path.startswith("secrets"))
    listed = await box.prepare("list_files", {}).run(context)
    found = await box.prepare("search_text", {"pattern": "x"}).run(context)
    assert listed.output == "open.txt\n[1 entry]"
    assert found.output == "open.txt:1: x"


async def test_a_long_list_is_cut_and_says_so(ws: Path, run: Run) -> None:
    for number in range(1_005):
        (ws / f"{number:04}").touch()
    lines = (await run("list_files")).output.split("\n")
    assert len(lines) == 1_001
    assert "more than 1,000" in lines[-1]


async def test_an_empty_folder_says_so_and_a_file_is_no_folder(ws: Path, run: Run) -> None:
    assert "nothing to list" in (await run("list_files")).output
    plant(ws, "a.txt")
    with pytest.raises(ToolError, match="is a file, not a folder"):
        await run("list_files", path="a.txt")
    with pytest.raises(ToolError, match="There is no"):
        await run("list_files", path="nope")


async def test_where_the_workspace_is_gone_that_is_said_and_nothing_of_what_lies_beside_it(
    ws: Path, run: Run
) -> None:
    (ws.parent / f"{ws.name}-secret-plans").mkdir()
    shutil.rmtree(ws)
    for tool, args in (
        ("list_files", {}),
        ("read_file", {"path": "a.txt"}),
        ("search_text", {"pattern": "x"}),
        ("shell", {"command": "pwd"}),
    ):
        with pytest.raises(ToolError, match="tell your human") as told:
            await run(tool, **args)
        assert "plans" not in str(told.value)
