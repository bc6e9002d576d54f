"""What puts files aside that git does not have is read off the words, and not off the text."""

import pytest

from loopdeck.permissions.shell import parts_of
from loopdeck.tools.git.aside import cleans, stashes


@pytest.mark.parametrize(
    ("command", "ignored"),
    [
        ("git stash -u", False),
        ("git -c user.name=a -C src stash push -qum why", False),
        ("git stash push --include-untracked -- . ':!.vscode'", False),
        ("git stash save -q -u why", False),
        ("git stash push -m why -a", True),
        ("git stash --all", True),
        ("git add a && (git stash -ku; ls)", False),
        ("sh -c 'git stash -u'", False),
    ],
)
def test_a_stash_takes_files_that_git_does_not_have(command: str, ignored: bool) -> None:
    assert [stash.ignored for stash in stashes(parts_of(command))] == [ignored]


@pytest.mark.parametrize(
    "command",
    [
        "git commit -m 'explain git stash -u here'",
        "git stash",
        "git stash push -m -u",
        "git stash push -mau",
        "git stash push --message --all",
        "git stash push -- -u",
        "git stash list --all",
        "git stash show -u",
        "git log -u stash",
        "echo git stash -u; git clean -n",
    ],
)
def test_nothing_else_does(command: str) -> None:
    assert not list(stashes(parts_of(command)))


def test_a_clean_is_one_wherever_it_stands() -> None:
    assert cleans(parts_of("cd src && git -C . clean -fdq"))
    assert not cleans(parts_of("git commit -m 'git clean it'; git log clean; make clean"))
