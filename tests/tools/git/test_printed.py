"""Settings by which a repository has git print what is in a file of its choice."""

import asyncio
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.permissions.shell import Place, parts_of
from loopdeck.tools.git.care import care
from tests.support.traps import ENV, git, run


def cared(command: str, folder: Path) -> dict[str, str]:
    """The environment that a plain read gets."""
    env = {**ENV, "HOME": str(folder.parent)}
    parts = parts_of(command, Place(workspace=str(folder)))
    return asyncio.run(care(parts, folder, env, reads=True, hidden_home=False))


@pytest.mark.parametrize(
    ("key", "command"),
    [("fsck.skipList", "git fsck"), ("blame.ignoreRevsFile", "git blame f")],
)
def test_git_prints_no_file_that_the_repository_chose(
    repository: Path, key: str, command: str
) -> None:
    other = repository.parent / "token.txt"
    other.write_text("very secret\n")
    (repository / ".env").write_text("very secret\n")
    (repository / "revs").symlink_to(other)
    (repository / "plain").write_text("# none\n")
    for value in (str(other), "../token.txt", "revs", ".env", "~/token.txt"):
        git(repository, "config", key, value)
        with pytest.raises(ToolError, match="would print lines"):
            cared(command, repository)
        assert cared("git status", repository), "it does not read that file"
    git(repository, "config", key, str(other))
    assert "very secret" in run(repository, command, {}).stderr, "the control shows nothing"
    git(repository, "config", key, "plain")
    assert run(repository, command, cared(command, repository)).returncode == 0
