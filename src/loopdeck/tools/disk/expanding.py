"""What a pattern of the shell stands for on this disk."""

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from loopdeck.permissions.shell.marks import LISTED

GLOB = frozenset("*?[")
_MOST = 200
_NOT_LISTED = frozenset({".git", ".venv", "__pycache__", "node_modules"})


def _never() -> None:
    """Nobody counts."""


def matching(pattern: str, spend: Callable[[], None] = _never) -> Iterator[str]:
    """The paths that an absolute pattern stands for; `spend` is called for each name looked at."""
    parts = [part for part in pattern.split("/") if part]
    yield from _match("/", parts, spend)


def standing_for(pattern: str) -> tuple[str, ...] | None:
    """The same where they are few; None for more. What a listing named may be at any depth."""
    paths = _listed(pattern) if LISTED in pattern else matching(pattern)
    found = tuple(islice(paths, _MOST + 1))
    return found if len(found) <= _MOST else None


def _listed(pattern: str) -> Iterator[str]:
    folder, ending = pattern[: pattern.index(LISTED)], pattern.rpartition(LISTED)[2]
    top, _, start = folder.rpartition("/")
    for place, folders, names in os.walk(f"{top}/"):
        folders[:] = [name for name in folders if name not in _NOT_LISTED]
        at = place.rstrip("/")
        for name in (*folders, *names):
            deep = at != top.rstrip("/")
            if name.endswith(ending.rpartition("/")[2]) and (deep or name.startswith(start)):
                yield f"{at}/{name}"


def names_in(folder: str) -> list[str]:
    """The names in a folder; none where it cannot be looked into."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is needed
    except (OSError, ValueError):
        return []


def _match(folder: str, parts: Sequence[str], spend: Callable[[], None]) -> Iterator[str]:
    if not parts:
        yield folder
        return
    part, *rest = parts
    if not GLOB.intersection(part):
        path = os.path.join(folder, part)  # noqa: PTH118 - nothing is to be tidied here
        if "\0" not in path and os.path.lexists(path):
            yield from _match(path, rest, spend)
        return
    for name in names_in(folder):
        spend()
        if fnmatchcase(name, part) and (part[0] == "." or name[0] != "."):
            yield from _match(f"{folder.rstrip('/')}/{name}", rest, spend)
