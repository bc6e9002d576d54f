"""Files with the whole output of tools, beside the log: private, and bounded over all sessions."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loopdeck.ports.tools import Spool

MOST = 1_000_000_000  # bytes for all sessions, unless the config file says another number
_ONE_FILE = 100_000_000  # a command that prints more is stopped


@dataclass(frozen=True, slots=True)
class Spooling:
    """One session's folder in that of all of them, which may take `most` bytes together.

    A session has half of that, and one output half of its session's. The oldest make room.
    """

    folder: Path
    most: int = MOST

    def ready(self) -> Spool | None:
        """The folder, with room for one more file; None where nothing is to be kept.

        Raises `OSError`.
        """
        if self.most <= 0:
            return None
        make_private(self.folder.parent)
        make_private(self.folder)
        share = self.most // 2
        room = min(_ONE_FILE, share // 2)
        _thin(_files(self.folder), share - room)
        return Spool(self.folder, room)

    def thin(self) -> None:
        """Before the session's agent works: leave its share free beside what others keep."""
        with contextlib.suppress(OSError):
            others = [path for path in self.folder.parent.iterdir() if path != self.folder]
            _thin((one for path in others for one in _files(path)), self.most - self.most // 2)


def make_private(folder: Path) -> None:
    """Make a folder that is there for its owner alone. Raises `OSError`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def kept_bytes(folder: Path) -> int:
    """What the files in a session's folder take."""
    return sum(size for _, size, _ in _files(folder))


def _files(folder: Path) -> Iterator[tuple[int, int, str]]:
    """When each file was last written, its size, and its path."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # another process may be tidying up too
                if entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime_ns, found.st_size, entry.path


def _thin(files: Iterable[tuple[int, int, str]], most: int) -> None:
    """Remove the oldest until the rest is small enough."""
    by_age = sorted(files)
    total = sum(size for _, size, _ in by_age)
    for _, size, path in by_age:
        if total <= most:
            return
        with contextlib.suppress(OSError):
            Path(path).unlink()
            total -= size
