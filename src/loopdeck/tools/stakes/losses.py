"""What a deletion would take away: counted by walking the disk, within a short time."""

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from loopdeck.session.values import Losses
from loopdeck.tools.disk.expanding import matching, names_in
from loopdeck.tools.disk.paths import Target, Workspace, printable
from loopdeck.tools.disk.walk import walk
from loopdeck.tools.git.index import Tracked, tracked

FIRST = 20
MAX_ENTRIES = 10_000
MAX_TRACKED = 100_000
MAX_SECONDS = 0.2


class _Spent(Exception):
    """There is more than can be counted in time."""


class _Walk:
    """Goes over files, and gives up where there are too many or it takes too long."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = clock() + MAX_SECONDS
        self._left = MAX_ENTRIES

    def files(self, path: str) -> Iterator[tuple[str, int]]:
        """Every file at or below a path, with its size; links are not followed."""
        self.spend()
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return
        if not stat.S_ISDIR(status.st_mode):
            yield path, status.st_size
            return
        for name in names_in(path):
            yield from self.files(f"{path.rstrip('/')}/{name}")

    def spend(self) -> None:
        """One more was looked at."""
        self._left -= 1
        if self._left < 0 or self._clock() > self._until:
            raise _Spent


def losses(
    workspace: Workspace,
    paths: Sequence[str],
    *,
    patterns: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Losses, bool]:
    """What is at and below these paths, and whether all of it could be counted.

    With `patterns`, they mean to the shell what they would mean in a command.
    """
    walk = _Walk(clock)
    found: dict[str, int] = {}
    whole = True
    try:
        for path in paths:
            place = _absolute(workspace.root, path)
            for match in matching(place, walk.spend) if patterns else (place,):
                found.update(walk.files(match))
    except _Spent:
        whole = False
    return _told(found, workspace.root, tracked(workspace.root)), whole


def losses_of(target: Target, size: int) -> Losses:
    """What is lost with one file."""
    git = tracked(target.root)
    untracked = None if git is None else int(not git.has(str(target.real)))
    return Losses(count=1, bytes=size, untracked=untracked, first=(target.shown,))


def edited_files(
    workspace: Workspace, clock: Callable[[], float] = time.monotonic
) -> tuple[list[str], bool]:
    """The files that no longer are as git saw them last, as far as size and time tell.

    And whether all of them could be looked at.
    """
    git = tracked(workspace.root)
    if git is None:
        return [], True
    found: list[str] = []
    until, root = clock() + MAX_SECONDS, str(git.root)
    for count, (name, (size, changed, _)) in enumerate(git.files.items()):
        if count >= MAX_TRACKED or clock() > until:
            return found, False
        path = f"{root}/{name}"
        try:
            status = os.lstat(path)
        except OSError:
            continue
        if status.st_size % 2**32 != size or status.st_mtime_ns != changed:
            found.append(path)
    return found, True


def untracked_files(
    workspace: Workspace, clock: Callable[[], float] = time.monotonic
) -> tuple[list[str], bool]:
    """The files that git neither has nor is told to ignore, and whether all were looked at.

    None without git.
    """
    git = tracked(workspace.root)
    if git is None:
        return [], True
    found: list[str] = []
    until = clock() + MAX_SECONDS
    for count, entry in enumerate(walk(workspace, workspace.root)):
        if count >= MAX_ENTRIES or clock() > until:
            return found, False
        place = str(workspace.root / entry.path)
        if not entry.is_folder and not git.has(place):
            found.append(place)
    return found, True


def _told(found: dict[str, int], root: Path, git: Tracked | None) -> Losses:
    shown = [printable(_relative(path, root)) for path in sorted(found)[:FIRST]]
    return Losses(
        count=len(found),
        bytes=sum(found.values()),
        untracked=None if git is None else sum(not git.has(path) for path in found),
        first=tuple(shown),
    )


def _absolute(root: Path, path: str) -> str:
    if path == "~" or path.startswith("~/"):
        path = str(Path.home()) + path[1:]
    return os.path.normpath(os.path.join(root, path))  # noqa: PTH118 - patterns are no paths


def _relative(path: str, root: Path) -> str:
    return path.removeprefix(f"{root}/")
