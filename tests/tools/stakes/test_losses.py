"""What a deletion would take: counted on the disk, compared with git, never for long."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.session.values import Losses
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.git.index import tracked
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.stakes.losses import MAX_ENTRIES, edited_files, losses, untracked_files


def git(ws: Path, *words: str) -> None:
    """Run git without anybody's settings."""
    env = {"PATH": os.environ["PATH"], "HOME": str(ws), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=ws, env=env, check=True, capture_output=True, timeout=20)


@pytest.fixture
def repo(ws: Path) -> Path:
    """Two files that git has, one that it does not, one that it ignores."""
    git(ws, "init", "-q")
    (ws / "src").mkdir()
    (ws / "src/a.py").write_text("a" * 10)
    (ws / "src/b.py").write_text("b" * 20)
    (ws / ".gitignore").write_text("*.log\n")
    git(ws, "add", "-A")
    (ws / "src/new.py").write_text("n" * 5)
    (ws / "src/x.log").write_text("log")
    return ws


def lost(ws: Path, command: str) -> Losses | None:
    """What the preview of a command says would be gone."""
    preview = BuiltinToolbox(ws).prepare("shell", {"command": command}).preview()
    assert preview is not None
    return preview.losses


def test_a_folder_is_counted_with_all_that_is_in_it(repo: Path) -> None:
    found = lost(repo, "rm -rf src")
    assert found == Losses(
        count=4,
        bytes=38,
        untracked=2,
        first=("src/a.py", "src/b.py", "src/new.py", "src/x.log"),
    )


def test_patterns_mean_what_the_shell_makes_of_them(repo: Path) -> None:
    found = lost(repo, "rm src/*.py")
    assert found is not None
    assert (found.count, found.untracked) == (3, 1)
    (repo / "src/.hidden.py").write_text("")
    assert lost(repo, "rm src/*.py") == found
    assert lost(repo, "rm 'src/nothing-*'") == Losses(count=0, bytes=0, untracked=0)


def test_without_git_nobody_knows_what_is_untracked(ws: Path) -> None:
    (ws / "f").write_text("12345")
    assert lost(ws, "rm f") == Losses(count=1, bytes=5, untracked=None, first=("f",))
    assert lost(ws, "ls") is None


def test_git_clean_takes_what_git_does_not_have(repo: Path) -> None:
    found = lost(repo, "git clean -fd")
    assert found is not None
    assert found.first == ("src/new.py",)


@pytest.mark.parametrize("command", ["git checkout -- .", "git restore .", "git reset --hard"])
def test_putting_back_takes_what_was_changed(repo: Path, command: str) -> None:
    (repo / "src/b.py").write_text("changed, and longer than it was")
    found = lost(repo, command)
    assert found is not None
    assert found.first == ("src/b.py",)
    assert found.untracked == 0


def test_delete_file_says_what_git_knows_of_it(repo: Path) -> None:
    box = BuiltinToolbox(repo)
    for path, untracked, size in [("src/a.py", 0, 10), ("src/new.py", 1, 5)]:
        preview = box.prepare("delete_file", {"path": path}).preview()
        assert preview is not None
        assert preview.losses == Losses(count=1, bytes=size, untracked=untracked, first=(path,))


def test_links_are_counted_and_not_followed(ws: Path) -> None:
    (ws.parent / "outside").mkdir()
    (ws.parent / "outside/f").write_text("x" * 100)
    (ws / "link").symlink_to(ws.parent / "outside")
    found = lost(ws, "rm -r link")
    assert found is not None
    assert (found.count, found.first) == (1, ("link",))


def test_counting_stops_in_time_and_says_so(ws: Path) -> None:
    for n in range(50):
        (ws / f"f{n:02}").write_text("x")
    ticks = iter(range(1_000))
    found, whole = losses(Workspace(ws), ["."], clock=lambda: next(ticks) / 100)
    assert not whole
    assert 0 < found.count < 50
    assert len(found.first) <= 20
    assert MAX_ENTRIES == 10_000


@pytest.mark.parametrize("look", [edited_files, untracked_files])
def test_looking_through_a_repository_stops_in_time_and_says_so(
    repo: Path, look: Callable[[Workspace, Callable[[], float]], tuple[list[str], bool]]
) -> None:
    for n in range(30):
        (repo / f"f{n:02}").write_text("x")
    (repo / "src/a.py").write_text("edited, and longer")
    found, whole = look(Workspace(repo), lambda: 0.0)
    assert whole
    assert found
    ticks = iter([0.0, *[0.1] * 2, *[9.0] * 50])
    some, whole = look(Workspace(repo), lambda: next(ticks))
    assert not whole
    assert len(some) <= 2


def test_the_index_is_read_without_git_also_from_a_worktree_and_below(repo: Path) -> None:
    found = tracked(repo / "src")
    assert found is not None
    assert found.root == repo
    assert sorted(found.files) == [".gitignore", "src/a.py", "src/b.py"]
    git(repo, "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m")
    git(repo, "worktree", "add", "-q", "../tree")
    there = tracked(repo.parent / "tree")
    assert there is not None
    assert there.has(str(repo.parent / "tree/src/b.py"))


@pytest.mark.parametrize("data", [b"", b"DIRC", b"DIRC" + b"\0" * 8, b"DIRC\0\0\0\2\0\0\0\7short"])
def test_a_broken_index_is_no_fault(repo: Path, data: bytes) -> None:
    (repo / ".git/index").write_bytes(data)
    found = lost(repo, "rm src/a.py")
    assert found is not None
    assert found.untracked is None
