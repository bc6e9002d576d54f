"""Names in the workspace that come apart when a shell or `xargs` reads them as words or lines."""

import os
import re
from collections import deque

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell.place import How, Parted

_MAX_LOOKED = 20_000
_MAX_VENDORED = 4_000
# Full of other people's names: looked at last, as far as there is time.
_VENDORED = frozenset({".venv", "node_modules", "site-packages", "venv"})
_ENDS: dict[How, re.Pattern[str]] = {
    "words": re.compile(r"\s+"),
    "lines": re.compile(r"\n|^\s+"),  # `read` takes the blanks away that a line begins with
}
# Quotes and backslashes are taken away too, and `.*` without quotes may become `..`.
_MEANS_MORE = re.compile(r"['\"\\]|^\.[^\0]*[*?\[]")


def parted(root: str, how: How) -> Parted:
    """How far a name below the root may lead once it is taken apart.

    `near` is to other names in the same folder and below it, `astray` is anywhere: a folder whose
    name ends in a blank puts an absolute path behind it.
    """
    ours, theirs = deque([root]), deque[str]()
    found: Parted = "whole"
    looked = 0
    while ours or theirs:
        own = bool(ours)
        try:
            with os.scandir((ours or theirs).popleft()) as entries:
                for entry in entries:
                    looked += 1
                    name = entry.name
                    found = _worse(found, name, how)
                    if found == "astray":
                        return found
                    if name != ".git" and entry.is_dir(follow_symlinks=False):
                        (theirs if name in _VENDORED or not own else ours).append(entry.path)
        except (OSError, ValueError):
            continue
        if ours and looked > _MAX_LOOKED:
            return "astray"
        if not ours and looked > _MAX_VENDORED:
            return found
    return found


def _worse(found: Parted, name: str, how: How) -> Parted:
    if how == "words" and _MEANS_MORE.search(name):
        return "astray"
    ends = _ENDS[how]
    if not ends.search(name):
        return found
    *_, last = pieces = ends.split(name)
    away = not last or any(
        piece[:1] in (".", "~") or is_sensitive(piece) for piece in pieces if piece
    )
    return "astray" if away else "near"
