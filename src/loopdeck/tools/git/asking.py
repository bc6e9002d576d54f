"""Runs git to ask it about itself, so that it runs nothing and goes nowhere meanwhile."""

import asyncio
import contextlib
import os
import re
import subprocess
from collections.abc import Mapping
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
    "diff.submodule": "short",
    "help.format": "man",
    "log.showsignature": "false",
    "man.viewer": "man",
    "sequence.editor": ":",
}
OFFLINE = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone fetches what it lacks, even for a read
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_PATIENCE = 5.0


def as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings in the form in which the environment gives them, where they win over every file."""
    made = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for number, (key, value) in enumerate(settings.items()):
        made |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return made


async def ask(git: str, folder: str, env: Mapping[str, str], *words: str) -> bytes | None:
    """What git prints; None where it fails, as it then fails for the command too."""
    process = await asyncio.create_subprocess_exec(
        *(git, "--no-pager", "-C", folder, *words),
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
    return printed if process.returncode == 0 else None


def version_of(git: str) -> tuple[int, int]:
    """The version of a program; (0, 0) where it does not say."""
    try:
        return _version(git, Path(git).stat().st_mtime_ns)
    except OSError:
        return 0, 0


@lru_cache(maxsize=8)
def _version(git: str, _changed_ns: int) -> tuple[int, int]:
    try:
        done = subprocess.run(
            (git, "--version"), env={}, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    match = re.search(rb"git version (\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)
