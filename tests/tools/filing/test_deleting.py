"""`delete_file`: one regular file, and what is shown before."""

from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox
from tests.tools.conftest import Run


async def test_the_file_is_gone_and_its_content_is_in_the_result(ws: Path, run: Run) -> None:
    (ws / "a").write_text("one\ntwo\n")
    result = await run("delete_file", path="a")
    assert not (ws / "a").exists()
    assert result.output == "Deleted a (8 bytes)."
    assert result.diff == "--- a/a\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n"


def test_it_is_destructive_and_says_what_would_be_lost(ws: Path, box: BuiltinToolbox) -> None:
    (ws / "a").write_text("".join(f"line {n}\n" for n in range(1, 31)))
    action = box.prepare("delete_file", {"path": "a"})
    assessment = action.assess()
    assert assessment.category is Category.DESTRUCTIVE
    assert assessment.facts["undoable"] is False
    preview = action.preview()
    assert preview is not None
    assert preview.note == "231 bytes, 30 lines would be lost"
    assert preview.text.startswith("line 1\n")
    assert preview.text.endswith("line 20\n[10 more lines]")


async def test_a_missing_file_is_a_sentence(run: Run) -> None:
    with pytest.raises(ToolError, match="nothing was deleted"):
        await run("delete_file", path="a")


async def test_the_workspace_itself_is_not_a_file(run: Run) -> None:
    for path in (".", "./", "a/.."):
        with pytest.raises(ToolError):
            await run("delete_file", path=path)
