"""Whether a file holds what is nowhere else, so that to write over it would lose that."""

import os
import stat
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from loopdeck.permissions.shell.marks import LISTED
from loopdeck.tools.disk.expanding import GLOB, matching
from loopdeck.tools.disk.making import content_of, is_kept, is_still, mark_of
from loopdeck.tools.git.index import tracked

_MAX_MATCHES = 200
_MAX_LOOKED = 4_000
_NOT_LOOKED_INTO = frozenset({".git", ".venv", "__pycache__", "node_modules", "site-packages"})


def nothing_left(_path: str) -> bool:
    """The answer where no log is known."""
    return False


def written(path: str) -> str:
    """What changes where a path is written to: behind a link, what that leads to."""
    return os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114 - text all the way


class Unsaved:
    """Knows one workspace. `made` and `undone` say what the session's log has.

    What a command of the session left of a file that held nothing else before is its own work:
    known by its content for as long as the program runs, and by when it was changed to `left`.
    """

    def __init__(
        self,
        root: Path,
        made: Callable[[str], bool],
        undone: Callable[[str], bool],
        left: Callable[[str], bool] = nothing_left,
    ) -> None:
        self._root = root
        self._made = made
        self._undone = undone
        self._was_left = left
        self._left: dict[str, str] = {}

    def holds(self, path: str) -> bool:
        """Whether a file of the workspace has what neither the log nor git has."""
        try:
            status = os.lstat(self._root / path)
        except (OSError, ValueError):
            return False
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            return False
        if (mark := self._left.get(path)) and is_still(self._root, path, mark):
            return False
        if self._was_left(path):
            return False
        return not (self._made(path) or is_kept(self._root, path) or self._undone(path))

    def any_of(self, pattern: str) -> bool:
        """The same for all that a path or a pattern stands for."""
        pattern = pattern.replace(LISTED, "*")
        place = str(self._root / pattern)
        if os.path.lexists(place) or not GLOB.intersection(pattern):
            return self.holds(pattern)
        found = list(islice(matching(place), _MAX_MATCHES))
        inside = (path for path in map(written, found) if path.startswith(f"{self._root}/"))
        return len(found) == _MAX_MATCHES or any(map(self.holds, map(self._relative, inside)))

    def below(self, folder: str, ending: str) -> bool:
        """Whether a file with such an ending, below a folder of the workspace, does."""
        git, looked = tracked(self._root), 0
        for place, folders, names in os.walk(self._root / folder):
            folders[:] = [name for name in folders if name not in _NOT_LOOKED_INTO]
            looked += len(folders) + len(names)
            if looked > _MAX_LOOKED:
                return True
            met = (written(f"{place}/{name}") for name in names if name.endswith(ending))
            paths = [path for path in met if path.startswith(f"{self._root}/")]
            left = paths if git is None else [path for path in paths if not git.is_clean(path)]
            if any(map(self.holds, map(self._relative, left))):
                return True
        return False

    def collides(self, source: str, target: str) -> tuple[str, ...]:
        """Such files that a copy of a folder's content into another would write over.

        The folder itself where there is too much to look at.
        """
        if not (os.path.isdir(source) and os.path.isdir(target)):  # noqa: PTH112
            return ()
        looked, found = 0, list[str]()
        for place, folders, names in os.walk(source):
            landing = os.path.normpath(os.path.join(target, os.path.relpath(place, source)))  # noqa: PTH118
            folders[:] = [name for name in folders if os.path.isdir(f"{landing}/{name}")]  # noqa: PTH112
            looked += len(folders) + len(names)
            if looked > _MAX_LOOKED:
                return (target,)
            places = (os.path.normpath(f"{landing}/{name}") for name in names)
            found += (path for path in places if self.holds(self._relative(path)))
        return tuple(found)

    def leave(self, paths: Iterable[str]) -> None:
        """These files held nothing else, and are now as the session's own command left them."""
        for path in paths:
            content = content_of(self._root, path)
            self._left[path] = mark_of(content) if content is not None else ""

    def _relative(self, path: str) -> str:
        return os.path.normpath(path).removeprefix(f"{self._root}/")
