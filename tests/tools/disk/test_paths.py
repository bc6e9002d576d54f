"""Paths cannot leave the workspace, whatever the spelling, and nothing odd is opened."""

import os
import socket
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.ports import ToolResult
from loopdeck.session.values import JsonObject
from loopdeck.tools.disk.beneath import NotAFile, open_file
from loopdeck.tools.disk.files import look, remove, replace
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.registry import BuiltinToolbox
from tests.tools.conftest import Run

ESCAPES = ["../out.txt", "a/../../out.txt", "link/out.txt", "file-link", "deep/up/out.txt"]


@pytest.fixture
def traps(ws: Path) -> Path:
    """Links that lead out, and a file out there."""
    out = ws.parent / "out.txt"
    out.write_text("outside\n")
    (ws / "a").mkdir()
    (ws / "deep").mkdir()
    (ws / "link").symlink_to(ws.parent)
    (ws / "file-link").symlink_to(out)
    (ws / "deep" / "up").symlink_to("../..")
    return out


@pytest.mark.parametrize("path", [*ESCAPES, "ABSOLUTE"])
async def test_nothing_outside_is_written_edited_or_deleted(
    traps: Path, run: Run, box: BuiltinToolbox, path: str
) -> None:
    path = str(traps) if path == "ABSOLUTE" else path
    for tool, args in [
        ("write_file", {"path": path, "content": "x"}),
        ("edit_file", {"path": path, "old": "outside", "new": "x"}),
        ("delete_file", {"path": path}),
    ]:
        with pytest.raises(ToolError):
            await run(tool, **args)
        if tool != "delete_file" or path != "file-link":
            with pytest.raises(ToolError):
                box.prepare(tool, dict(args)).assess()
    assert traps.read_text() == "outside\n"


async def test_a_new_file_behind_a_link_out_is_refused(traps: Path, run: Run) -> None:
    with pytest.raises(ToolError, match="leads out of the workspace"):
        await run("write_file", path="link/new/x.txt", content="x")
    assert not (traps.parent / "new").exists()


@pytest.mark.parametrize("path", ESCAPES)
def test_a_read_outside_is_a_fact(traps: Path, box: BuiltinToolbox, path: str) -> None:
    facts = box.prepare("read_file", {"path": path}).assess().facts
    assert facts["outside_workspace"] is True
    assert facts["paths"] == [str(traps.resolve())]


def test_a_read_inside_has_no_such_fact(traps: Path, box: BuiltinToolbox) -> None:
    for path in ("a/x", "./a/../a/x", "a//x", f"{traps.parent}/ws/a/x"):
        assert box.prepare("read_file", {"path": path}).assess().facts == {"paths": ["a/x"]}


async def test_a_link_inside_the_workspace_is_followed(ws: Path, run: Run) -> None:
    (ws / "real.txt").write_text("one\n")
    (ws / "alias").symlink_to("real.txt")
    await run("edit_file", path="alias", old="one", new="two")
    assert (ws / "real.txt").read_text() == "two\n"
    assert (ws / "alias").is_symlink()


async def test_deleting_a_link_does_not_delete_its_target(ws: Path, run: Run) -> None:
    (ws / "real.txt").write_text("one\n")
    (ws / "alias").symlink_to("real.txt")
    with pytest.raises(ToolError, match="symbolic link"):
        await run("delete_file", path="alias")
    assert (ws / "real.txt").exists()


def test_a_secret_behind_an_innocent_name_is_still_a_fact(ws: Path, box: BuiltinToolbox) -> None:
    (ws / ".env").write_text("A=1\n")
    (ws / "notes").symlink_to(".env")
    for call in (
        box.prepare("read_file", {"path": "notes"}),
        box.prepare("shell", {"command": "cat notes"}),
    ):
        assert call.assess().facts["sensitive"] is True


def test_a_shell_read_through_a_link_out_is_a_fact(traps: Path, box: BuiltinToolbox) -> None:
    action = box.prepare("shell", {"command": "cat file-link"})
    assert action.assess().facts["outside_workspace"] is True


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "device"])
async def test_what_is_no_file_is_named_and_never_opened(
    ws: Path, run: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(ws)  # a socket's path has to be short
    match kind:
        case "pipe":
            os.mkfifo("odd")
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind("odd")
        case "folder":
            Path("odd").mkdir()
        case _:
            pass
    path = "/dev/zero" if kind == "device" else "odd"
    calls: list[tuple[str, JsonObject]] = [("read_file", {"path": path})]
    if kind != "device":
        calls += [
            ("write_file", {"path": path, "content": "x"}),
            ("edit_file", {"path": path, "old": "x", "new": "y"}),
            ("delete_file", {"path": path}),
        ]
    for tool, args in calls:
        with pytest.raises(ToolError, match=kind):
            await run(tool, **args)


@pytest.mark.parametrize("path", ["a\0b", " ", "x" * 5000, "\ud800"])
async def test_what_cannot_be_a_path_is_a_sentence(run: Run, path: str) -> None:
    with pytest.raises(ToolError):
        await run("read_file", path=path)


async def test_a_loop_of_links_ends(ws: Path, run: Run) -> None:
    (ws / "a").symlink_to("b")
    (ws / "b").symlink_to("a")
    with pytest.raises(ToolError):
        await run("read_file", path="a")


def test_a_link_swapped_in_after_resolving_is_not_followed(ws: Path) -> None:
    secret = ws.parent / "secret"
    secret.mkdir()
    (secret / "x").write_text("s")
    (ws / "folder").symlink_to(secret)
    (ws / "file").symlink_to(secret / "x")
    for parts in (("folder", "x"), ("file",)):
        with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
            open_file(str(ws), parts)


def test_opening_the_root_itself_is_no_file(ws: Path) -> None:
    with pytest.raises(NotAFile):
        open_file(str(ws), ())


async def test_a_missing_file_names_its_neighbours(ws: Path, run: Run) -> None:
    (ws / "ada-hour.json").write_text("{}")
    with pytest.raises(ToolError, match=r"ada-hour\.json"):
        await run("read_file", path="ada_hour.json")


async def test_file_names_with_odd_bytes_can_be_shown(ws: Path, run: Run) -> None:
    Path(os.fsdecode(os.fsencode(ws) + b"/bad\xff\nname")).write_text("x")
    result: ToolResult = await run("list_files")
    assert result.output.split("\n")[0] == "bad\ufffd\\x0aname"


def test_a_folder_that_becomes_a_link_out_after_resolving_leads_nowhere(ws: Path) -> None:
    out = ws.parent / "out"
    for folder in (out, ws / "real"):
        folder.mkdir()
        (folder / "file").write_text(folder.name)
    target = Workspace(ws.resolve()).writable("real/file")
    assert look(target).text == "real"
    (ws / "real").rename(ws / "moved")
    (ws / "real").symlink_to(out)
    for step in (lambda: look(target), lambda: replace(target, b"x"), lambda: remove(target)):
        with pytest.raises(ToolError):
            step()
    assert [path.name for path in out.iterdir()] == ["file"]
    assert (out / "file").read_text() == "out"
    assert (ws / "moved" / "file").read_text() == "real"
