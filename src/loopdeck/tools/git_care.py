"""Makes git innocent: a read runs no program that a repository, or its human, has configured.

Git obeys the settings of any repository it looks at, and many settings are programs: `git status`
and `git diff` run them. Settings given by the environment win over those of every file, so each
program that is configured gets an innocent value by its name.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.session.values import Assessment, Category, Reason
from loopdeck.tools.git_settings import (
    ALWAYS,
    OFFLINE,
    Setting,
    as_environment,
    settings_at,
    settings_for,
    version,
)

_MENTIONED = re.compile(r"\bgit\b")
_MOVES = re.compile(r"(?:\b(?:cd|pushd)|\s-C)(?![^\s;&|)])\s*(?:--\s+)?([^\s;&|)]*)|-execdir\b")
_EXPANDS = frozenset("$`*?[{~")
_MAX_OVERRIDES = 400
_OLDEST = (2, 31)  # the first git that takes settings from the environment

# A plain comparison in place of a configured one: git hands over path, old, …, new file.
_PLAIN_DIFF = 'show() { diff -u -L "a/$1" -L "b/$1" "$2" "$5"; true; }; show'
# Programs by the name of their setting; the middle part is the repository's own choice.
_PROGRAMS = tuple(
    (re.compile(pattern, re.DOTALL), innocent)
    for pattern, innocent in (
        (r"filter\..*\.(?:clean|smudge|process)", ""),
        (r"diff\.(?:.*\.command|external)", _PLAIN_DIFF),
        (r"diff\..*\.textconv", "cat"),
        (r"gpg\.(?:openpgp\.)?program", "gpg"),
        (r"gpg\.ssh\.program", "ssh-keygen"),
        (r"gpg\.x509\.program", "gpgsm"),
        (r"gpg\.ssh\.defaultkeycommand", ":"),
        (r"merge\..*\.driver", "false"),
        (r"pager\..*", "false"),
        (r"tar\..*\.command", "cat"),
        (r"trailer\..*\.(?:command|cmd)", ":"),
        (r"interactive\.difffilter", "cat"),
        (r"credential\..*\.helper", ""),
        (r"uploadpack\.packobjectshook", ":"),
    )
)
# What a human has set for all repositories and a sandbox hides; nothing here is a program.
_PERSONAL = frozenset(
    {
        "core.autocrlf",
        "core.eol",
        "core.quotepath",
        "core.safecrlf",
        "diff.algorithm",
        "init.defaultbranch",
        "merge.conflictstyle",
        "pull.ff",
        "pull.rebase",
        "safe.directory",
        "user.email",
        "user.name",
    }
)


def mentions_git(command: str) -> bool:
    """Whether a command may run git."""
    return _MENTIONED.search(command) is not None


def knows_where(command: str) -> bool:
    """False where only the shell will know in which folder git looks."""
    return all(match[1] and _EXPANDS.isdisjoint(match[1]) for match in _MOVES.finditer(command))


def settled(assessment: Assessment, command: str) -> Assessment:
    """The verdict on a command; a read of git in a folder that nobody knows yet is none."""
    is_read = assessment.category is Category.READ
    if not is_read or not mentions_git(command) or knows_where(command):
        return assessment
    reason = Reason(text="only the shell knows which repository git obeys here")
    return assessment.model_copy(
        update={"category": Category.UNKNOWN, "reasons": (reason, *assessment.reasons)}
    )


async def care(
    command: str, root: Path, env: Mapping[str, str], *, reads: bool, hidden_home: bool
) -> dict[str, str]:
    """What to add to the environment of a command that may run git.

    A plain read gets settings with which git runs nothing; where the home is hidden, a human's own
    harmless settings, such as their name, come along. Raises `ToolError` where a read cannot be
    made innocent.
    """
    git = shutil.which("git", path=env.get("PATH", os.defpath))
    if git is None or not mentions_git(command) or not (reads or hidden_home):
        return {}
    if not reads:
        return as_environment(_personal(await asyncio.to_thread(settings_at, git, root, env)))
    _must_be_possible(git, command)
    found = await settings_for(git, command, root, env)
    wanted = {**(_personal(found) if hidden_home else {}), **_innocent(found)}
    if len(wanted) > _MAX_OVERRIDES:
        raise ToolError(
            "This repository configures more programs than can be kept from running. Nothing ran."
        )
    return {**as_environment(wanted), **OFFLINE}


def _must_be_possible(git: str, command: str) -> None:
    if not knows_where(command):
        raise ToolError(
            "Only the shell knows in which folder this runs git, and what that repository "
            "configures could run. Name the folder as plain text. Nothing ran."
        )
    found = version(git, Path(git).stat().st_mtime_ns)
    if found < _OLDEST:
        raise ToolError(
            f"This git ({found[0]}.{found[1]}) cannot be kept from running what a repository "
            f"configures; {_OLDEST[0]}.{_OLDEST[1]} can. Nothing ran."
        )


def _innocent(found: Iterable[Setting]) -> dict[str, str]:
    """An override for every program that is configured, and for those that always are."""
    wanted = dict(ALWAYS)
    bare = False
    for setting in found:
        if (value := _override(setting.key)) is not None:
            wanted[setting.key] = value
        if setting.key.startswith("filter."):  # without its program a required filter only fails
            wanted[f"{setting.key.rpartition('.')[0]}.required"] = "false"
        bare = bare or (setting.key == "core.bare" and setting.value == "true")
    if not bare:
        wanted["safe.barerepository"] = "explicit"  # none that hides among ordinary files
    return wanted


def _override(key: str) -> str | None:
    return next((innocent for pattern, innocent in _PROGRAMS if pattern.fullmatch(key)), None)


def _personal(found: Iterable[Setting]) -> dict[str, str]:
    settings = list(found)
    local = {setting.key for setting in settings if setting.scope in ("local", "worktree")}
    return {
        setting.key: setting.value
        for setting in settings
        if setting.scope == "global" and setting.key in _PERSONAL and setting.key not in local
    }
