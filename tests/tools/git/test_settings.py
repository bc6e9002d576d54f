"""Git is asked about a folder once, and again as soon as its answer may be another."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.git.settings import GitSettings
from tests.support.traps import ENV, git

LATER = 10**12  # long after every file was made


@dataclass
class Asked:
    """Settings as git gives them, and how often it was started for them."""

    log: Path
    program: Path
    env: dict[str, str]
    settings: GitSettings

    async def keys(self, *folders: Path) -> set[str]:
        found = await self.settings.of(str(self.program), [str(one) for one in folders], self.env)
        return {one.key for one in found}

    def starts(self) -> int:
        """How often since the last time."""
        count = len(self.log.read_text().splitlines()) if self.log.exists() else 0
        self.log.unlink(missing_ok=True)
        return count


@pytest.fixture
def asked(repository: Path) -> Asked:
    """Git with somebody who counts; its clock is far ahead, so that nothing seems new."""
    log, program = repository.parent / "log", repository.parent / "counting-git"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    newest = max(path.stat().st_ctime_ns for path in repository.rglob("*"))
    settings = GitSettings(lambda: newest + LATER)
    return Asked(log, program, {**ENV, "HOME": str(repository.parent)}, settings)


async def test_what_git_said_is_kept(asked: Asked, repository: Path) -> None:
    git(repository, "config", "filter.x.clean", "evil")
    first = await asked.keys(repository)
    assert "filter.x.clean" in first
    assert asked.starts() == 3
    assert await asked.keys(repository) == first
    assert asked.starts() == 0


def _set(folder: Path) -> None:
    git(folder, "config", "filter.y.clean", "evil")


def _set_for_all(folder: Path) -> None:
    (folder.parent / ".gitconfig").write_text('[filter "y"]\n\tclean = evil\n')


def _set_for_worktree(folder: Path) -> None:
    git(folder, "config", "extensions.worktreeConfig", "true")
    git(folder, "config", "--worktree", "filter.y.clean", "evil")


def _keep_time(folder: Path) -> None:
    """A change that hides: the same size, and the time it had."""
    path = folder / ".git/config"
    status, text = path.stat(), path.read_text()
    path.write_text(text.replace('"x"', '"y"'))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _begin_above(folder: Path) -> None:
    """The repository is none any more, so the one around it counts."""
    git(folder.parent, "init", "-q")
    git(folder.parent, "config", "filter.y.clean", "evil")
    (folder / ".git/HEAD").unlink()


def _begin_here(folder: Path) -> None:
    git(folder / "part", "init", "-q")
    git(folder / "part", "config", "filter.y.clean", "evil")


def _fill_submodule(folder: Path) -> None:
    git(folder / "module", "init", "-q")
    git(folder / "module", "config", "filter.y.clean", "evil")


@pytest.mark.parametrize(
    "change",
    [
        *(_set, _set_for_all, _set_for_worktree, _keep_time, _begin_above, _begin_here),
        _fill_submodule,
    ],
)
async def test_what_may_have_changed_is_asked_again(
    change: Callable[[Path], None], asked: Asked, repository: Path
) -> None:
    for name in ("part", "module"):
        (repository / name).mkdir()
    git(repository, "config", "filter.x.clean", "evil")
    link = "160000,1111111111111111111111111111111111111111,module"
    git(repository, "update-index", "--add", "--cacheinfo", link)
    part = repository / "part"
    assert "filter.y.clean" not in await asked.keys(part)
    asked.starts()
    change(repository)
    assert "filter.y.clean" in await asked.keys(part)
    assert asked.starts() >= 3


async def test_settings_that_other_files_bring_in_are_asked_each_time(
    asked: Asked, repository: Path
) -> None:
    git(repository, "config", "include.path", "../more")
    await asked.keys(repository)
    asked.starts()
    (repository / "more").write_text('[filter "y"]\n\tclean = evil\n')
    assert "filter.y.clean" in await asked.keys(repository)


async def test_what_changed_just_now_is_asked_again(asked: Asked, repository: Path) -> None:
    newest = max(path.stat().st_ctime_ns for path in repository.rglob("*"))
    asked.settings.clock = lambda: newest
    await asked.keys(repository)
    asked.starts()
    await asked.keys(repository)
    assert asked.starts() == 3


async def test_another_environment_is_another_question(asked: Asked, repository: Path) -> None:
    await asked.keys(repository)
    asked.env["XDG_CONFIG_HOME"] = str(repository)
    (repository / "git").mkdir()
    (repository / "git/config").write_text('[filter "y"]\n\tclean = evil\n')
    assert "filter.y.clean" in await asked.keys(repository)


async def test_too_many_folders_are_refused(asked: Asked, repository: Path) -> None:
    with pytest.raises(ToolError, match="too many folders"):
        await asked.keys(*(repository / str(number) for number in range(30)))


async def test_what_git_does_not_answer_is_not_kept(asked: Asked, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert await asked.keys(empty) == set()
    asked.starts()
    git(empty, "init", "-q")
    git(empty, "config", "filter.y.clean", "evil")
    assert "filter.y.clean" in await asked.keys(empty)
