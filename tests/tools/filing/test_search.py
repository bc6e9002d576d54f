"""`search_text`: matches, what is left out, and patterns that never end."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.filing.search import SearchText, SearchTextArgs
from tests.support.tools import FakeContext
from tests.tools.conftest import Run


async def test_matches_have_file_line_and_text(ws: Path, run: Run) -> None:
    (ws / "b.py").write_text("x = 1\ndef main():\n")
    (ws / "a.py").write_text("def helper():\n")
    result = await run("search_text", pattern=r"^def \w+")
    assert result.output == "a.py:1: def helper():\nb.py:2: def main():"


async def test_a_glob_and_a_path_narrow_it(ws: Path, run: Run) -> None:
    (ws / "docs").mkdir()
    for name in ("a.py", "a.md", "docs/b.md"):
        (ws / name).write_text("word\n")
    assert (await run("search_text", pattern="word", glob="*.py")).output == "a.py:1: word"
    assert (await run("search_text", pattern="word", glob="docs/*.md")).output == (
        "docs/b.md:1: word"
    )
    assert (await run("search_text", pattern="word", path="docs")).output == "docs/b.md:1: word"
    assert (await run("search_text", pattern="word", path="a.md")).output == "a.md:1: word"


async def test_ignored_binary_and_linked_files_are_skipped(ws: Path, run: Run) -> None:
    (ws / ".gitignore").write_text("*.log\n")
    (ws / "a.log").write_text("word\n")
    (ws / "a.bin").write_bytes(b"word\0\n")
    (ws.parent / "out").write_text("word\n")
    (ws / "link").symlink_to("../out")
    assert (await run("search_text", pattern="word")).output == "[no match in 2 files]"


async def test_secrets_are_left_out_unless_named(ws: Path, run: Run) -> None:
    (ws / ".env").write_text("word=1\n")
    (ws / "other-name.txt").hardlink_to(ws / ".env")
    found = await run("search_text", pattern="word")
    assert "2 files that may hold secrets left out" in found.output
    assert (await run("search_text", pattern="word", path=".env")).output == ".env:1: word=1"


async def test_many_matches_are_cut_and_say_so(ws: Path, run: Run) -> None:
    (ws / "a").write_text("word\n" * 500)
    lines = (await run("search_text", pattern="word")).output.split("\n")
    assert len(lines) == 201
    assert "more than 200 matches" in lines[-1]


async def test_a_long_line_is_shown_around_its_match(ws: Path, run: Run) -> None:
    (ws / "a").write_text("x" * 1_000 + "needle" + "y" * 10_000)
    output = (await run("search_text", pattern="needle")).output
    assert "needle" in output
    assert len(output) < 400


async def test_a_pattern_that_never_ends_is_stopped(ws: Path, context: FakeContext) -> None:
    (ws / "a").write_text("good\n")
    (ws / "b").write_text("a" * 60 + "!\n")
    args = SearchTextArgs(pattern="good|(a+)+$")
    search = SearchText(args, Workspace(ws.resolve()), time_limit=0.5)
    result = await search.run(context)
    assert not result.ok
    assert result.output == "a:1: good\n[stopped after 0.5 s: make the pattern simpler]"


async def test_a_search_can_be_cancelled(ws: Path, context: FakeContext) -> None:
    (ws / "b").write_text("a" * 60 + "!\n")
    search = SearchText(SearchTextArgs(pattern="(a+)+$"), Workspace(ws.resolve()))
    task = asyncio.create_task(search.run(context))
    done, _ = await asyncio.wait({task}, timeout=0.2)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def test_a_missing_place_is_a_sentence(run: Run) -> None:
    with pytest.raises(ToolError, match="There is no nope"):
        await run("search_text", pattern="x", path="nope")


def test_a_search_that_nobody_wants_any_more_ends_by_itself(ws: Path) -> None:
    (ws / "text").write_text("a" * 40 + "b\n")
    order = {"base": str(ws), "pattern": "(a+)+$", "files": [["text"]], "limit": 9, "seconds": 1}
    words = "import loopdeck.tools.filing.search_worker as w; w.main()"
    done = subprocess.run(
        (sys.executable, "-c", words), input=json.dumps(order), text=True, check=False, timeout=30
    )
    assert done.returncode in (-signal.SIGKILL, -signal.SIGXCPU)
