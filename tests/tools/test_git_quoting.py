"""However a read of git is spelled, the shell tool lets it run nothing; and no sandbox helps it."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from loopdeck.permissions.shell import Place, classify, parts_of
from loopdeck.session.values import Category
from loopdeck.tools.git.care import care
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.support.traps import ENV, EVIL, FILTERS, TRAPS, Trap, git, run, set_trap

READS = tuple(
    trap for trap in TRAPS if classify(trap.command.partition(";")[0]).category is Category.READ
)
# Each stands for `git`, in a command that is all the same to the shell.
SPELLINGS = ("gi't'", "g\\it", '"git"', "$'git'", "command g\\it", "env 'gi't", "/usr/bin/gi\\t")
INNER = (
    'git -C "su"b diff # it\'s',
    'cd "su"b && git diff # it\'s',
    "git -C s'u'b status",
    "cd ./s\\ub; g\\it diff",
    "(cd sub && git diff) | cat",
    "echo $(cd sub; git diff)",
    "for d in sub; do git -C $d diff; done",
    "sh -c 'cd sub && git diff'",
)


def spelled(command: str) -> list[str]:
    """The same command in other words."""
    first, *rest = command.partition(";")[0].split(" ")
    assert first == "git"
    tail = " ".join(rest)
    return [
        *(f"{name} {tail}" for name in SPELLINGS),
        f"find . -maxdepth 0 -exec gi\\t {tail} ';'",
        f"cd . && g''it {tail} # it's",
    ]


async def tried(command: str, folder: Path) -> Category:
    """What the shell tool says of a command; where it calls it a read, it has run by then."""
    for path in folder.rglob("f"):
        os.utime(path)  # so that git looks at the content again
    box = BuiltinToolbox(folder, environ={**ENV, "HOME": str(folder.parent)})
    action = box.prepare("shell", {"command": command})
    category = action.assess().category
    if category is Category.READ:
        await action.run(FakeContext(folder.parent / "spool"))
    return category


@pytest.fixture
def inner(repository: Path) -> Path:
    """A repository in a folder of another one, with one file that has changed."""
    folder = repository / "sub"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / "f").write_text("one\n")
    git(folder, "add", "f")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "f").write_text("two\n")
    (folder / ".gitattributes").write_text("* filter=x\n")
    return folder


@pytest.mark.skipif(shutil.which("git") != "/usr/bin/git", reason="another git is found first")
@pytest.mark.parametrize("trap", READS, ids=[trap.name for trap in READS])
async def test_no_spelling_of_a_read_springs_a_trap(trap: Trap, repository: Path) -> None:
    marker = set_trap(repository, trap)
    for command in spelled(trap.command):
        category = await tried(command, repository)
        assert not marker.exists(), command
        assert category in (Category.READ, Category.UNKNOWN), command
    assert await tried(trap.command, repository) is Category.READ
    run(repository, trap.command, {})
    assert marker.exists(), "the control shows nothing"


@pytest.mark.parametrize("command", INNER)
async def test_a_repository_in_a_folder_is_found_by_every_way_to_it(
    command: str, repository: Path, inner: Path
) -> None:
    marker = set_trap(repository, Trap("", FILTERS, ""), where=inner)
    assert await tried(command, repository) is Category.READ
    assert not marker.exists()
    os.utime(inner / "f")
    run(repository, command, {})
    assert marker.exists(), "the control shows nothing"


@pytest.mark.parametrize(
    "command",
    [
        "find . -name f -path './su*' -exec''dir git diff ';'",
        "find sub -maxdepth 0 -exec gi\\t -C {} diff ';'",
        "find sub -maxdepth 0 -exec timeout 5 git -C ./{} diff ';'",
        "find . -name f -execdir sh -c 'git diff' ';'",
        "ls | while read d; do (cd $d && gi\\t diff); done",
        "D=su; cd $D*; git diff",
    ],
)
async def test_where_only_the_shell_finds_the_repository_it_is_no_read(
    command: str, repository: Path, inner: Path
) -> None:
    set_trap(repository, Trap("", FILTERS, ""), where=inner)
    assert await tried(command, repository) is Category.UNKNOWN


async def test_a_setting_that_came_since_the_last_read_counts(
    repository: Path, inner: Path
) -> None:
    assert await tried("git -C sub diff", repository) is Category.READ
    assert await tried("git -C sub diff", repository) is Category.READ
    marker = set_trap(repository, Trap("", FILTERS, ""), where=inner)
    assert await tried("git -C sub diff", repository) is Category.READ
    assert not marker.exists()


async def test_a_repository_that_only_old_commits_name_runs_nothing(
    repository: Path, inner: Path
) -> None:
    git(repository, "add", "sub")
    git(repository, "commit", "-q", "-m", "a submodule")
    git(inner, "commit", "-qam", "moves on")
    git(repository, "commit", "-qam", "follows it")
    git(repository, "rm", "-q", "--cached", "sub")
    git(repository, "commit", "-q", "-m", "and without it")
    git(repository, "config", "diff.submodule", "diff")
    marker = set_trap(repository, Trap("", (("diff.x.textconv", EVIL),), ""), where=inner)
    (inner / ".git/info/attributes").write_text("* diff=x\n")
    assert await tried("git log -p", repository) is Category.READ
    assert not marker.exists()
    assert await tried("git log -p --submodule=diff", repository) is Category.UNKNOWN
    run(repository, "git log -p", {})
    assert marker.exists(), "the control shows nothing"


def test_no_alias_stands_for_a_command_that_git_may_have_lost(repository: Path) -> None:
    git(repository, "config", "alias.whatchanged", "!evil")
    found = parts_of("git whatchanged", Place(workspace=str(repository)))
    extra = asyncio.run(care(found, repository, ENV, reads=True, hidden_home=False))
    number = next(name for name, value in extra.items() if value == "alias.whatchanged")
    assert extra[number.replace("KEY", "VALUE")] == "version"
