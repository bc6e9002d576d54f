"""Files whose lines git would print because a repository names them in its settings.

No later value takes these settings back: git reads every file that any of them names, and says
which line of it is no name of an object.
"""

import os
import posixpath
from collections.abc import Iterable, Sequence

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell import Part
from loopdeck.tools.git.settings import Setting

_READ_BY = {"fsck.skiplist": {"fsck"}, "blame.ignorerevsfile": {"blame", "annotate"}}
_OWN = ("local", "worktree")


def printed_by(
    parts: Iterable[Part], settings: Iterable[Setting], folders: Sequence[str], root: str
) -> Setting | None:
    """The first setting by which git would read a file that is not the workspace's to show."""
    words = {word for part in parts for word in part.words}
    for setting in settings:
        verbs = _READ_BY.get(setting.key)
        if setting.scope not in _OWN or verbs is None or verbs.isdisjoint(words):
            continue
        if not all(_is_shown(setting.value, folder, root) for folder in folders):
            return setting
    return None


def _is_shown(value: str, folder: str, root: str) -> bool:
    """Whether a file is one of the workspace and no secret, wherever above `folder` it begins."""
    if not value or value[0] in "~%" or "\0" in value:
        return not value
    base = folder
    while True:
        real = os.path.realpath(posixpath.join(base, value))
        if os.path.lexists(real) and not _is_open(real, root):
            return False
        above = posixpath.dirname(base)
        if base in (root, above) or posixpath.isabs(value):
            return True
        base = above


def _is_open(real: str, root: str) -> bool:
    return real.startswith(f"{root}/") and not is_sensitive(real[len(root) + 1 :])
