"""Sockets that are files: no wall of a network keeps a command from the services behind them."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from loopdeck.tools.sandbox.profile import Access, Profile, layered

_TABLE = Path("/proc/net/unix")
_COLUMNS = 7  # before the name, which may have spaces in it
_SEEN = frozenset({Access.READ, Access.WRITE})


def without_sockets(profile: Profile) -> Profile:
    """The profile with an empty file over each socket that would be seen.

    The kernel lists those that somebody listens at; one that comes later is not known.
    """
    found = {path: Access.BLANK for path in _sockets() if profile.access(path) in _SEEN}
    if not found:
        return profile
    mounts = {mount.path: mount.access for mount in profile.mounts}
    return replace(profile, mounts=layered({**mounts, **found}))


def _sockets(table: Path = _TABLE) -> Iterator[str]:
    try:
        lines = os.fsdecode(table.read_bytes()).splitlines()[1:]
    except OSError:
        return
    named = {line.split(maxsplit=_COLUMNS)[-1] for line in lines if " /" in line}
    for name in sorted(named):
        if name.startswith("/") and _is_socket(path := os.path.realpath(name)):
            yield path


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False
