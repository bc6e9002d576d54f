"""Puts back what a command changed although it must not, where nothing could stop it."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Most:
    """How much is kept of each path."""

    entries: int = 500
    content: int = 4 << 20  # bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """What was there: a link with its target, a file with its content, or a folder."""

    kind: int
    mode: int = 0
    target: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Watch:
    """The paths as they were. Too much to keep is an error: better no sandbox than a blind one."""

    paths: tuple[str, ...]
    most: Most = Most()
    _before: dict[str, dict[str, _Entry]] = field(default_factory=dict[str, dict[str, _Entry]])

    @classmethod
    def over(cls, paths: Iterable[str], most: Most = Most()) -> "Watch":
        """Look at the paths now. Raises `OSError` for what cannot be read."""
        watch = cls(tuple(dict.fromkeys(paths)), most)
        for path in watch.paths:
            watch._before[path] = _read(path, most)
        return watch

    def restore(self) -> tuple[str, ...]:
        """Put everything back; returns the paths that had to be."""
        changed: list[str] = []
        for path, before in self._before.items():
            try:
                same = _read(path, self.most) == before
            except OSError:
                same = False
            if not same:
                changed.append(path)
                _remove(path)
                _write(before)
        return tuple(changed)


def _read(path: str, most: Most) -> dict[str, _Entry]:
    """Everything at and below a path, nothing where it does not exist."""
    found: dict[str, _Entry] = {}
    left, room = [path], most.content
    while left:
        here = left.pop()
        try:
            entry = _entry(here, room)
        except (FileNotFoundError, NotADirectoryError):
            continue
        found[here] = entry
        room -= len(entry.content)
        if stat.S_ISDIR(entry.kind):
            left += [item.path for item in os.scandir(here)]
        if len(found) + len(left) > most.entries:
            raise OSError(f"{path} holds too many files to watch")
    return found


def _entry(path: str, room: int) -> _Entry:
    info = os.lstat(path)
    kind, mode = stat.S_IFMT(info.st_mode), stat.S_IMODE(info.st_mode)
    if stat.S_ISLNK(info.st_mode):
        return _Entry(kind, target=str(Path(path).readlink()))
    if not stat.S_ISREG(info.st_mode):
        return _Entry(kind, mode)
    if info.st_size > room:
        raise OSError(f"{path} is too large to watch")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return _Entry(kind, mode, content=file.read(room + 1))


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            Path(path).unlink()


def _write(before: dict[str, _Entry]) -> None:
    for path in sorted(before):  # folders come before what is in them
        entry = before[path]
        with contextlib.suppress(OSError):
            if stat.S_ISDIR(entry.kind):
                Path(path).mkdir(entry.mode, exist_ok=True)
            elif stat.S_ISLNK(entry.kind):
                Path(path).symlink_to(entry.target)
            elif stat.S_ISREG(entry.kind):
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
                with os.fdopen(os.open(path, flags, entry.mode), "wb") as file:
                    os.fchmod(file.fileno(), entry.mode)
                    file.write(entry.content)
