"""Reads of git in repositories that try to run a program, each shown to run it without care."""

import asyncio
import os
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.permissions.shell import Part, Place, parts_of, read
from loopdeck.session.values import Category
from loopdeck.tools.git.asking import version_of
from loopdeck.tools.git.care import care, settled, where_git_runs
from tests.support.traps import ENV, EVIL, FILTERS, TRAPS, Trap, git, run, set_trap


def cared(command: str, folder: Path) -> dict[str, str]:
    """The environment that a plain read gets."""
    env = {**ENV, "HOME": str(folder.parent)}
    return asyncio.run(care(parts(command, folder), folder, env, reads=True, hidden_home=False))


def parts(command: str, folder: Path) -> tuple[Part, ...]:
    """The commands inside, as they are judged in a folder."""
    return parts_of(command, Place(workspace=str(folder)))


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.name for trap in TRAPS])
def test_a_read_runs_no_program_of_the_repository(trap: Trap, repository: Path) -> None:
    marker = set_trap(repository, trap)
    extra = cared(trap.command, repository)
    assert not marker.exists(), "looking at the settings ran it"
    done = run(repository, trap.command, extra)
    assert not marker.exists(), done.stderr
    run(repository, trap.command, {})
    assert marker.exists(), "the control shows nothing"


def test_a_configured_comparison_is_replaced_by_a_plain_one(repository: Path) -> None:
    set_trap(repository, Trap("", (("diff.external", EVIL),), ""))
    done = run(repository, "git diff", cared("git diff", repository))
    assert done.returncode == 0
    assert "+three" in done.stdout
    assert "--- a/f" in done.stdout


def test_submodules_run_nothing_either(repository: Path) -> None:
    sub = repository / "sub"
    sub.mkdir()
    git(sub, "init", "-q", "-b", "main")
    (sub / "f").write_text("one\n")
    (sub / ".gitattributes").write_text("* filter=x\n")
    git(sub, "add", ".")
    git(sub, "commit", "-q", "-m", "first")
    git(repository, "add", "sub")
    git(repository, "commit", "-q", "-m", "a submodule")
    (sub / "f").write_text("two\n")
    trap = Trap("", (*FILTERS, ("core.fsmonitor", EVIL)), "")
    marker = set_trap(repository, trap, where=sub)
    for command in ("git status", "git diff", "git diff --submodule=diff"):
        os.utime(sub / "f")
        run(repository, command, cared(command, repository))
        assert not marker.exists(), command
    os.utime(sub / "f")
    run(repository, "git status", {})
    assert marker.exists()


@pytest.mark.parametrize(
    "command",
    [
        "cd inner && git status",
        "git -C inner status",
        "git -C 'inner' diff",
        "cd ./inner; git diff",
    ],
)
def test_a_repository_further_down_runs_nothing_either(command: str, repository: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init", "-q", "-b", "main")
    (inner / "f").write_text("one\n")
    git(inner, "add", ".")
    git(inner, "commit", "-q", "-m", "first")
    (inner / ".git/info").mkdir(exist_ok=True)
    (inner / ".git/info/attributes").write_text("* filter=x\n")
    marker = set_trap(repository, Trap("", FILTERS, ""), where=inner)
    (inner / "f").write_text("two\n")
    run(repository, command, cared(command, repository))
    assert not marker.exists()
    os.utime(inner / "f")
    run(repository, command, {})
    assert marker.exists()


def test_settings_in_another_file_and_of_a_worktree_count_too(repository: Path) -> None:
    evil = Trap("", (("include.path", "../more"), ("extensions.worktreeConfig", "true")), "")
    marker = set_trap(repository, evil, where=repository)
    program = repository.parent / "evil"
    (repository / "more").write_text(f'[diff "d"]\n\ttextconv = {program}\n')
    git(repository, "config", "--worktree", "filter.x.clean", str(program))
    (repository / ".git/info").mkdir(exist_ok=True)
    (repository / ".git/info/attributes").write_text("* diff=d filter=x\n")
    run(repository, "git diff", cared("git diff", repository))
    assert not marker.exists()
    run(repository, "git diff", {})
    assert marker.exists()


def test_a_bare_repository_among_the_files_is_obeyed_only_where_it_was_named(
    repository: Path,
) -> None:
    hidden = repository / "docs"
    git(repository, "clone", "-q", "--bare", str(repository), str(hidden))
    marker = set_trap(repository, Trap("", (("gpg.program", EVIL),), ""), where=hidden)
    command = "cd docs && git log --oneline --show-signature"
    named, unnamed = cared(command, repository), cared("git log", repository)
    assert run(repository, command, unnamed).returncode != 0
    assert run(repository, command, named).returncode == 0
    assert not marker.exists()
    run(repository, command, {})
    assert marker.exists()


@pytest.mark.parametrize(
    ("command", "folders"),
    [
        ("ls", None),
        ("git status", ["/w"]),
        ("g\\it -C 'su'b status", ["/w/sub"]),
        ("cd src && git log --format='%h $x' | awk '{print $1}'", ["/w/src"]),
        ("git -C a -C b log", ["/w/a/b"]),
        ("for d in a b; do git -C $d log; done", ["/w/a", "/w/b"]),
        ("git diff -- '*.py'", ["/w"]),
        ("sh -c 'cd x && git log'", ["/w/x"]),
        ("cd $DIR && git status", []),
        ("git -C `pwd`/x log", ["/w/x"]),
        ("for d in */; do git -C $d log; done", []),
        ("find . -name .git -exec'dir' git status ';'", []),
        ("find . -name .git -execdir sh -c 'git diff' ';'", []),
        ("ls | xargs git -C", []),
        ("cd -P link/.. && git status", []),
    ],
)
def test_it_is_known_where_git_looks(command: str, folders: list[str] | None) -> None:
    assert where_git_runs(parts_of(command, Place(workspace="/w"))) == folders


@pytest.mark.parametrize(
    "command",
    [
        "cd $X && git log",
        "cd $X; git log",
        "find . -name f -path './su*' -exec''dir git diff ';'",
        "ls | while read d; do (cd $d && git status); done",
    ],
)
def test_a_read_of_git_is_none_where_only_the_shell_knows_the_folder(command: str) -> None:
    judged, found = read(command)
    unknown = settled(judged, found)
    assert unknown.category is Category.UNKNOWN
    assert unknown.facts == judged.facts


def test_other_commands_are_judged_as_before() -> None:
    for command in ("cd src && git log", "cd $X && ls", "cd $X && git clean -fd"):
        judged, found = read(command)
        assert settled(judged, found) == judged


async def test_what_cannot_be_made_innocent_is_refused(repository: Path) -> None:
    found = parts("cd $X && git diff", repository)
    with pytest.raises(ToolError, match="Name the folder"):
        await care(found, repository, ENV, reads=True, hidden_home=False)


async def test_too_many_programs_are_refused(repository: Path) -> None:
    lines = "".join(f'[filter "f{number}"]\n\tclean = x\n' for number in range(500))
    with (repository / ".git/config").open("a") as file:
        file.write(lines)
    found = parts("git diff", repository)
    with pytest.raises(ToolError, match="more programs"):
        await care(found, repository, ENV, reads=True, hidden_home=False)


async def test_where_the_home_is_hidden_a_name_comes_along_and_no_program(
    repository: Path,
) -> None:
    (repository.parent / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@b\n[diff]\n\texternal = evil\n"
        '[url "https://token@host/"]\n\tinsteadOf = x\n'
    )
    git(repository, "config", "user.email", "local@b")
    env = {**ENV, "HOME": str(repository.parent)}
    found = await care(
        parts("git commit", repository), repository, env, reads=False, hidden_home=True
    )
    assert found == {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ada",
    }


async def test_what_a_human_let_run_is_left_alone(repository: Path) -> None:
    found = parts("git push", repository)
    assert await care(found, repository, ENV, reads=False, hidden_home=False) == {}


def test_a_read_that_starts_git_by_itself_finds_nothing_to_run(repository: Path) -> None:
    marker = set_trap(repository, Trap("", (("core.fsmonitor", EVIL),), ""))
    extra = cared("isort --check .", repository)
    run(repository, "git ls-files", extra)
    assert not marker.exists()
    run(repository, "git ls-files", {})
    assert marker.exists()


def test_a_program_that_is_no_git_has_no_version() -> None:
    assert version_of("/bin/true") == (0, 0)
    assert version_of("/nowhere/git") == (0, 0)
