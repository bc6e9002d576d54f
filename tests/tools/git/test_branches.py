"""Branches are found loose, packed and from a second worktree; nothing else is one."""

from pathlib import Path

import pytest

from loopdeck.tools.git.branches import has_branch
from tests.support.traps import git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with two branches and a tag."""
    root = tmp_path / "repo"
    (root / "sub").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "one")
    git(root, "branch", "feature/x")
    git(root, "tag", "v1")
    return root


@pytest.mark.parametrize("packed", [False, True])
def test_a_branch_is_found_from_anywhere_in_the_repository(repo: Path, *, packed: bool) -> None:
    if packed:
        git(repo, "pack-refs", "--all")
    git(repo, "worktree", "add", "-q", "../second", "feature/x")
    for folder in (repo, repo / "sub", repo.parent / "second"):
        assert has_branch(str(folder), "main")
        assert has_branch(str(folder), "feature/x")
        assert not has_branch(str(folder), "feature")
        assert not has_branch(str(folder), "v1")


@pytest.mark.parametrize(
    "name", ["", "-f", "../heads/main", "HEAD", "mai", "main~1", "*", "ma\nin"]
)
def test_what_is_no_name_of_a_branch_is_none(repo: Path, name: str) -> None:
    assert not has_branch(str(repo), name)


def test_without_a_repository_there_is_no_branch(tmp_path: Path) -> None:
    assert not has_branch(str(tmp_path), "main")
    (tmp_path / ".git").write_text("gitdir: nowhere")
    assert not has_branch(str(tmp_path), "main")
