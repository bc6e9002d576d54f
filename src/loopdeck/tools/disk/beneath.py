"""Opening files without following a link: part by part, below a folder whose place is known.

Imports the standard library only: the search runs it in a bare interpreter.
"""

import os
import stat
from collections.abc import Sequence

_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ENTER = _FOLDER | getattr(os, "O_PATH", os.O_RDONLY)  # entering needs no right to list


class NotAFile(OSError):
    """The path is there, and is something that must not be opened as a file."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def kind_of(mode: int) -> str:
    """What a path is, in words."""
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFREG: "a file",
    }
    return kinds.get(stat.S_IFMT(mode), "not a file")


def open_folder(root: str, parts: Sequence[str], *, create: bool = False) -> int:
    """A descriptor of the folder `parts` below `root`; makes missing ones with `create`."""
    folder = os.open(root, _ENTER)
    try:
        for part in parts:
            if create:
                _make(part, folder)
            below = os.open(part, _ENTER, dir_fd=folder)
            os.close(folder)
            folder = below
    except BaseException:
        os.close(folder)
        raise
    return folder


def open_file(root: str, parts: Sequence[str]) -> int:
    """A descriptor to read a regular file. Raises `NotAFile` and never waits for a pipe."""
    if not parts:
        raise NotAFile("a folder")
    folder = open_folder(root, parts[:-1])
    try:
        status = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(kind_of(status.st_mode))
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(parts[-1], flags, dir_fd=folder)
    finally:
        os.close(folder)
    mode = os.fstat(file).st_mode
    if not stat.S_ISREG(mode):
        os.close(file)
        raise NotAFile(kind_of(mode))
    return file


def _make(part: str, folder: int) -> None:
    try:
        os.mkdir(part, dir_fd=folder)
    except FileExistsError:
        return
