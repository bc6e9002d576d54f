"""Links by which a read that names none of them would leave the workspace."""

import os
from itertools import islice

from loopdeck.permissions.shell.marks import LISTED
from loopdeck.tools.disk.expanding import matching

_MAX_MATCHES = 400
_MAX_LOOKED = 4_000


def escapes(root: str, pattern: str) -> bool:
    """Whether one of the names that a pattern stands for is a link out of the workspace.

    What a listing named may be at any depth.
    """
    if LISTED in pattern:
        ending = pattern.rpartition(LISTED)[2]
        folder = os.path.dirname(pattern[: pattern.index(LISTED)])  # noqa: PTH120 - text
        return escapes_below(root, folder, "" if "/" in ending else ending)
    found = (path for path in islice(matching(pattern), _MAX_MATCHES) if os.path.islink(path))  # noqa: PTH114
    return any(not _is_inside(root, path) for path in found)


def escapes_below(root: str, folder: str, ending: str = "") -> bool:
    """Whether a link below a folder leads out, as far as can be looked at in time."""
    todo, looked = [folder], 0
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    looked += 1
                    ends = entry.name.endswith(ending)
                    if ends and entry.is_symlink() and not _is_inside(root, entry.path):
                        return True
                    if entry.name != ".git" and entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except (OSError, ValueError):
            continue
        if looked > _MAX_LOOKED:
            return False
    return False


def _is_inside(root: str, path: str) -> bool:
    real = os.path.realpath(path)
    return real == root or real.startswith(f"{root}/")
