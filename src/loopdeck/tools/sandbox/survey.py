"""Looks at this machine and says what a command in this workspace may touch."""

import os
import re
import sys
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from loopdeck.permissions.pathnames import is_below
from loopdeck.tools.ours import ours_below
from loopdeck.tools.sandbox import names
from loopdeck.tools.sandbox.finding import those_in
from loopdeck.tools.sandbox.profile import Access, Profile, layered

_MAX_MODULES = 50
_MAX_SETTINGS = 1 << 20
_HOOKS_PATH = re.compile(r"^\s*hookspath\s*=\s*\"?([^\"\n]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Request:
    """What one command asks of the sandbox. `search` is its PATH.

    A command that is `tidying` takes away whatever git does not have, and fails half-way where
    something in the workspace cannot be moved.

    One that is `lasting` runs while others work in the workspace: nothing is laid over what does
    not exist there, or put back after it, and git's folders are read-only as a whole, since what
    git writes anew is held by no mount any more.
    """

    workspace: Path
    search: str = ""
    network: bool = False
    writes: bool = True
    tidying: bool = False
    lasting: bool = False
    extra: tuple[Path, ...] = ()
    covered: tuple[str, ...] = ()  # files that are not to be read
    repositories: tuple[str, ...] = ()  # folders below the workspace with settings of git


def survey(
    request: Request, *, home: Path, own: Iterable[Path] = (), ours: Container[str] = ()
) -> Profile:
    """The profile for one command, with every path resolved.

    `own` are Loopdeck's own folders; `ours` are empty folders that lie there only for the sandbox
    of another command, and may be gone at any moment.
    """
    workspace, real_home = _real(request.workspace), _real(home)
    mounts = _outside(real_home, request, own)
    mounts[workspace] = Access.WRITE if request.writes else Access.READ
    for path in request.extra:
        mounts[_real(path)] = Access.WRITE
    made: list[str] = []
    watched: list[str] = []
    if workspace == real_home:
        mounts |= dict.fromkeys(_beneath(real_home, names.STARTUP), Access.READ)
    if request.writes:
        made, watched = _guard(workspace, mounts, ours)
        for repository in request.repositories[:_MAX_MODULES]:
            watched += _held(repository, mounts)
    if request.tidying:  # nothing is laid over names that do not exist; they are seen to afterwards
        watched += made
        mounts = {path: access for path, access in mounts.items() if path not in made}
        made = []
    if request.lasting:
        mounts, made, watched = _beside_others(workspace, mounts, made), [], []
    if workspace == real_home:  # what is obeyed may be a secret too, and is not shown then
        mounts |= _hidden(_beneath(real_home, names.HOME_SECRETS))
    _cover(request, workspace, mounts)
    mounts |= _hidden(path for path in map(_real, own) if not is_below(workspace, path))
    return Profile(
        workspace=workspace,
        mounts=layered(mounts),
        network=request.network,
        made=tuple(made),
        empty=tuple(path for path in mounts if mounts[path] is Access.SEALED and _is_empty(path)),
        watched=tuple(watched),
    )


def _beside_others(
    workspace: str, mounts: dict[str, Access], made: Container[str]
) -> dict[str, Access]:
    """The mounts of a command that others work beside: see `Request`."""
    there = {path: access for path, access in mounts.items() if path not in made}
    gits = (path for path in there if path.endswith("/.git") and is_below(path, workspace))
    return there | dict.fromkeys(gits, Access.READ)


def _outside(home: str, request: Request, own: Iterable[Path]) -> dict[str, Access]:
    """Everything but the workspace: homes are empty but for tools, what is shared is private."""
    # Each mount costs time, so there is none for what cannot be read anyway, or is shown already.
    mounts = _hidden(path for path in names.SYSTEM_SECRETS if os.access(path, os.R_OK))
    mounts |= {path: Access.PRIVATE for path in map(_real, names.PRIVATE) if _is_folder(path)}
    mounts |= {path: Access.SEALED for path in names.OTHERS if _is_folder(path)}
    mounts[home] = Access.PRIVATE
    shared = (*names.RUN_NEEDED, *names.SHARED_TOOLCHAINS)
    needed = [path for path in shared if os.path.lexists(path)]
    needed += _beneath(home, names.TOOLCHAINS)
    needed += _programs(home, request, [_real(path) for path in own])
    outermost = [path for path in needed if not any(_beyond(path, other) for other in needed)]
    return mounts | dict.fromkeys(outermost, Access.READ)


def _programs(home: str, request: Request, own: list[str]) -> Iterator[str]:
    """What a home holds of PATH and of our own Python, unless it holds what is kept back too."""
    kept_back = [_real(request.workspace), *own, *_beneath(home, names.HOME_SECRETS)]
    places = (home, *names.OTHERS)
    for folder in (*request.search.split(os.pathsep), sys.base_prefix):
        real = _toolchain(folder) if folder.startswith("/") else ""
        if real in places or not any(is_below(real, place) for place in places):
            continue
        if any(is_below(path, real) or is_below(real, path) for path in kept_back):
            continue
        if _is_folder(real):
            yield real


def _toolchain(folder: str) -> str:
    """Where the toolchain is that a folder of PATH belongs to: programs call what is beside them.

    It is worked out once for as long as it is the same folder.
    """
    try:
        status = os.stat(folder)  # noqa: PTH116 - each of PATH, before each command
    except OSError:
        return _whole(os.path.realpath(folder))
    return _known(folder, status.st_dev, status.st_ino)


@lru_cache(maxsize=500)
def _known(folder: str, _device: int, _inode: int) -> str:
    return _whole(os.path.realpath(folder))


def _whole(folder: str) -> str:
    for name in names.TOOLCHAINS:
        at = f"{folder}/".find(f"/{name}/")
        if at >= 0:
            return folder[: at + 1 + len(name)]
    return folder


def _guard(
    workspace: str, mounts: dict[str, Access], ours: Container[str]
) -> tuple[list[str], list[str]]:
    """Keep what other programs obey as it is; returns the missing and the unguardable names."""
    made: list[str] = []
    watched: list[str] = []
    mounts |= dict.fromkeys(ours_below(workspace), Access.READ)
    all_names = (*names.PLANTABLE, *names.OBEYED)
    there = frozenset(those_in(workspace, all_names))
    for name in all_names:
        path = f"{workspace}/{name}"
        if name in there and os.path.islink(path):  # noqa: PTH114 - text, as the mounts are
            watched.append(path)
        elif name in there and path not in ours:
            mounts[path] = Access.SEALED if _is_empty(path) else Access.READ
        elif name in names.PLANTABLE:
            mounts[path] = Access.SEALED
            made.append(path)
    git = f"{workspace}/.git"
    if mounts.get(git) is Access.READ and _is_folder(git):
        # A mount of its own, as a folder with mounts inside could still be moved aside.
        mounts[git] = Access.WRITE
        for folder in (git, *modules(git)):
            if f"{folder}/hooks" in ours or not os.path.lexists(f"{folder}/hooks"):
                mounts[f"{folder}/hooks"] = Access.SEALED
                made.append(f"{folder}/hooks")
            obeyed = [path for path in _beneath(folder, names.GIT_OBEYED) if path not in made]
            mounts |= dict.fromkeys(obeyed, Access.READ)
            watched += [f"{folder}/{name}" for name in (*names.GIT_OBEYED, *names.GIT_WATCHED)]
        watched = [path for path in watched if path not in mounts]
        mounts |= dict.fromkeys(hook_folders(workspace, git), Access.READ)
    return made, watched


def _cover(request: Request, workspace: str, mounts: dict[str, Access]) -> None:
    """Keep files from being read, under any name: a folder that is a mount keeps its own.

    What may write might take a text of ours for that of the file, as git does for a commit.
    """
    cover = Access.BARRED if request.writes else Access.COVERED
    mounts |= dict.fromkeys(request.covered, cover)
    for file in request.covered if request.writes else ():
        folders = file.removeprefix(f"{workspace}/").split("/")[:-1] if file != workspace else []
        folder = workspace
        for name in folders:
            folder = f"{folder}/{name}"
            if mounts.get(folder, Access.WRITE) is not Access.WRITE:
                break
            mounts[folder] = Access.WRITE


def _held(repository: str, mounts: dict[str, Access]) -> list[str]:
    """Keep the settings of a repository inside the workspace; returns what cannot be guarded."""
    git = f"{repository}/.git"
    if not _is_folder(git) or os.path.islink(git):  # noqa: PTH114
        return [git]
    mounts[git] = Access.WRITE
    obeyed = [path for path in _beneath(git, names.GIT_OBEYED) if os.path.lexists(path)]
    mounts |= dict.fromkeys(obeyed, Access.READ)
    missing = [f"{git}/{name}" for name in (*names.GIT_OBEYED, *names.GIT_WATCHED)]
    return [path for path in missing if path not in mounts]


def modules(git: str) -> list[str]:
    """The repositories of submodules, which have hooks and settings of their own."""
    found: list[str] = []
    for folder, folders, files in os.walk(f"{git}/modules"):
        if "config" in files and "HEAD" in files:
            found.append(folder)
            folders[:] = [name for name in folders if name == "modules"]
        if len(found) >= _MAX_MODULES:
            break
    return found


def hook_folders(workspace: str, git: str) -> Iterator[str]:
    """The folder in the workspace that git was told to take hooks from, if there is one."""
    try:
        with open(f"{git}/config", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            settings = file.read(_MAX_SETTINGS)
    except OSError:
        return
    for match in _HOOKS_PATH.finditer(settings):
        path = os.path.realpath(os.path.join(workspace, match[1].strip()))  # noqa: PTH118
        if path.startswith(f"{workspace}/") and os.path.lexists(path):
            yield path


def _hidden(paths: Iterable[str]) -> dict[str, Access]:
    found = [path for path in paths if os.path.lexists(path)]
    return {path: Access.SEALED if _is_folder(path) else Access.BLANK for path in found}


def _beneath(folder: str, below: tuple[str, ...]) -> list[str]:
    """Those of the names that exist; a link counts as what it leads to, within the folder."""
    real = (os.path.realpath(f"{folder}/{name}") for name in those_in(folder, below))
    return [path for path in real if os.path.lexists(path) and path.startswith(f"{folder}/")]


def _beyond(path: str, folder: str) -> bool:
    return path != folder and is_below(path, folder)


def _is_empty(path: str) -> bool:
    """Whether it is a folder with nothing in it, as another sandbox may have put there."""
    try:
        with os.scandir(path) as inside:
            return next(inside, None) is None
    except OSError:
        return False


def _is_folder(path: str) -> bool:
    """False, too, for what may not be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 - a `Path` raises for that


def _real(path: Path | str) -> str:
    return os.path.realpath(path)
