"""A terminal around a program: what it draws, keys for it, and the modes it leaves behind."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import pyte

MODES = {
    "alternate screen": ("1049", False),
    "cursor": ("25", True),
    "mouse clicks": ("1000", False),
    "mouse moves": ("1003", False),
    "mouse positions": ("1006", False),
    "bracketed paste": ("2004", False),
    "focus": ("1004", False),
}
"""Private modes that a program may change: their number, and whether they are on at rest."""


class _Screen(pyte.Screen):
    """Bears what a killed program left half written: the next escape ends it, here as elsewhere."""

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase the line; the number may be the rest of another sequence."""
        super().erase_in_line(how if how in (0, 1, 2) else 0, private)


class Terminal:
    """Runs a program in a pseudo-terminal; ends it, if need be, when the block ends."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
        term: str = "xterm-256color",
    ) -> None:
        columns, lines = size
        self._screen = _Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._written = bytearray()
        self._own, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._at_rest = termios.tcgetattr(theirs)
        self._theirs = theirs
        # A size in the environment would win over that of the terminal.
        kept = {name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**kept, "TERM": term},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._own >= 0:
            os.close(self._own)
        os.close(self._theirs)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._own)
        self._own = -1

    def resize(self, columns: int, lines: int) -> None:
        """Change its size, as somebody does who drags a corner."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def written(self) -> bytes:
        """Every byte the program has sent."""
        return bytes(self._written)

    def press(self, keys: str, pause_s: float = 0.2) -> None:
        """Send keys as a keyboard does, and look at the screen for as long as a person would."""
        os.write(self._own, keys.encode())
        end = time.monotonic() + pause_s
        while (left := end - time.monotonic()) > 0 and self.draw(left):
            pass

    def until(self, true: Callable[[str], bool], patience_s: float = 30.0) -> str:
        """Draw until the screen fits; returns it."""
        end = time.monotonic() + patience_s
        while not true(self.text):
            if time.monotonic() > end:
                raise AssertionError(f"It was not on the screen in time:\n{self.text}")
            self.draw()
        return self.text

    def draw(self, wait_s: float = 0.1) -> bool:
        """Take what the program sends now; false at its end."""
        ready, _, _ = select.select([self._own], [], [], wait_s)
        if ready:
            data = os.read(self._own, 65_536)
            self._written += data
            try:
                self._stream.feed(data)
            except TypeError:  # half a sequence of a program that was killed, and what came then
                self._stream = pyte.ByteStream(self._screen)
        return self.process.poll() is None or bool(ready)

    def wait(self, patience_s: float = 30.0) -> int:
        """Draw to the end of the program; its exit code."""
        end = time.monotonic() + patience_s
        while self.draw() and time.monotonic() < end:
            pass
        return self.process.wait(1)

    def disorder(self) -> list[str]:
        """What the program changed about the terminal and did not put back."""
        found: list[str] = []
        for name, (number, at_rest) in MODES.items():
            switches = re.findall(
                rb"\x1b\[\?(?:\d+;)*%b(?:;\d+)*([hl])" % number.encode(), self.written
            )
            on = switches[-1] == b"h" if switches else at_rest
            if on != at_rest:
                found.append(name)
        if termios.tcgetattr(self._theirs) != self._at_rest:
            found.append("line discipline")
        return found
