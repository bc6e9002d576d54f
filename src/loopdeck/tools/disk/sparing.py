"""Whether nothing would be lost with what lies at a path: git has it, or nobody made it."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from loopdeck.permissions.caches import BYTECODE, CACHES
from loopdeck.tools.disk.making import blob_of, is_kept
from loopdeck.tools.git.index import kept_blob, tracked

_MOST = 2_000  # entries that are looked at for one question
_TAG = "CACHEDIR.TAG"


class _TooMany(Exception):
    """There is more than is worth looking at."""


class Sparing:
    """Knows one workspace. `made` says which files the session's log has whole."""

    def __init__(self, root: Path, made: Callable[[str], bool]) -> None:
        self._root = root
        self._made = made

    def spares(self, path: str) -> bool:
        """The answer for one path from the top of the workspace; a folder goes with all in it.

        What is not there may be there by then, so nobody can say that of it.
        """
        place = str(self._root / path)
        try:
            return os.path.lexists(place) and all(map(self._is_spared, _files(place)))
        except (OSError, ValueError, _TooMany):
            return False

    def _is_spared(self, place: str) -> bool:
        status = os.lstat(place)
        name = place.removeprefix(f"{self._root}/")
        if stat.S_ISLNK(status.st_mode):
            return kept_blob(self._root, name) == blob_of(os.fsencode(os.readlink(place)))  # noqa: PTH115
        if not stat.S_ISREG(status.st_mode):
            return False
        if not status.st_size or _is_bytecode(place) or self._made(name):
            return True
        git = tracked(self._root)
        return git is not None and git.has(place) and (git.is_clean(place) or self._is_kept(name))

    def _is_kept(self, name: str) -> bool:
        return is_kept(self._root, name)


def _files(top: str) -> Iterator[str]:
    """What is not a folder, at and below a path; what programs keep for themselves is left out."""
    left, looked = [top], 0
    while left:
        place = left.pop()
        if os.path.islink(place) or not os.path.isdir(place):  # noqa: PTH112, PTH114 - text
            yield place
        elif not _is_cache(place):
            names = os.listdir(place)  # noqa: PTH208 - names are all that is needed
            looked += len(names)
            if looked > _MOST:
                raise _TooMany
            left += [f"{place}/{name}" for name in names]


def _is_cache(place: str) -> bool:
    """A folder that a program has marked itself as one that it makes anew."""
    return os.path.basename(place) in CACHES and os.path.isfile(f"{place}/{_TAG}")  # noqa: PTH113, PTH119


def _is_bytecode(place: str) -> bool:
    """What Python compiled beside a source, by its name and by how it begins."""
    folder, _, name = place.rpartition("/")
    if not (name.endswith(".pyc") and folder.endswith(f"/{BYTECODE}")):
        return False
    with open(place, "rb") as file:  # noqa: PTH123 - the name may hold anything
        return file.read(4)[2:] == b"\r\n"
