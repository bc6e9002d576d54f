"""Which of many names there are in a folder: hardly any as a rule, and one look tells it of all."""

import os
import posixpath
from functools import cache
from itertools import islice

_MOST = 1_000  # entries; of a fuller folder each name is asked for by itself


def those_in(folder: str, names: tuple[str, ...]) -> list[str]:
    """Those of the names, which may lie deeper, that exist below a folder."""
    return [
        name
        for below, listed in _by_folder(names)
        if (seen := _listing(f"{folder}/{below}")) is None or not seen.isdisjoint(listed)
        for plain, spelled in listed.items()
        if seen is None or plain in seen
        for name in spelled
        if os.path.lexists(f"{folder}/{name}")
    ]


@cache
def _by_folder(names: tuple[str, ...]) -> tuple[tuple[str, dict[str, list[str]]], ...]:
    """The names by the folder they lie in and by their last part as it is looked for."""
    found: dict[str, dict[str, list[str]]] = {}
    for name in names:
        below, last = posixpath.split(name)
        found.setdefault(below, {}).setdefault(last.casefold(), []).append(name)
    return tuple(found.items())


def _listing(folder: str) -> frozenset[str] | None:
    """What is in a folder, in small letters; None where it cannot be listed, or only in part."""
    try:
        with os.scandir(folder) as entries:
            seen = frozenset(entry.name.casefold() for entry in islice(entries, _MOST))
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError:
        return None
    return None if len(seen) == _MOST else seen
