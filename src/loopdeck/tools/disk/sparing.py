"""Whether nothing would be lost with what lies at a path: git has it, or nobody made it."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from loopdeck.permissions.caches import BYTECODE, CACHES
from loopdeck.tools.disk.making import blob_of, is_kept
from loopdeck.tools.git.index import kept_blob, tracked
from loopdeck.tools.git.lists import Asking, TooLate

_MOST_NAMES = 20_000
_MOST = 2_000  # entries that are looked at for one question
_STAGED = ("diff-index", "--cached", "--no-renames", "--name-only", "-z", "HEAD", "--")
_TAG = "CACHEDIR.TAG"


class _TooMany(Exception):
    """There is more than is worth looking at."""


class Sparing:
    """Knows one workspace. `made` says which files the session's log has whole.

    What is staged and not committed does not count: the next thing that is staged takes its place.
    """

    def __init__(self, root: Path, made: Callable[[str], bool], environ: Mapping[str, str]) -> None:
        self._root = root
        self._made = made
        self._environ = environ

    def spares(self, path: str) -> bool:
        """The answer for one path from the top of the workspace; a folder goes with all in it.

        Where nothing is, nothing is lost. What a command moves there first it says by itself, and
        what comes there before it starts is found when it is judged again.
        """
        place = str(self._root / path)
        try:
            if "\0" not in place and not os.path.lexists(place):
                return True
            asked = [one for one in _files(place) if not self._is_nobodys(one)]
            kept = all(map(self._is_in_git, asked))
        except (OSError, ValueError, _TooMany):
            return False
        return kept and (not asked or self._is_committed(path))

    def spares_named(self, folder: str, pattern: str, *, ahead: bool = False) -> bool:
        """The same of all files in a folder, at any depth, whose names are like a pattern.

        What is asked `ahead` may find some where there are none now.
        """
        asked, looked = list[str](), 0
        for place, folders, names in os.walk(self._root / folder):
            looked += len(folders) + len(names)
            if looked > _MOST_NAMES:
                return False
            links = [name for name in folders if os.path.islink(f"{place}/{name}")]  # noqa: PTH114
            like = (name for name in (*names, *links) if fnmatchcase(name, pattern))
            asked += (f"{place}/{name}" for name in like)
        try:
            others = [one for one in asked if not self._is_nobodys(one)]
            kept = bool(asked or not ahead) and all(map(self._is_in_git, others))
        except (OSError, ValueError):
            return False
        return kept and (not others or self._is_committed(folder))

    def in_git(self, path: str) -> bool:
        """Whether git has just what is in a file, in the commit it works on."""
        return self._is_in_git(str(self._root / path)) and self._is_committed(path)

    def _is_nobodys(self, place: str) -> bool:
        """Whether there is nothing in a file, or what a program or this session put there."""
        status = os.lstat(place)
        if not stat.S_ISREG(status.st_mode):
            return False
        made = self._made(place.removeprefix(f"{self._root}/"))
        return made or not status.st_size or _is_bytecode(place)

    def _is_in_git(self, place: str) -> bool:
        name = place.removeprefix(f"{self._root}/")
        if os.path.islink(place):  # noqa: PTH114 - text
            return kept_blob(self._root, name) == blob_of(os.fsencode(os.readlink(place)))  # noqa: PTH115
        git = tracked(self._root)
        return git is not None and git.has(place) and (git.is_clean(place) or self._is_kept(name))

    def _is_committed(self, path: str) -> bool:
        asking = Asking.begin(str(self._root), self._environ)
        try:
            return asking.ask("--literal-pathspecs", *_STAGED, path) == []
        except TooLate:
            return False

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
