"""What a server writes on stderr: kept in a small file, its end at hand, never on the screen."""

import contextlib
import os
import re
from pathlib import Path
from typing import BinaryIO

from loopdeck.visible import expose

MOST_FILE = 1_000_000
MOST_TAIL = 4_000
_SAYS_WHY = re.compile(r"[\w.]*(error|exception|panic|fatal)\b[^:]*: *\S", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"[\s{}()\[\]^~.,-]*$|\s+at |Node\.js v|.*complete log of this run")


class Tail:
    """Takes bytes of any amount. A file that is full begins anew: what matters is the end."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._size = 0
        self._tail = bytearray()

    def add(self, data: bytes) -> None:
        """Take what was read; a disk that is full loses the file and not the server."""
        self._tail += data[-MOST_TAIL:]
        del self._tail[:-MOST_TAIL]
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            if self._file is None or self._size + len(data) > MOST_FILE:
                self.close()
                self._file, self._size = _private(self._path), 0
            self._file.write(data[-MOST_FILE:])
            self._size += len(data)

    def text(self) -> str:
        """The end of it, with whatever acts or hides made visible."""
        return expose(self._tail.decode("utf-8", "replace").replace("\r\n", "\n")).strip()

    def reason(self) -> str:
        """The line that most likely says why it ended; empty if there is none."""
        lines = [line for line in self.text().splitlines() if not _SAYS_NOTHING.match(line)]
        telling = [line for line in lines if _SAYS_WHY.match(line)]
        return (telling or lines or [""])[-1].strip()

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def _private(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
