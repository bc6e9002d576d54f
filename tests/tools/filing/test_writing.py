"""`write_file` and `edit_file`: content, modes, diffs, bindings."""

import os
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.tools.conftest import Run


async def test_a_new_file_is_written_with_its_folders(ws: Path, run: Run) -> None:
    result = await run("write_file", path="drafts/a.md", content="one\ntwo\n")
    assert (ws / "drafts/a.md").read_text() == "one\ntwo\n"
    assert result.output == "Wrote drafts/a.md: new file, 2 lines, 8 bytes."
    assert result.files == ("drafts/a.md",)
    assert result.diff == "--- /dev/null\n+++ b/drafts/a.md\n@@ -0,0 +1,2 @@\n+one\n+two\n"
    assert sorted(os.listdir(ws / "drafts")) == ["a.md"]  # noqa: PTH208 - hidden ones too


async def test_a_new_file_has_the_mode_of_the_umask(ws: Path, run: Run) -> None:
    old = os.umask(0o027)
    try:
        await run("write_file", path="a", content="x")
    finally:
        os.umask(old)
    assert (ws / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o444])
async def test_a_replaced_file_keeps_its_mode(ws: Path, run: Run, mode: int) -> None:
    (ws / "a").write_text("old")
    (ws / "a").chmod(mode)
    await run("write_file", path="a", content="new")
    assert (ws / "a").stat().st_mode & 0o777 == mode
    assert (ws / "a").read_text() == "new"


async def test_a_failed_write_leaves_the_old_file_and_no_other(ws: Path, run: Run) -> None:
    (ws / "a").mkdir()
    with pytest.raises(ToolError, match="folder"):
        await run("write_file", path="a", content="x")
    assert [path.name for path in ws.iterdir()] == ["a"]


async def test_the_same_content_is_not_written_again(ws: Path, run: Run) -> None:
    (ws / "a").write_text("x")
    before = (ws / "a").stat().st_ino
    assert "already" in (await run("write_file", path="a", content="x")).output
    assert (ws / "a").stat().st_ino == before


async def test_an_edit_replaces_the_one_place(ws: Path, run: Run) -> None:
    (ws / "a").write_text("1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    result = await run("edit_file", path="a", old="5\n", new="five\n")
    assert (ws / "a").read_text() == "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"
    assert result.diff == ("--- a/a\n+++ b/a\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n")


async def test_what_is_replaced_is_said_of_an_edit_and_of_a_whole_file(ws: Path) -> None:
    (ws / "a").write_text("1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    box = BuiltinToolbox(ws)
    edit = box.prepare("edit_file", {"path": "a", "old": "5\n", "new": "five\n"})
    whole = box.prepare("write_file", {"path": "a", "content": "x"})
    new = box.prepare("write_file", {"path": "b", "content": "x"})
    notes = [told.note for call in (edit, whole, new) if (told := call.preview())]
    assert notes == [
        "replaces 2 bytes of 18 bytes",
        "replaces the whole file of 18 bytes",
        "new file",
    ]


@pytest.mark.parametrize(
    ("content", "old", "words"),
    [
        ("a\nb\na\n", "a\n", ["2 times", "lines 1, 3"]),
        ("aaa", "aa", ["2 times"]),
        ("def main():\n", "def mian():", ["Nearest is line 1", "def main():"]),
        ("    x = 1\n    y = 2\n", "x = 1\ny = 2", ["but for spaces", "Line 1"]),
        ("a\r\nb\r\n", "a\nb\n", [r"\r\n"]),
        ("hello\n", "zzzzzz", ["Read the file again"]),
        ("same", "new text", ["the same"]),
    ],
)
async def test_an_edit_that_does_not_fit_says_why(
    ws: Path, run: Run, content: str, old: str, words: list[str]
) -> None:
    (ws / "a").write_bytes(content.encode())
    with pytest.raises(ToolError) as caught:
        await run("edit_file", path="a", old=old, new="new text")
    assert all(word in str(caught.value) for word in words)
    assert (ws / "a").read_bytes() == content.encode()


async def test_what_is_no_text_is_not_edited(ws: Path, run: Run) -> None:
    for content, word in [(b"\0abc", "binary"), (b"caf\xe9", "UTF-8")]:
        (ws / "a").write_bytes(content)
        with pytest.raises(ToolError, match=word):
            await run("edit_file", path="a", old="a", new="b")
        assert (ws / "a").read_bytes() == content


async def test_an_edit_of_a_missing_file_names_the_other_tool(run: Run) -> None:
    with pytest.raises(ToolError, match="write_file"):
        await run("edit_file", path="a", old="x", new="y")


def test_the_preview_shows_all_that_would_be_written(ws: Path, box: BuiltinToolbox) -> None:
    content = "".join(f"line {n}\n" for n in range(3_000))
    preview = box.prepare("write_file", {"path": "a", "content": content}).preview()
    assert preview is not None
    assert preview.kind == "diff"
    assert all(f"+line {n}\n" in preview.text for n in (0, 1_500, 2_999))
    assert list(ws.iterdir()) == []


def test_old_content_that_cannot_be_shown_is_named(ws: Path, box: BuiltinToolbox) -> None:
    (ws / "a").write_bytes(b"\0" * 500)
    action = box.prepare("write_file", {"path": "a", "content": "x\n"})
    preview = action.preview()
    assert preview is not None
    assert "-[binary content of 500 bytes]\n" in preview.text
    assert "+x\n" in preview.text
    assert action.assess().facts["undoable"] is False


def test_a_write_of_text_can_be_undone(ws: Path, box: BuiltinToolbox) -> None:
    (ws / "a").write_text("old")
    assessment = box.prepare("write_file", {"path": "a", "content": "x"}).assess()
    assert assessment.category is Category.WRITE
    assert assessment.facts["undoable"] is True
    assert assessment.facts["changes"] == ["a"]


def test_the_preview_of_an_edit_that_cannot_be_made_says_so(ws: Path, box: BuiltinToolbox) -> None:
    (ws / "a").write_text("x")
    preview = box.prepare("edit_file", {"path": "a", "old": "y", "new": "z"}).preview()
    assert preview is not None
    assert "does not occur" in preview.text


def test_the_binding_follows_the_file_and_where_the_path_leads(
    ws: Path, box: BuiltinToolbox
) -> None:
    action = box.prepare("write_file", {"path": "a", "content": "x"})
    absent = action.binding()
    assert absent["base"] == "absent"
    (ws / "a").write_text("one")
    one = action.binding()
    (ws / "a").write_text("two")
    assert len({str(binding) for binding in (absent, one, action.binding())}) == 3
    (ws / "b").write_text("two")
    (ws / "a").unlink()
    (ws / "a").symlink_to("b")
    assert action.binding()["path"].endswith("/b")


async def test_a_file_that_changed_since_it_was_looked_at_is_not_touched(
    ws: Path, box: BuiltinToolbox, context: FakeContext
) -> None:
    (ws / "a").write_text("old")
    for tool, args in [
        ("write_file", {"path": "a", "content": "x"}),
        ("edit_file", {"path": "a", "old": "new", "new": "x"}),
        ("delete_file", {"path": "a"}),
    ]:
        action = box.prepare(tool, dict(args))
        (ws / "a").write_text("old")
        action.binding()
        (ws / "a").write_text("new")
        with pytest.raises(ToolError, match="changed since"):
            await action.run(context)
        assert (ws / "a").read_text() == "new"
