"""Sees files change: a look at their times and sizes once a second, and no reading."""

import asyncio
import os
from collections.abc import Sequence

PAUSE_S = 1.0
_Stamp = tuple[int, int, int] | None


class FileWatch:
    """The `Watch` of a real disk."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s

    async def changed(self, paths: Sequence[str]) -> None:
        """Return when one of the paths is no longer as it was at the time of the call."""
        before = await asyncio.to_thread(_stamps, paths)
        while True:
            await asyncio.sleep(self._pause_s)
            if paths and await asyncio.to_thread(_stamps, paths) != before:
                return


def _stamps(paths: Sequence[str]) -> list[_Stamp]:
    return [_stamp(path) for path in paths]


def _stamp(path: str) -> _Stamp:
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
