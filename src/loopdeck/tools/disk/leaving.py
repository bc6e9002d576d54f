"""Links by which a read that names none of them would leave the workspace."""

import os
import re
from collections.abc import Iterable
from itertools import islice

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell.marks import LISTED
from loopdeck.tools.disk.expanding import matching

_MAX_MATCHES = 400
_MAX_LOOKED = 4_000
_PYTHON = re.compile(r"python[\d.]*")


def escapes(root: str, pattern: str) -> bool:
    """Whether one of the names that a pattern stands for is a link out of the workspace.

    What a listing named may be at any depth.
    """
    if LISTED in pattern:
        ending = pattern.rpartition(LISTED)[2]
        folder = os.path.dirname(pattern[: pattern.index(LISTED)])  # noqa: PTH120 - text
        return escapes_below(root, folder, "" if "/" in ending else ending)
    found = islice(matching(pattern), _MAX_MATCHES)
    return _any_leads_out(root, found)


def _any_leads_out(root: str, paths: Iterable[str]) -> bool:
    """The folders in front are followed once for all names in them."""
    folders: dict[str, bool] = {}
    for path in paths:
        folder = os.path.dirname(path)  # noqa: PTH120 - text
        if folder not in folders:
            folders[folder] = _is_inside(root, folder)
        if not folders[folder] or (os.path.islink(path) and _leads_out(root, path)):  # noqa: PTH114
            return True
    return False


def escapes_below(root: str, folder: str, ending: str = "") -> bool:
    """Whether a link below a folder leads out, as far as can be looked at in time."""
    todo, looked = [folder], 0
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    looked += 1
                    ends = entry.name.endswith(ending)
                    if ends and entry.is_symlink() and _leads_out(root, entry.path):
                        return True
                    if entry.name != ".git" and entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except (OSError, ValueError):
            continue
        if looked > _MAX_LOOKED:
            return False
    return False


def _leads_out(root: str, path: str) -> bool:
    """Whether a link leads out of the workspace, or to a secret that its name does not tell of.

    The interpreter of an environment is no harm to read.
    """
    real = os.path.realpath(path)
    if real == root or real.startswith(f"{root}/"):
        return is_sensitive(real[len(root) + 1 :])
    name, target = os.path.basename(path), os.path.basename(real)  # noqa: PTH119 - text
    return not (_PYTHON.fullmatch(name) and _PYTHON.fullmatch(target) and os.path.isfile(real))  # noqa: PTH113


def _is_inside(root: str, folder: str) -> bool:
    real = os.path.realpath(folder)
    return real == root or real.startswith(f"{root}/")
