"""Makes git innocent: a read runs no program that a repository, or its human, has configured.

Git obeys the settings of any repository it looks at, and many settings are programs: `git status`
and `git diff` run them. Settings given by the environment win over those of every file, so each
program that is configured gets an innocent value by its name.
"""

import contextlib
import os
import posixpath
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, Category, Reason
from loopdeck.tools.git.asking import ALWAYS, OFFLINE, as_environment, version_of
from loopdeck.tools.git.printed import printed_by
from loopdeck.tools.git.settings import GitSettings, Setting

_MAX_OVERRIDES = 400
_PLAIN = {**as_environment(ALWAYS), **OFFLINE}
OLDEST = (2, 31)  # the first git that takes settings from the environment

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
        (r"man\..*\.cmd", ":"),
        (r"man\..*\.path", "man"),
        (r"merge\..*\.driver", "false"),
        (r"pager\..*", "false"),
        (r"tar\..*\.command", "cat"),
        (r"trailer\..*\.(?:command|cmd)", ":"),
        (r"interactive\.difffilter", "cat"),
        (r"credential\..*\.helper", ""),
        (r"uploadpack\.packobjectshook", ":"),
        (r"hook\..*\.command", ":"),
        (r"alias\..*", "version"),  # newer ones let an alias stand for an old command
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


def where_git_runs(parts: Iterable[Part]) -> list[str] | None:
    """Every folder in which a command runs git, as far as that is known; None where it does not."""
    runs = [part.folders for part in parts if posixpath.basename(part.words[0]) == "git"]
    return list(dict.fromkeys(folder for folders in runs for folder in folders)) if runs else None


def settled(assessment: Assessment, parts: Sequence[Part]) -> Assessment:
    """The verdict on a command; a read of git in a folder that nobody knows yet is none."""
    if assessment.category is not Category.READ or not _runs_anywhere(parts):
        return assessment
    reason = Reason(text="only the shell knows which repository git obeys here")
    return assessment.model_copy(
        update={"category": Category.UNKNOWN, "reasons": (reason, *assessment.reasons)}
    )


def _runs_anywhere(parts: Iterable[Part]) -> bool:
    return any(posixpath.basename(part.words[0]) == "git" and not part.folders for part in parts)


async def care(
    parts: Sequence[Part], root: Path, env: Mapping[str, str], *, reads: bool, hidden_home: bool
) -> dict[str, str]:
    """What to add to the environment of a command that may run git.

    A plain read gets settings with which git runs nothing, whoever starts it; where the home is
    hidden, a human's own harmless settings, such as their name, come along. Raises `ToolError`
    where a read cannot be made innocent.
    """
    folders = where_git_runs(parts)
    if folders is None:  # some program may start it all the same
        return dict(_PLAIN) if reads else {}
    git = shutil.which("git", path=env.get("PATH", os.defpath))
    if git is None or not (reads or hidden_home):
        return {}
    if not reads:
        return await _own(git, root, env)
    _must_be_possible(git, parts)
    found = await _settings().of(git, folders, env)
    if setting := printed_by(parts, found, folders, os.path.realpath(root)):
        raise ToolError(
            f"This repository has git read a file of its choice ({setting.key}), and git would "
            "print lines of it. Nothing ran."
        )
    wanted = {**(_personal(found) if hidden_home else {}), **_innocent(found)}
    if len(wanted) > _MAX_OVERRIDES:
        raise ToolError(
            "This repository configures more programs than can be kept from running. Nothing ran."
        )
    return {**as_environment(wanted), **OFFLINE}


async def _own(git: str, root: Path, env: Mapping[str, str]) -> dict[str, str]:
    """A human's own harmless settings, for what they let run; without them it runs as well."""
    with contextlib.suppress(ToolError):
        return as_environment(_personal(await _settings().at(git, str(root), env)))
    return {}


@lru_cache(maxsize=1)
def _settings() -> GitSettings:
    return GitSettings(time.time_ns)


def _must_be_possible(git: str, parts: Sequence[Part]) -> None:
    if _runs_anywhere(parts):
        raise ToolError(
            "Only the shell knows in which folder this runs git, and what that repository "
            "configures could run. Name the folder as plain text. Nothing ran."
        )
    found = version_of(git)
    if found < OLDEST:
        raise ToolError(
            f"This git ({found[0]}.{found[1]}) cannot be kept from running what a repository "
            f"configures; {OLDEST[0]}.{OLDEST[1]} can. Nothing ran."
        )


def _innocent(found: Iterable[Setting]) -> dict[str, str]:
    """An override for every program that is configured, and for those that always are."""
    wanted = dict(ALWAYS)
    bare = False
    for setting in found:
        if (value := innocent(setting.key)) is not None:
            wanted[setting.key] = value
        if setting.key.startswith("filter."):  # without its program a required filter only fails
            wanted[f"{setting.key.rpartition('.')[0]}.required"] = "false"
        bare = bare or (setting.key == "core.bare" and setting.value == "true")
    if not bare:
        wanted["safe.barerepository"] = "explicit"  # none that hides among ordinary files
    return wanted


def innocent(key: str) -> str | None:
    """What a setting that names a program has to be, so that nothing runs; None for any other."""
    return next((value for pattern, value in _PROGRAMS if pattern.fullmatch(key)), None)


def _personal(found: Iterable[Setting]) -> dict[str, str]:
    settings = list(found)
    local = {setting.key for setting in settings if setting.scope in ("local", "worktree")}
    return {
        setting.key: setting.value
        for setting in settings
        if setting.scope == "global" and setting.key in _PERSONAL and setting.key not in local
    }
