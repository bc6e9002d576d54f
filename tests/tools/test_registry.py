"""The toolbox: what the model is told, and what happens to wrong calls."""

import json
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.registry import BuiltinToolbox

NAMES = {
    "read_file",
    "list_files",
    "search_text",
    "write_file",
    "edit_file",
    "delete_file",
    "shell",
    "service",
    "web_fetch",
    "update_plan",
    "ask_human",
}


def test_the_tools_have_their_names_and_mildest_categories(box: BuiltinToolbox) -> None:
    mildest = {spec.name: spec.mildest for spec in box.specs}
    assert set(mildest) == NAMES
    assert mildest["shell"] is Category.UNKNOWN
    assert mildest["delete_file"] is Category.DESTRUCTIVE
    assert mildest["write_file"] is mildest["edit_file"] is Category.WRITE
    assert {spec.name for spec in box.specs if spec.parallel} == {
        "read_file",
        "list_files",
        "search_text",
    }


def test_a_schema_is_clean_and_describes_every_field(box: BuiltinToolbox) -> None:
    for spec in box.specs:
        text = json.dumps(spec.schema)
        assert '"title"' not in text
        assert "$ref" not in text
        assert spec.schema["additionalProperties"] is False
        assert all("description" in field for field in spec.schema["properties"].values())
        assert spec.description


def test_an_unknown_tool_is_told_which_tools_exist(box: BuiltinToolbox) -> None:
    with pytest.raises(ToolError) as caught:
        box.prepare("read_fil", {})
    assert "Did you mean read_file?" in str(caught.value)
    assert all(name in str(caught.value) for name in NAMES)


@pytest.mark.parametrize(
    ("tool", "args", "words"),
    [
        ("read_file", {}, ["path", "required"]),
        ("read_file", {"path": "a", "lines": 3}, ["lines", "offset (optional)"]),
        ("read_file", {"path": "a", "offset": 0}, ["offset"]),
        ("read_file", {"path": 3}, ["path"]),
        ("write_file", {"path": "a", "content": "\ud800"}, ["content"]),
        ("search_text", {"pattern": "(", "path": "."}, ["pattern", "regular expression"]),
        ("shell", {"command": "  "}, ["command", "empty"]),
        ("shell", {"command": "ls\0"}, ["NUL"]),
        ("shell", {"command": "ls", "timeout": 601}, ["timeout"]),
        ("update_plan", {"items": []}, ["items"]),
        ("update_plan", {"items": [{"text": "x", "state": "late"}]}, ["items.0.state"]),
        ("edit_file", {"path": "a", "old": "", "new": "x"}, ["old"]),
    ],
)
def test_wrong_arguments_are_named_and_nothing_runs(
    box: BuiltinToolbox, ws: Path, tool: str, args: JsonObject, words: list[str]
) -> None:
    with pytest.raises(ToolError) as caught:
        box.prepare(tool, args)
    assert all(word in str(caught.value) for word in [tool, *words, "Nothing ran"])
    assert list(ws.iterdir()) == []


def test_preparing_and_judging_touch_nothing(box: BuiltinToolbox, ws: Path) -> None:
    calls: list[tuple[str, JsonObject]] = [
        ("write_file", {"path": "new/a", "content": "x"}),
        ("shell", {"command": "touch made"}),
        ("update_plan", {"items": [{"text": "x"}]}),
        ("ask_human", {"question": "?"}),
        ("list_files", {}),
    ]
    for tool, args in calls:
        action = box.prepare(tool, args)
        action.assess()
        action.preview()
        action.binding()
    assert list(ws.iterdir()) == []
