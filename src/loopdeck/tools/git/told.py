"""Says which programs a repository has git run, to whoever is asked about a command in it."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence

from loopdeck.tools.git.asking import ALWAYS, OFFLINE, as_environment, version_of
from loopdeck.tools.git.care import OLDEST, innocent
from loopdeck.tools.git.settings import LISTING, Setting, parse

_PATIENCE = 1.0  # somebody waits for the question
_MAX_FOLDERS = 4
_MAX_NAMED = 6
_MAX_LENGTH = 60  # a repository may choose part of the name
_OWN = ("local", "worktree")
# Values with which these start nothing.
_IDLE = frozenset({"", "true", "false", ":", "cat", "/dev/null"})
_NO_PROGRAM = re.compile(r"log\.showsignature|diff\.submodule|help\.format|man\.viewer")


def told(folders: Iterable[str], env: Mapping[str, str]) -> str:
    """The programs that the repositories around these folders configure; empty for none."""
    git = shutil.which("git", path=env.get("PATH"))
    if git is None:
        return ""
    looked = list(folders)[:_MAX_FOLDERS]
    names = list(dict.fromkeys(name for folder in looked for name in _named(git, folder, env)))
    if not names:
        return ""
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    shown = ", ".join(name[:_MAX_LENGTH] for name in names[:_MAX_NAMED])
    return f"this repository configures programs that git runs: {shown}{more}"


def too_old(env: Mapping[str, str]) -> str:
    """The version of a git that cannot be kept innocent; empty for any other, and for none."""
    git = shutil.which("git", path=env.get("PATH"))
    found = version_of(git) if git else OLDEST
    return "" if found >= OLDEST else f"{found[0]}.{found[1]}"


def programs_in(settings: Iterable[Setting]) -> list[str]:
    """Those of a repository's own settings that name a program."""
    return [one.key for one in settings if one.scope in _OWN and _starts(one)]


def _starts(setting: Setting) -> bool:
    key, value = setting.key, setting.value
    if key.startswith("alias."):
        return value.startswith("!")
    known = (key in ALWAYS and not _NO_PROGRAM.fullmatch(key)) or innocent(key) is not None
    return known and value.casefold() not in _IDLE


def _named(git: str, folder: str, env: Mapping[str, str]) -> Sequence[str]:
    try:
        done = subprocess.run(
            (git, "--no-pager", "-C", folder, *LISTING),
            env={**env, **as_environment(ALWAYS), **OFFLINE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ()
    return programs_in(parse(done.stdout))
