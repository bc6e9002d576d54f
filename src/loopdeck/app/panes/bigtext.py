"""Texts of any size by line: in memory, or in a file of which only the visible part is read."""

import os
import stat
from array import array
from bisect import bisect_right
from pathlib import Path
from threading import Lock
from typing import Protocol

from loopdeck.app.paint.blobs import magic
from loopdeck.errors import LoopdeckError

BLOCK = 262_144  # bytes between two places that the index knows
AT_ONCE = 64  # blocks that are looked through at once
LONGEST = 65_536  # bytes of one line that are read


class Lines(Protocol):
    """Lines by number. `count` may grow until `more` has nothing to look through any more."""

    count: int

    def line(self, number: int) -> str:
        """The line of this number, from 0."""
        ...

    def more(self) -> bool:
        """Look through some more of it; false once all of it is known."""
        ...


class ShortText:
    """A text that is in memory."""

    def __init__(self, text: str) -> None:
        self._rows = text.rstrip("\n").split("\n")
        self.count = len(self._rows)

    def line(self, number: int) -> str:
        """A line."""
        return self._rows[number]

    def more(self) -> bool:
        """All of it is known."""
        return False


class FileText:
    """A file of lines. It is read by place, never mapped: one that is cut short does no harm."""

    def __init__(self, path: str) -> None:
        self._lock = Lock()
        self._file = _opened(path)
        self.size = os.fstat(self._file).st_size
        self.kind = magic(os.pread(self._file, 64, 0))
        self.count = 0
        self._breaks = array("Q", [0])  # line breaks before each block
        self._block = -1
        self._places = array("Q")  # of the line breaks in that block
        self._ends_open = self.size > 0 and os.pread(self._file, 1, self.size - 1) != b"\n"

    def close(self) -> None:
        """Let the file go, as soon as nobody reads it in another thread."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file = -1

    def more(self) -> bool:
        """Count the line breaks of the next blocks."""
        for _ in range(AT_ONCE):
            at = (len(self._breaks) - 1) * BLOCK
            with self._lock:
                if at >= self.size or self._file < 0:
                    return False
                data = os.pread(self._file, min(BLOCK, self.size - at), at)
            self._breaks.append(self._breaks[-1] + data.count(b"\n"))
            self.count = self._breaks[-1] + (self._ends_open and at + BLOCK >= self.size)
        return True

    def line(self, number: int) -> str:
        """A line; of a very long one the beginning, and how much more there is."""
        if self._file < 0:
            return ""
        start = self._start(number)
        data = os.pread(self._file, LONGEST, start)
        text, found, _ = data.partition(b"\n")
        shown = text.decode("utf-8", "replace").removesuffix("\r")
        return shown if found or len(data) < LONGEST else f"{shown} … this line goes on"

    def _start(self, number: int) -> int:
        """Where a line begins: behind the line break of its number."""
        if number == 0:
            return 0
        block = bisect_right(self._breaks, number - 1) - 1
        if block != self._block:
            data = os.pread(self._file, BLOCK, block * BLOCK)
            self._block, self._places = block, _breaks_in(data)
        return block * BLOCK + self._places[number - 1 - self._breaks[block]] + 1


def _breaks_in(data: bytes) -> "array[int]":
    places = array("Q")
    at = data.find(b"\n")
    while at >= 0:
        places.append(at)
        at = data.find(b"\n", at + 1)
    return places


def _opened(path: str) -> int:
    """The file that Loopdeck wrote the output to, and no other. Raises `LoopdeckError`.

    The name stands in a log, which may come from elsewhere: what is no plain file of ours, named
    as ours are, is not opened.
    """
    name = Path(path).name
    if not (name.startswith("shell-") and name.endswith(".log")):
        raise LoopdeckError("That file is not one of Loopdeck's.")
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise LoopdeckError("The file with all of it is gone.") from error
    about = os.fstat(file)
    if not stat.S_ISREG(about.st_mode) or about.st_uid != os.getuid():
        os.close(file)
        raise LoopdeckError("That file is not one of Loopdeck's.")
    return file
