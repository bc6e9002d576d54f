"""Files that are written whole or not at all; the small private ones are read with care."""

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from loopdeck.errors import ConfigError, LoopdeckError, UsageError

MOST = 1_000_000  # bytes; nobody writes longer settings by hand
_FULL = (errno.ENOSPC, errno.EDQUOT)
_ROOM = "Free some space, then do it again. What was there is as it was."


class Seen:
    """Remembers how files were, and says when one of them is another by now."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._marks: list[tuple[int, ...]] | None = None

    def changed(self) -> bool:
        """True the first time, and whenever a file was written, replaced, made or removed."""
        marks = [_mark(path) for path in self._paths]
        before, self._marks = self._marks, marks
        return marks != before

    def forget(self) -> None:
        """Let the next look find a change."""
        self._marks = None


def _mark(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def read_small(path: Path, *, follow: bool = True) -> str | None:
    """The text of a regular file, None if there is none. Raises `ConfigError`.

    Without `follow`, a link in the file's place is not taken for the file.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    try:
        handle = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", "Look at it.") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ConfigError(f"{path} is not a regular file.", "Put a plain file in its place.")
        with open(handle, "rb", closefd=False) as file:
            data = file.read(MOST + 1)
    finally:
        os.close(handle)
    if len(data) > MOST:
        raise ConfigError(f"{path} is too long to be read.", "Shorten it.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text.", "Save it again.") from error


def write_private(path: Path, text: str) -> None:
    """Put a file, readable by its owner alone, in place of the old one. Raises `ConfigError`.

    A link stays a link: what it points to is replaced.
    """
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".loopdeck-")
        _fill(handle, Path(name), path, text)
    except OSError as error:
        hint = _ROOM if error.errno in _FULL else "Check its folder's permissions."
        raise ConfigError(f"{path} cannot be written: {error.strerror}.", hint) from error


def write_named(name: str, text: str) -> None:
    """Put a file that somebody named in place of the old one, as any new file of theirs is.

    One that is there keeps its mode, and all it holds where the new one cannot be written. What
    is no file, such as a pipe, is written to as it is. Raises `LoopdeckError`.
    """
    path = Path(os.path.realpath(name))
    try:
        mode = path.stat().st_mode if path.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            path.write_text(text, "utf-8", newline="\n")
            return
        if mode is not None and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
        beside = path.with_name(f".loopdeck-{os.getpid()}-{time.monotonic_ns()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(beside, flags, 0o666 if mode is None else 0o600)
        _fill(handle, beside, path, text, mode)
    except OSError as error:
        said = f"{name} cannot be written: {error.strerror}."
        if error.errno in _FULL:
            raise LoopdeckError(said, _ROOM) from error
        raise UsageError(said, "Name another file.") from error


def _fill(handle: int, beside: Path, path: Path, text: str, mode: int | None = None) -> None:
    """Write all of it to a new file, and only then let it take the place of the other."""
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            if mode is not None:
                os.fchmod(handle, stat.S_IMODE(mode))
            os.fsync(handle)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
