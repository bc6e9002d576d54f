"""Every read at a path is judged, shown and bound alike, and goes where it was judged to go."""

from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext

READS: list[tuple[str, JsonObject]] = [
    ("read_file", {}),
    ("list_files", {}),
    ("search_text", {"pattern": "words"}),
]


@pytest.mark.parametrize(("tool", "args"), READS)
async def test_a_read_keeps_to_the_place_that_it_was_judged_by(
    tool: str, args: JsonObject, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("there")
    action = BuiltinToolbox(tmp_path).prepare(tool, {**args, "path": "link"})
    assert action.assess().category is Category.READ
    assert action.binding() == {"path": str(tmp_path.resolve() / "there")}
    shown = action.preview()
    assert shown is not None
    assert (tool == "search_text") == shown.title.startswith("search in")
    assert shown.text == ("words" if tool == "search_text" else str(tmp_path.resolve() / "there"))
    (tmp_path / "there").rmdir()
    (tmp_path / "there").symlink_to("elsewhere")
    with pytest.raises(ToolError, match="has become a link"):
        await action.run(FakeContext(tmp_path))
