"""What lies in a workspace that a command must not come upon by chance: secrets, repositories.

Also what other programs obey, so that it is seen when a command makes or changes such a file.

A command that names a secret asks. One that reads whatever is there does not name it, so what it
could come upon has to be known before it runs. Folders are read again only when they changed.
"""

import contextlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loopdeck.permissions.obeyed import may_be_obeyed, obeyed_by
from loopdeck.permissions.secrets.places import is_sensitive

MAX_FOLDERS = 4_000
MAX_FOUND = 200
_SETTLED_NS = 50_000_000  # a change right after the look could leave the same time stamp
# Full of other people's files, and of no secret that anybody put there.
_SKIPPED = frozenset(
    {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".venv"}
    | {"node_modules", "site-packages", "target", "venv"}
)


_BARE = frozenset({"HEAD", "commondir", "objects", "refs"})  # what tells git of a repository
_VENVS = frozenset({".venv", "venv"})


@dataclass(frozen=True, slots=True)
class _Folder:
    """One folder as it was: its names are known as long as its time stamp stays."""

    stamp: int
    sure: bool
    below: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    repository: bool = False
    bare: bool = False
    obeyed: tuple[str, ...] = ()


class Lookout:
    """Knows the folders of one workspace. `hidden` says which paths a rule forbids to read."""

    def __init__(self, root: str, hidden: Callable[[str], bool]) -> None:
        self._root = root
        self._hidden = hidden
        self._known: dict[str, _Folder] = {}

    def look(self) -> None:
        """See what is there now."""
        known: dict[str, _Folder] = {}
        todo = [self._root]
        while todo and len(known) < MAX_FOLDERS:
            path = todo.pop()
            folder = self._folder(path)
            if folder is not None:
                known[path] = folder
                todo += folder.below
        self._known = known

    def covered(self, *, secrets: bool) -> tuple[str, ...]:
        """The files that a command is not to see: what a rule denies, and with it the secrets."""
        found: list[str] = []
        for folder in self._known.values():
            found += folder.denied
            found += folder.secrets if secrets else ()
            if len(found) >= MAX_FOUND:
                break
        found += self.doubles() if secrets else ()
        return tuple(dict.fromkeys(found[:MAX_FOUND]))

    def doubles(self) -> list[str]:
        """The other names of secrets: a hard link is the same file, whatever it is called."""
        secrets = {path for folder in self._known.values() for path in folder.secrets}
        shared = {one for path in secrets if (one := shared_file(path))}
        if not shared:
            return []
        numbers = {number for _, number in shared}
        found: list[str] = []
        for path in self._known:
            with contextlib.suppress(OSError), os.scandir(path) as entries:
                found += [entry.path for entry in entries if entry.inode() in numbers]
        return [path for path in found if path not in secrets and shared_file(path) in shared]

    def repositories(self) -> tuple[str, ...]:
        """The folders below the workspace that are repositories of their own."""
        found = (path for path, folder in self._known.items() if folder.repository)
        return tuple(path for path in found if path != self._root)

    def bares(self) -> list[str]:
        """The folders that git takes for a repository by what lies in them."""
        return [path for path, folder in self._known.items() if folder.bare]

    def obeyed(self) -> dict[str, tuple[int, ...]]:
        """The files that other programs obey, each with a stamp that no change leaves as it was."""
        found: dict[str, tuple[int, ...]] = {}
        for path in (path for folder in self._known.values() for path in folder.obeyed):
            try:
                status = os.lstat(path)
            except OSError:
                continue
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            found[path] = stamp
            if len(found) >= MAX_FOUND:
                break
        return found

    def _folder(self, path: str) -> _Folder | None:
        try:
            stamp = os.stat(path, follow_symlinks=False).st_mtime_ns  # noqa: PTH116 - thousands
            before = self._known.get(path)
            if before is not None and before.sure and before.stamp == stamp:
                return before
            return self._scan(path, stamp)
        except OSError:
            return None  # gone, or not to be looked into: no command sees into it either

    def _scan(self, path: str, stamp: int) -> _Folder:
        below: list[str] = []
        secrets: list[str] = []
        denied: list[str] = []
        obeyed: list[str] = []
        repository = False
        names: set[str] = set()
        place = path[len(self._root) + 1 :]
        parts = place.split("/")
        packages = not _VENVS.isdisjoint(parts)
        inside = bool(place) and obeyed_by(f"{place}/x") != ""
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name in _BARE:
                    names.add(entry.name)
                if entry.name == ".git":
                    repository = True
                elif entry.is_dir(follow_symlinks=False):
                    below += [entry.path] if _is_followed(parts, entry.name) else []
                elif real := self._place(entry):
                    name = entry.path[len(self._root) + 1 :]
                    if inside or (may_be_obeyed(entry.name) and obeyed_by(name)):
                        obeyed.append(entry.path)
                    if not packages:
                        secrets += [real] if is_sensitive(name) else []
                        denied += [real] if self._hidden(name) else []
        sure = time.time_ns() - stamp > _SETTLED_NS
        listed = (tuple(below), tuple(secrets), tuple(denied))
        bare = "HEAD" in names and ("commondir" in names or {"objects", "refs"} <= names)
        return _Folder(stamp, sure, *listed, repository, bare, tuple(obeyed))

    def _place(self, entry: os.DirEntry[str]) -> str:
        """Where a file is; for a link, the file it names; nothing for one that is not in here."""
        if not entry.is_symlink():
            return entry.path if entry.is_file(follow_symlinks=False) else ""
        real = os.path.realpath(entry.path)
        inside = real.startswith(f"{self._root}/")
        return real if inside and os.path.isfile(real) else ""  # noqa: PTH113 - text all the way


def shared_file(path: str) -> tuple[int, int] | None:
    """What tells a file with several names from all others; None for one with a single name."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    shared = stat.S_ISREG(status.st_mode) and status.st_nlink > 1
    return (status.st_dev, status.st_ino) if shared else None


def _is_followed(folder: Sequence[str], name: str) -> bool:
    """Of an environment of Python, only the files that each start of it runs are looked for."""
    if name in _VENVS:
        return _VENVS.isdisjoint(folder)
    if _VENVS.isdisjoint(folder):
        return name not in _SKIPPED
    match folder[-1]:
        case "lib":
            return name.startswith("python")
        case last if last in _VENVS:
            return name == "lib"
        case _:
            return name == "site-packages" and folder[-2:-1] == ["lib"]
