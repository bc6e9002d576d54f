"""The way to the terminal: at once where it takes what is drawn, else through textual's thread.

A thread has to be woken first, which on a busy machine takes longer than to draw.
"""

import os
from typing import TextIO


class Outlet:
    """What is drawn goes out here. Once the terminal is gone it is dropped: textual's thread would
    die of the first error, and with nobody to empty its queue the whole program would wait.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_open = True
        self._given = self._written = self._taken = 0  # texts: to the thread, by it, out of it
        self._left: bytes | None = None  # of the text that is given to the thread next
        self._quick = _opened_anew(file)

    def at_once(self, text: str) -> bool:
        """Send this out without any wait; False where the thread has to, or has to do the rest."""
        if self._quick is not None and self._given == self._taken:
            data = text.encode(self._file.encoding, self._file.errors or "strict")
            data = data[self._sent(data) :]
            if not data:
                return True
            self._left = data
        self._given += 1
        return False

    def write(self, text: str) -> None:
        """Send this out, or what is left of it, while somebody is there. Called by the thread."""
        left, self._left = self._left, None
        self._written += 1
        if self._is_open:
            try:
                if left is None:
                    self._file.write(text)
                else:
                    self._file.buffer.write(left)
            except OSError:
                self._is_open = False

    def flush(self) -> None:
        """Send what is left of it."""
        if self._is_open:
            try:
                self._file.flush()
            except OSError:
                self._is_open = False
        self._taken = self._written

    def fileno(self) -> int:
        """The handle of the terminal."""
        return self._file.fileno()

    def close(self) -> None:
        """From now on all of it is for the thread."""
        if self._quick is not None:
            os.close(self._quick)
            self._quick = None

    def _sent(self, data: bytes) -> int:
        """How much of it the terminal takes now; all of it where there is no terminal any more."""
        try:
            return os.write(self._quick, data) if self._quick is not None else 0
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)


def _opened_anew(file: TextIO) -> int | None:
    """The terminal under a handle of our own, which alone never waits: others share the first."""
    try:
        name = os.ttyname(file.fileno())
        quick = os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    return quick
