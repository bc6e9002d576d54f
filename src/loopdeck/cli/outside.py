"""Finds a human's own programs, such as an editor, and none that an agent could have made."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path


def program_outside(name: str, env: Mapping[str, str], *places: str) -> str:
    """The full path of a program; `places` are workspaces beside the folder one is in.

    No sandbox holds what is run for a human, so a folder of `PATH` that belongs to a project is
    passed over, and a path has to be a full one. Raises `OSError` where there is none.
    """
    if os.sep in name and Path(name).is_absolute():
        return name
    path = path_outside(env, *places)
    found = shutil.which(name, path=path) if os.sep not in name and path else None
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return found


def path_outside(env: Mapping[str, str], *places: str) -> str:
    """`PATH` without those folders."""
    return os.pathsep.join(_outside(env, places))


def _outside(env: Mapping[str, str], places: tuple[str, ...]) -> Iterator[str]:
    home = Path(os.path.realpath(env.get("HOME") or "/"))
    named = [Path(os.path.realpath(place)) for place in (os.curdir, *places)]
    # Who is at home, or above it, has their own programs below.
    roots = [root for root in named if not home.is_relative_to(root)]
    for folder in env.get("PATH", os.defpath).split(os.pathsep):
        real = Path(os.path.realpath(folder))
        if folder.startswith("/") and not any(real.is_relative_to(root) for root in roots):
            yield folder
