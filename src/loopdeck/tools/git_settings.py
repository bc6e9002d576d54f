"""What git would obey in a folder: the settings of every repository a command may look at.

Reading them runs nothing but git itself, which is kept from running anything.
"""

import asyncio
import contextlib
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from loopdeck.errors import ToolError

# Settings that name a program wherever git is used, each with a value that runs nothing.
ALWAYS = {
    "core.alternaterefscommand": ":",
    "core.askpass": "",
    "core.editor": ":",
    "core.fsmonitor": "false",
    "core.hookspath": "/dev/null",
    "core.pager": "cat",
    "core.sshcommand": "false",
    "credential.helper": "",
    "log.showsignature": "false",
    "sequence.editor": ":",
}
OFFLINE = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone fetches what it lacks, even for a read
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_LISTING = ("config", "--list", "-z", "--show-scope", "--includes")
_SEPARATORS = re.compile(r"[\s;&|()<>'\"=]+")
_MAX_WORDS = 200
_MAX_FOLDERS = 24
_MAX_REPOSITORIES = 60
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as git reads it: `scope` is system, global, local, worktree or command."""

    scope: str
    key: str
    value: str


def as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings in the form in which the environment gives them, where they win over every file."""
    made = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for number, (key, value) in enumerate(settings.items()):
        made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return made


async def settings_for(git: str, command: str, root: Path, env: Mapping[str, str]) -> list[Setting]:
    """The settings of every repository that the words of a command lead to, submodules included.

    Raises `ToolError` where there are too many to look at.
    """
    found: list[Setting] = []
    left = [str(folder) for folder in _folders(command, root)]
    seen: set[str] = set()
    while left:
        folder = left.pop()
        top = await _top(git, folder, env)
        if top in seen:
            continue
        seen.add(top)
        if len(seen) > _MAX_REPOSITORIES:
            raise ToolError("There are too many repositories to look at. Nothing ran.")
        found += parse(await _ask(git, folder, env, *_LISTING))
        left += await _submodules(git, top, env)
    return found


def settings_at(git: str, folder: Path, env: Mapping[str, str]) -> list[Setting]:
    """The settings that hold in one folder; none where git does not answer."""
    try:
        done = subprocess.run(
            (git, "-C", str(folder), *_LISTING),
            env={**env, **as_environment(ALWAYS), **OFFLINE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return parse(done.stdout)


def parse(listed: bytes) -> list[Setting]:
    """What `git config --list -z --show-scope` printed; our own overrides are left out."""
    words = listed.decode("utf-8", "surrogateescape").split("\0")
    pairs = zip(words[::2], words[1::2], strict=False)
    found = ((scope, *pair.partition("\n")[::2]) for scope, pair in pairs)
    return [Setting(*parts) for parts in found if parts[0] != "command"]


@lru_cache(maxsize=8)
def version(git: str, _changed_ns: int) -> tuple[int, int]:
    """The version of a program; (0, 0) where it does not say."""
    try:
        done = subprocess.run(
            (git, "--version"), env={}, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    match = re.search(rb"git version (\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _folders(command: str, root: Path) -> list[Path]:
    """The workspace, and every folder in it that a word of the command may mean."""
    words = _SEPARATORS.split(command)
    with contextlib.suppress(ValueError):
        words += shlex.split(command)
    found = [root]
    for word in dict.fromkeys(words[:_MAX_WORDS]):
        if not word or "\0" in word:
            continue
        for base in tuple(found):
            path = Path(base, word)
            with contextlib.suppress(OSError):  # too long for a name, or not ours to look at
                if path.is_dir() and path not in found:
                    found.append(path)
        if len(found) > _MAX_FOLDERS:
            raise ToolError("It names too many folders for git to be safe. Nothing ran.")
    return found


async def _top(git: str, folder: str, env: Mapping[str, str]) -> str:
    """Where the repository of a folder begins; the folder itself where there is none."""
    said = await _ask(git, folder, env, "rev-parse", "--show-toplevel")
    return os.fsdecode(said).rstrip("\n") or os.path.realpath(folder)


async def _submodules(git: str, top: str, env: Mapping[str, str]) -> list[str]:
    """Repositories inside a repository, which git looks into by itself."""
    listed = await _ask(git, top, env, "ls-files", "--stage", "-z")
    return list(_links(listed, top))


def _links(listed: bytes, top: str) -> Iterator[str]:
    for line in listed.split(b"\0"):
        if line.startswith(b"160000 "):
            path = Path(top, os.fsdecode(line.partition(b"\t")[2]))
            if os.path.lexists(path / ".git"):
                yield str(path)


async def _ask(git: str, folder: str, env: Mapping[str, str], *words: str) -> bytes:
    """What git prints; nothing where it fails, as it then fails for the command too."""
    process = await asyncio.create_subprocess_exec(
        *_line(git, folder, words),
        env={**env, **as_environment(ALWAYS), **OFFLINE},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            printed, _ = await process.communicate()
    except TimeoutError as error:
        raise ToolError("The repository's settings could not be read in time.") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, 9)
            await process.wait()
    return printed if process.returncode == 0 else b""


def _line(git: str, folder: str, words: Sequence[str]) -> tuple[str, ...]:
    return (git, "--no-pager", "-C", folder, *words)
