"""To write over what only the disk has is destruction; what git or the log has, is a write."""

import os
import shutil
import time
from pathlib import Path

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.disk.making import changed_within
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.support.traps import git
from tests.support.verdicts import said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clean files, one with a human's own changes, one that git does not have, an empty one."""
    ws = tmp_path_factory.mktemp("made") / "ws"
    (ws / "src").mkdir(parents=True)
    for name in ("clean.py", "src/b.py", "other.txt"):
        (ws / name).write_text("1\n")
    git(ws, "init", "-q")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "one")
    (ws / "src/b.py").write_text("hours of work\n")
    (ws / "notes.txt").write_text("important\n")
    (ws / "empty").touch()
    (ws / "folder").mkdir()
    (ws / "folder/other.txt").write_text("important\n")
    (ws / "more/deep").mkdir(parents=True)
    (ws / "more/other.txt").write_text("x\n")
    (ws / "more/deep/x").write_text("x\n")
    (ws / "deep").mkdir()
    (ws / "deep/x").write_text("important\n")
    (ws / "folder/more").mkdir()
    (ws / "folder/more/other.txt").write_text("important\n")
    return ws


@pytest.fixture
def repo(tmp_path: Path, made: Path) -> Path:
    """A copy of it: git takes long to make one."""
    return shutil.copytree(made, tmp_path / "repo")


@pytest.mark.parametrize(
    "command",
    [
        ": > src/b.py",
        "echo x > notes.txt",
        "echo x >| notes.txt",
        "ls &> notes.txt",
        "mv -f other.txt src/b.py",
        "mv other.txt folder",
        "mv -t folder other.txt",
        "cp other.txt src/b.py",
        "cp other.txt folder/",
        "ln -sf other.txt src/b.py",
        "sort -o notes.txt other.txt",
        "echo x | tee src/b.py",
        "echo x | tee src/*.py",
        "sed -i s/a/b/ notes.txt",
        "sed -i s/a/b/ *.txt",
        "sed -n 'w notes.txt' clean.py",
        "awk '{print > \"notes.txt\"}' clean.py",
        "cd src && echo > b.py",
        "truncate -s 0 notes.txt",
        "pytest --junitxml=notes.txt",
        "git log --output=src/b.py",
        "for f in src/*.py; do echo x > $f; done",
        "find . -name '*.py' -exec sed -i s/a/b/ {} +",
        "find src -type f | xargs sed -i s/a/b/",
        "cp -r more/. folder",
        "cp -r more/ folder/",
        "cp -a more/deep .",
        "grep -rl hours src | xargs sed -i s/a/b/",
    ],
)
def test_what_only_the_disk_has_is_not_written_over_unasked(repo: Path, command: str) -> None:
    assert said(repo, command).category in (Category.DESTRUCTIVE, Category.UNKNOWN)


@pytest.mark.parametrize(
    "command",
    [
        "echo x > clean.py",
        "echo x > new.txt",
        "echo x > empty",
        "echo x >> notes.txt",
        "echo x | tee -a notes.txt",
        "sed -i s/1/2/ clean.py",
        "cp src/b.py copy.py",
        "mv notes.txt moved.txt",
        "cp notes.txt folder",
        "cp -r src folder",
        "cp -r more elsewhere",
        "mv -n other.txt src/b.py",
        "mkdir -p folder/x",
        "touch notes.txt",
        "black src/b.py",
        "find . -name '*.md' -exec sed -i s/a/b/ {} +",
        "sed -i s/a/b/ clean.py other.txt",
    ],
)
def test_what_git_has_or_what_stays_is_a_write(repo: Path, command: str) -> None:
    assert said(repo, command).category is Category.WRITE


def test_the_loss_is_counted_for_whoever_is_asked(repo: Path) -> None:
    action = BuiltinToolbox(repo).prepare("shell", {"command": ": > src/b.py"})
    assert action.assess().facts["overwrites"] == ["src/b.py"]
    preview = action.preview()
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.first == ("src/b.py",)


async def test_what_the_session_itself_left_there_may_be_written_over(
    repo: Path, context: FakeContext
) -> None:
    box = BuiltinToolbox(repo)

    async def run(tool: str, **args: object) -> Category:
        action = box.prepare(tool, args)
        category = action.assess().category
        await action.run(context)
        return category

    assert await run("shell", command="sed -i s/1/2/ clean.py") is Category.WRITE
    assert await run("shell", command="sed -i s/2/3/ clean.py") is Category.WRITE
    assert await run("edit_file", path="clean.py", old="3", new="4") is Category.WRITE
    assert await run("shell", command="sort -o clean.py clean.py") is Category.WRITE
    assert await run("shell", command="seq 3 > out.txt") is Category.WRITE
    assert await run("shell", command="seq 4 > out.txt") is Category.WRITE
    (repo / "clean.py").write_text("and a human wrote this\n")
    assert box.prepare("shell", {"command": "sed -i s/a/b/ clean.py"}).assess().category is (
        Category.DESTRUCTIVE
    )


async def test_what_was_added_to_a_humans_file_does_not_make_it_the_sessions(
    repo: Path, context: FakeContext
) -> None:
    box = BuiltinToolbox(repo)
    await box.prepare("shell", {"command": "echo x >> notes.txt"}).run(context)
    action = box.prepare("shell", {"command": ": > notes.txt"})
    assert action.assess().category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command", ["mv notes.txt out.txt", "mv *.txt out.d; mv out.d/notes.txt out.txt"]
)
async def test_what_was_moved_into_a_file_of_the_session_is_still_the_humans(
    repo: Path, context: FakeContext, command: str
) -> None:
    box = BuiltinToolbox(repo)
    (repo / "out.d").mkdir()
    for text in ("seq 3 > out.txt", command):
        await box.prepare("shell", {"command": text}).run(context)
    assert (repo / "out.txt").read_text() == "important\n"
    action = box.prepare("shell", {"command": ": > out.txt"})
    assert action.assess().category is Category.DESTRUCTIVE


async def test_a_file_that_comes_to_hold_something_stops_the_command(
    repo: Path, context: FakeContext
) -> None:
    action = BuiltinToolbox(repo).prepare("shell", {"command": "echo x > new.txt"})
    assert action.assess().category is Category.WRITE
    (repo / "new.txt").write_text("important\n")
    with pytest.raises(Exception, match="has changed since it was judged"):
        await action.run(context)
    assert (repo / "new.txt").read_text() == "important\n"


@pytest.mark.parametrize(
    "command", ["echo x >> hard", "chmod 777 hard", "tee -a hard", "touch hard"]
)
def test_a_file_with_another_name_is_not_changed_in_place_unasked(ws: Path, command: str) -> None:
    (ws.parent / "outside").write_text("x\n")
    (ws / "hard").hardlink_to(ws.parent / "outside")
    assert said(ws, command).facts.get("outside_workspace")


@pytest.mark.parametrize("command", ["mv new hard", "sed -i s/a/b/ hard", "cat hard"])
def test_a_file_with_another_name_may_be_replaced_by_a_new_one(ws: Path, command: str) -> None:
    (ws.parent / "outside").write_text("x\n")
    (ws / "hard").hardlink_to(ws.parent / "outside")
    assert not said(ws, command).facts.get("outside_workspace")


def test_content_that_no_diff_shows_is_not_written_over_unasked(repo: Path) -> None:
    (repo / "photo.bin").write_bytes(b"\0one of a kind")
    action = BuiltinToolbox(repo).prepare("write_file", {"path": "photo.bin", "content": "x"})
    judged = action.assess()
    assert judged.category is Category.DESTRUCTIVE
    assert judged.facts["overwrites"] == ["photo.bin"]
    preview = action.preview()
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.first == ("photo.bin",)


def test_binary_content_that_git_has_may_be_written_over(repo: Path) -> None:
    (repo / "kept.bin").write_bytes(b"\0many of a kind")
    git(repo, "add", "kept.bin")
    action = BuiltinToolbox(repo).prepare("write_file", {"path": "kept.bin", "content": "x"})
    assert action.assess().category is Category.WRITE


async def test_the_sessions_own_work_is_known_by_its_time_where_nothing_remembers_it(
    tmp_path: Path, context: FakeContext
) -> None:
    (tmp_path / "notes.txt").write_text("important\n")
    box = BuiltinToolbox(tmp_path)
    for command in ("date >> notes.txt", "mv notes.txt m", "date > notes.txt", "cat notes.txt"):
        assert "own_work" not in box.prepare("shell", {"command": command}).assess().facts
    began = time.time_ns()
    action = box.prepare("shell", {"command": "date > a; date > b"})
    assert action.assess().facts["own_work"] is True
    await action.run(context)
    span = (began, time.time_ns())

    def said(command: str) -> Category:
        """In a process that knows the log alone."""
        later = BuiltinToolbox(tmp_path, left=lambda path: changed_within(tmp_path, path, span))
        return later.prepare("shell", {"command": command}).assess().category

    assert said("date > a") is Category.WRITE
    assert not changed_within(tmp_path, "a", None)
    assert not changed_within(tmp_path, "missing", span)
    past = (began - 10**12, began - 10**11)
    os.utime(tmp_path / "a", ns=past)  # times that anybody can set
    assert not changed_within(tmp_path, "a", past)
