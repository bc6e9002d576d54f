"""Small private files: read with care, written whole or not at all."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loopdeck.errors import ConfigError

MOST = 1_000_000  # bytes; nobody writes longer settings by hand


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
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - open already
                file.write(text)
                file.flush()
                os.fsync(handle)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}.", "Check its folder's permissions."
        ) from error
