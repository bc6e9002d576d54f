"""Repositories that a command made or changed below the workspace, and what git would run there.

`git status` in a workspace also asks the repositories inside it, and git obeys the settings of
each. Those that were there are held by mounts; new ones are looked at when the command is over.
"""

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MAX_SETTINGS = 1 << 20
_MAX_LINK = 4_096
KEPT = ".kept-by-loopdeck"
# Settings that name programs, other settings, or another place to look for either.
_RUNS = re.compile(
    rb"^\s*(?:fsmonitor|hookspath|sshcommand|pager|editor|askpass|gitproxy|external|textconv"
    rb"|command|cmd|clean|smudge|process|driver|program|helper|difffilter|packobjectshook"
    rb"|worktree|path|update|uploadpack|receivepack|vcs|defaultkeycommand)\s*="
    rb"|^\s*\[\s*(?:alias|include|includeif|hook)\b",
    re.IGNORECASE | re.MULTILINE,
)


def git_folder(repository: str) -> str:
    """The folder with a repository's settings, wherever its `.git` points; empty for none."""
    path = f"{repository}/.git"
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return path
        with open(path, "rb") as file:  # noqa: PTH123 - the name may hold anything
            line = file.read(_MAX_LINK).decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""
    if not line.startswith("gitdir:"):
        return ""
    return os.path.realpath(os.path.join(repository, line.removeprefix("gitdir:").strip()))  # noqa: PTH118


def settings_of(repository: str) -> list[str]:
    """The folders in which git looks for a repository's settings: its own, and a shared one."""
    git = git_folder(repository)
    return with_shared(git) if git else []


def with_shared(git: str) -> list[str]:
    """A folder of settings, and the one that it shares with others."""
    common = _read(f"{git}/commondir")[:_MAX_LINK].decode("utf-8", "surrogateescape").strip()
    return [git, os.path.realpath(os.path.join(git, common))] if common else [git]  # noqa: PTH118


@dataclass(frozen=True, slots=True)
class Nested:
    """The settings of every repository inside, as they were before a command."""

    marks: dict[str, tuple[object, ...]]

    @classmethod
    def before(cls, gits: Iterable[str]) -> "Nested":
        """Remember each of these folders of settings."""
        return cls({git: _mark(git) for git in gits})

    def disarm(self, gits: Iterable[str]) -> tuple[str, ...]:
        """Put aside what git would run in repositories that are new or changed; the files."""
        changed = [git for git in gits if self.marks.get(git) != _mark(git)]
        return tuple(path for git in changed for path in _armed(git) if put_aside(path))


def explain(paths: Sequence[str], root: str) -> str:
    """A sentence about what was put aside."""
    if not paths:
        return ""
    names = ", ".join(path.removeprefix(f"{root}/") for path in paths)
    return (
        f"[git would run programs that were set up in {names}: put aside as *{KEPT}; "
        "your human can look at them and put them back]"
    )


def _mark(git: str) -> tuple[object, ...]:
    return tuple(_stamp(f"{git}/{name}") for name in ("config", "config.worktree", "hooks"))


def _stamp(path: str) -> object:
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _armed(git: str) -> Iterator[str]:
    """The files of a repository that make git run something."""
    for name in ("config", "config.worktree"):
        if _RUNS.search(_read(f"{git}/{name}")):
            yield f"{git}/{name}"
    with contextlib.suppress(OSError), os.scandir(f"{git}/hooks") as hooks:
        for hook in hooks:
            if not hook.name.endswith((".sample", KEPT)):
                yield hook.path


def _read(path: str) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return file.read(_MAX_SETTINGS)
    except OSError:
        return b""


def put_aside(path: str) -> bool:
    """Give a file a name under which nothing runs it; False where that cannot be done."""
    try:
        Path(path).replace(f"{path}{KEPT}")
    except OSError:
        return False
    return True
