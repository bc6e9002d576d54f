"""Names in the workspace that come apart when a shell or `xargs` reads them as words or lines."""

import os
from collections import deque
from pathlib import Path

from loopdeck.permissions.shell.place import How, Parted
from loopdeck.permissions.shell.splitting import farther, farthest
from loopdeck.tools.disk.expanding import names_in
from loopdeck.tools.git.index import is_unreadable, tracked

_MAX_LOOKED = 20_000
_MAX_VENDORED = 4_000
# Full of other people's names: looked at last, as far as there is time.
_VENDORED = frozenset({".venv", "node_modules", "site-packages", "venv"})


def parted(root: str, how: How) -> Parted:
    """How far a name below the root may lead once it is taken apart.

    `near` is to other names in the same folder and below it, `astray` is anywhere: a folder whose
    name ends in a blank puts an absolute path behind it.
    """
    found = _in_index(root, how)
    ours, theirs = deque([root]), deque[str]()
    looked = 0
    while found != "astray" and (ours or theirs):
        own = bool(ours)
        try:
            with os.scandir((ours or theirs).popleft()) as entries:
                for entry in entries:
                    looked += 1
                    found = farther(found, entry.name, how)
                    if entry.name != ".git" and entry.is_dir(follow_symlinks=False):
                        other = not own or entry.name in _VENDORED
                        (theirs if other else ours).append(entry.path)
        except (OSError, ValueError):
            continue
        if ours and looked > _MAX_LOOKED:
            return "astray"
        if not ours and looked > _MAX_VENDORED:
            return found
    return found


def dashed(folder: str) -> bool:
    """Whether a name in a folder, or one that git lists for it, begins like an option."""
    git = tracked(Path(folder))
    unsure = git is None and is_unreadable(Path(folder))
    if unsure or any(name.startswith("-") for name in names_in(folder)):
        return True
    within = f"{folder.rstrip('/')}/"
    paths = (f"{git.root}/{name}" for name in git.files) if git else ()
    # What lies elsewhere is named with `../` before it.
    return any(path.startswith("-", len(within)) for path in paths if path.startswith(within))


def _in_index(root: str, how: How) -> Parted:
    """The same of the names that git lists, which need not be on the disk."""
    git = tracked(Path(root))
    if git is None and is_unreadable(Path(root)):
        return "astray"
    return farthest(git.files if git else (), how)
