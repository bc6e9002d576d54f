"""What git keeps of files that hold secrets is shown after a question; all else without one."""

import os
from pathlib import Path

import pytest

from loopdeck.session.values import Assessment, Category
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from tests.support.traps import git


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A secret in the first commit, and two commits without one behind it."""
    ws = tmp_path_factory.mktemp("kept") / "ws"
    (ws / "conf").mkdir(parents=True)
    (ws / "src").mkdir()
    (ws / "conf/secrets.yml").write_text("password: correct\n")
    (ws / "src/a.py").write_text("1\n")
    git(ws, "init", "-q", "-b", "main")
    for number in range(3):
        (ws / "src/a.py").write_text(f"{number}\n")
        git(ws, "add", ".")
        git(ws, "commit", "-qm", "why")
    (ws / "src/a.py").write_text("changed\n")
    (ws / ".npmrc").write_text("//registry/:_authToken=x\n")
    return ws


def said(ws: Path, command: str, *, held: bool = True) -> Assessment:
    """The verdict on a command there, in a sandbox or without one."""
    box = BuiltinToolbox(ws, sandbox=Sandbox(Backend.BUBBLEWRAP, ws.parent) if held else None)
    return box.prepare("shell", {"command": command}).assess()


@pytest.mark.parametrize(
    "command",
    [
        "git log -p",
        "git log --patch -S correct",
        "git log -p --all -2",
        "git -C . log -p",
        "git log -L1,1:conf/../conf/secrets.yml",
        "git show HEAD~2",
        "git show | base64; git show HEAD~2 | base64",
        "git show $(git rev-parse HEAD:conf/secrets.yml)",
        "git diff HEAD~3 HEAD~2 || git diff HEAD~2..HEAD $(echo x)",
        "git grep '' HEAD",
        "git grep -e correct HEAD",
        "git grep --cached correct",
        "git cat-file --batch <<< HEAD:conf/secrets.yml",
        "git diff-tree -p HEAD~2",
        "git archive HEAD | cat",
        "git format-patch --stdout --root HEAD",
        "git log --binary HEAD~2",
        "git log --check --all",
        "git stash list -p",
        "git cat-file blob $(git rev-parse HEAD:conf/secrets.yml)",
        "git cat-file blob 1b2c3d4",
        "git cat-file -p 1b2c3d4:secrets.yml",
        "git show 1b2c3d4:notes.txt",
        "git show ':/why' --all",
        "git log -p --all 'HEAD^{/fix: it}'",
        "git log -p --all -- 'c*'",
        "git log -p --all -- ':(top)'",
        "git log -p --all -- ':!src'",
        "git show HEAD~2 -- 'conf/[s]*'",
        "git grep '' HEAD -- 'c*'",
        "git grep -e. HEAD",
        "git grep -ie. HEAD",
        "git grep -fsrc/a.py HEAD",
        "git config --blob HEAD:conf/secrets.yml -l",
    ],
)
def test_git_asks_before_it_shows_secrets_that_it_keeps(repo: Path, command: str) -> None:
    verdict = said(repo, command)
    assert verdict.facts.get("sensitive") or verdict.category is not Category.READ


@pytest.mark.parametrize(
    "command",
    [
        "git diff",
        "git diff --stat HEAD~2",
        "git diff HEAD~1",
        "git diff --cached",
        "git diff HEAD~2 -- src",
        "git log -5",
        "git log --oneline -n 2",
        "git log -p -2",
        "git log -p -n 2",
        "git log -p src/a.py",
        "git log --stat",
        "git show",
        "git show HEAD~1 --stat",
        "git show HEAD~2 -- src",
        "git show HEAD:src/a.py",
        "git show :src/a.py",
        "git show HEAD~2 -- '*.py'",
        "git cat-file blob HEAD:src/a.py",
        "git cat-file -t 1b2c3d4",
        "git grep -ne changed",
        "git stash list",
        "git cat-file -p HEAD",
        "git grep -n changed",
        "git status",
    ],
)
def test_what_shows_no_secret_is_quiet_beside_one(repo: Path, command: str) -> None:
    verdict = said(repo, command)
    assert verdict.category is Category.READ
    assert "sensitive" not in verdict.facts


def test_a_secret_that_was_changed_is_in_the_difference(repo: Path) -> None:
    secret = repo / "conf/secrets.yml"
    before = secret.stat()
    try:
        secret.write_text("password: other\n")
        assert said(repo, "git diff").facts.get("sensitive")
        assert "sensitive" not in said(repo, "git diff src").facts
    finally:
        secret.write_text("password: correct\n")
        os.utime(secret, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_without_a_sandbox_nothing_covers_what_git_searches(repo: Path) -> None:
    assert said(repo, "git grep -n changed", held=False).facts.get("sensitive")
    assert "sensitive" not in said(repo, "git grep -n changed -- src", held=False).facts
