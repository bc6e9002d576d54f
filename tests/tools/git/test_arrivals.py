"""Git writes over an ignored file without a word, so what a commit brings is looked up first."""

import os
import shutil
from pathlib import Path

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.git.arrivals import arriving
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.traps import git
from tests.support.verdicts import said

ENV = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch with a file that the human keeps ignored, one without, and one that is there."""
    ws = tmp_path_factory.mktemp("made") / "ws"
    ws.mkdir()
    (ws / "kept.txt").write_text("1\n")
    git(ws, "init", "-q", "-b", "main")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "one")
    git(ws, "branch", "plain")
    git(ws, "switch", "-qc", "other")
    (ws / "local").mkdir()
    (ws / "local/conf.txt").write_text("theirs\n")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "two")
    git(ws, "rm", "-rq", "local")
    git(ws, "commit", "-qm", "three")
    git(ws, "branch", "after")
    git(ws, "reset", "-q", "--hard", "HEAD^")
    git(ws, "switch", "-q", "plain")
    git(ws, "commit", "-q", "--allow-empty", "-m", "beside")
    git(ws, "switch", "-q", "main")
    (ws / ".git/info/exclude").write_text("local\n")
    (ws / "local").mkdir()
    (ws / "local/conf.txt").write_text("hours of work\n")
    return ws


@pytest.fixture
def repo(tmp_path: Path, made: Path) -> Path:
    """A copy of it: git takes long to make one."""
    return shutil.copytree(made, tmp_path / "repo")


@pytest.mark.parametrize(
    "command",
    [
        "git checkout other",
        "git checkout --detach other",
        "git checkout -b new other",
        "git switch other",
        "git switch -c new other",
        "git merge other",
        "git merge -m why other",
        "git cherry-pick other",
        "git cherry-pick plain..after",
        "git rebase after",
        "git revert --no-edit after",
        "git branch later other && git switch later",
        "b=$(git branch --list o*); git checkout $b",
        "git reset --hard other",
    ],
)
def test_an_ignored_file_in_the_way_of_a_commit_is_asked_about(made: Path, command: str) -> None:
    verdict = said(made, command)
    assert verdict.category is Category.DESTRUCTIVE
    assert verdict.facts["overwrites"] == ["local/conf.txt"]
    assert "undoable" not in verdict.facts
    assert not any("nothing is lost" in reason.text for reason in verdict.reasons)


@pytest.mark.parametrize(
    "command",
    [
        "git checkout plain",
        "git switch plain",
        "git merge plain",
        "git rebase plain",
        "git checkout -b new",
        "git switch -c new main",
        "git switch -",
        "git cherry-pick plain",
    ],
)
def test_a_commit_that_brings_nothing_there_is_gone_to_as_before(made: Path, command: str) -> None:
    assert said(made, command).category is Category.WRITE


def test_what_would_be_written_over_is_listed(made: Path) -> None:
    preview = BuiltinToolbox(made).prepare("shell", {"command": "git switch other"}).preview()
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.first == ("local/conf.txt",)


def test_a_hard_reset_lists_changes_and_what_is_written_over(repo: Path) -> None:
    (repo / "kept.txt").write_text("changed here\n")
    preview = BuiltinToolbox(repo).prepare("shell", {"command": "git reset --hard other"}).preview()
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.first == ("kept.txt", "local/conf.txt")


def test_a_file_where_a_folder_comes_is_in_the_way(repo: Path) -> None:
    shutil.rmtree(repo / "local")
    (repo / "local").write_text("hours of work\n")
    assert said(repo, "git switch other").facts["overwrites"] == ["local"]


def test_a_stash_brings_what_it_holds(repo: Path) -> None:
    (repo / "draft.txt").write_text("old\n")
    git(repo, "add", "draft.txt")
    git(repo, "stash", "-q")
    assert said(repo, "git stash pop").category is Category.WRITE
    (repo / "draft.txt").write_text("hours of work\n")
    for command in ("git stash pop", "git stash apply 0", "git stash branch new"):
        assert said(repo, command).facts["overwrites"] == ["draft.txt"], command


def test_what_was_moved_into_the_way_is_seen(repo: Path) -> None:
    shutil.rmtree(repo / "local")
    (repo / "notes.txt").write_text("hours of work\n")
    command = "mkdir local && mv notes.txt local/conf.txt && git switch other"
    assert said(repo, command).category is Category.DESTRUCTIVE


def test_without_a_repository_nothing_comes(tmp_path: Path) -> None:
    assert arriving(str(tmp_path), "merge", ("main",), ENV) == ()
