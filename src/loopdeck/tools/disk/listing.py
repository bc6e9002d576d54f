"""What is among the files that a command may list: it is looked where the command will look."""

import os
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from loopdeck.permissions.caches import BYTECODE
from loopdeck.permissions.obeyed import obeyed_by
from loopdeck.permissions.shell.looking import Range, Struck
from loopdeck.tools.disk.expanding import names_in
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.disk.unsaved import written
from loopdeck.tools.disk.walk import Found, walk
from loopdeck.tools.git.index import Tracked, tracked

_MAX_LOOKED = 4_000
_MAX_NAMES = 20_000
_DASHED = re.compile(r"[\s'\"\\].*-", re.DOTALL)
_OF_OBJECTS = re.compile(r"[0-9a-f]*")  # how names of git's objects may end
_FOLDER_OF_OBJECTS = re.compile(r"[0-9a-f]{2}")
_SHOWS_MORE = (".ignore", ".rgignore")  # may name what git ignores


class Listing:
    """Knows one workspace for one verdict: what was walked is not walked again.

    `holds` says of a file in it that neither the log nor git has it.
    """

    def __init__(self, root: Path, holds: Callable[[str], bool]) -> None:
        self._root = root
        self._holds = holds
        self._walks: dict[str, list[Found]] = {}

    def struck(self, folder: str, ending: str, within: Range) -> Struck:
        """What is among the files that may be listed below an absolute folder."""
        if not self._is_here(folder):
            return Struck()  # to touch it is asked about in any case, or it is the command's own
        git = tracked(Path(folder))
        lost, obeyed = False, ""
        for looked, path in enumerate(self._files(folder, ending, within, git)):
            if looked >= _MAX_LOOKED:
                return Struck(lost=True, obeyed=obeyed)
            if not path.endswith(ending) or f"/{BYTECODE}/" in path:
                continue  # what is changed there, Python writes again
            name = os.path.normpath(path).removeprefix(f"{self._root}/")
            lost = lost or self._is_lost(path, git)
            lost = lost or self._is_lost(written(path), git)
            lost = lost or (within.kind == "tracked" and _is_taken(path))
            obeyed = obeyed or (name if obeyed_by(name) else "")
        return Struck(lost or within.kind == "linked", obeyed)

    def _is_lost(self, path: str, git: Tracked | None) -> bool:
        """Whether to write over a file takes away what is nowhere else."""
        if git is not None and git.is_clean(path):
            return False
        name = os.path.normpath(path).removeprefix(f"{self._root}/")
        return not name.startswith("/") and self._holds(name)

    def dashed(self, folder: str, within: Range) -> bool:
        """Whether the name of such a file, once it is taken apart, may be a word like an option."""
        if within.kind == "linked" or not self._is_here(folder):
            return True
        for looked, path in enumerate(self._files(folder, "", within, tracked(Path(folder)))):
            if looked >= _MAX_NAMES or _DASHED.search(path, len(folder)):
                return True
        return False

    def _is_here(self, folder: str) -> bool:
        return f"{os.path.normpath(folder)}/".startswith(f"{self._root}/")

    def _files(self, folder: str, ending: str, within: Range, git: Tracked | None) -> Iterator[str]:
        """All that is looked at."""
        if not os.path.isdir(folder):  # noqa: PTH112 - text all the way
            return iter([folder])
        match within.kind:
            case "tracked" if git is not None:
                names = (f"{git.root}/{name}" for name in git.files)
                below = (path for path in names if f"{path}/".startswith(f"{folder.rstrip('/')}/"))
                return (path for path in below if path.endswith(ending))
            case "shown" | "beside" if git is not None and self._is_told_no_more(folder):
                return self._shown(folder, within)
            case _:
                return _all_below(folder, ending, within)

    def _shown(self, folder: str, within: Range) -> Iterator[str]:
        """What git does not ignore, and all else beside it where that may be listed too."""
        found = self._walked(folder)
        if within.kind == "shown":
            seen = (one.path for one in found if not one.is_folder)
            return (str(self._root / path) for path in seen if not _is_hidden(path))
        folders = (str(self._root / one.path) for one in found if one.is_folder)
        return (
            f"{folder}/{name}"
            for folder in chain([folder], folders)
            for name in names_in(folder)
            if not os.path.isdir(f"{folder}/{name}")  # noqa: PTH112
        )

    def _is_told_no_more(self, folder: str) -> bool:
        """Whether `rg` will not show what git ignores; what it finds on its way counts."""
        start, found = Path(folder), self._walked(folder)
        if len(found) > _MAX_LOOKED:
            return False
        above = ((place, name) for place in (start, *start.parents) for name in _SHOWS_MORE)
        if any(os.path.lexists(place / name) for place, name in above):
            return False
        return not any(one.path.endswith(_SHOWS_MORE) for one in found)

    def _walked(self, folder: str) -> list[Found]:
        """What git does not ignore below a folder; one more than is looked at tells of too many."""
        if folder not in self._walks:
            found = walk(Workspace(self._root), Path(folder))
            self._walks[folder] = list(islice(found, _MAX_LOOKED + 1))
        return self._walks[folder]


def _is_taken(path: str) -> bool:
    """Whether something else lies in the place of a file that git has, or of a folder above it."""
    if os.path.isdir(path):  # noqa: PTH112
        return not os.path.islink(path)  # noqa: PTH114
    while path != "/" and not os.path.lexists(path):
        path = os.path.dirname(path)  # noqa: PTH120
        if os.path.lexists(path):
            return not os.path.isdir(path)  # noqa: PTH112
    return False


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path


def _all_below(folder: str, ending: str, within: Range) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        top = place == folder
        folders[:] = [name for name in folders if _is_entered(name, place, ending, within, top=top)]
        yield from (f"{place}/{name}" for name in names)


def _is_entered(name: str, place: str, ending: str, within: Range, *, top: bool) -> bool:
    passed_by = name in within.passed_by or (top and f"./{name}" in within.passed_by)
    # Of git's objects there are many, and their names end as few others do.
    objects = place.endswith("/.git/objects") and _FOLDER_OF_OBJECTS.fullmatch(name)
    skipped = objects and not _OF_OBJECTS.fullmatch(ending)
    return not (passed_by or skipped)
