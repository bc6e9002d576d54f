"""A terminal that remembers when each piece of output came, and what the screen showed by then."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

COLUMNS, LINES = 120, 40
ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|.)"
)
SILENCE_S = 0.25  # output that rests this long is a frame that is whole
AHEAD = 12  # texts looked for at once: more than a burst of keys, less than a line of them


class Terminal:
    """A program in a pseudo-terminal. Times are seconds of the monotonic clock."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, began: float) -> None:
        self.pid = process.pid
        self.began = began
        self.chunks: list[tuple[float, bytes]] = []
        self._process = process
        self._master = master
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                data = b""
            with self._news:
                if data:
                    self.chunks.append((time.monotonic(), data))
                self._news.notify_all()
            if not data:
                return

    def press(self, keys: bytes) -> float:
        """Send keys; when."""
        now = time.monotonic()
        os.write(self._master, keys)
        return now

    def next_output(self, since: int, timeout: float = 2.0) -> float | None:
        """When the first chunk after the first `since` came; `None` if none does."""
        with self._news:
            self._news.wait_for(lambda: len(self.chunks) > since, timeout)
            return self.chunks[since][0] if len(self.chunks) > since else None

    def wait_for(self, text: bytes, *, since: int = 0, timeout: float = 30.0) -> None:
        """Wait until the output holds the text. Raises `TimeoutError`."""

        def there() -> bool:
            return text in plain(b"".join(data for _, data in self.chunks[since:]))

        with self._news:
            if not self._news.wait_for(there, timeout):
                raise TimeoutError(f"{text!r} did not come up; the screen:\n{self.screen()}")

    def settle(self, quiet: float = SILENCE_S, timeout: float = 10.0) -> None:
        """Wait until no output has come for a while."""
        end = time.monotonic() + timeout
        with self._news:
            while time.monotonic() < end:
                count = len(self.chunks)
                if not self._news.wait_for(lambda c=count: len(self.chunks) > c, quiet):
                    return

    def screen(self) -> str:
        """What is on the screen now."""
        picture = Picture()
        for _, data in list(self.chunks):
            picture.feed(data)
        return "\n".join(picture.lines)

    def moments(self, texts: Sequence[str], *, since: int = 0) -> list[float | None]:
        """When each of these was on the screen first, one after the other, from a chunk on.

        A text that never stands on one line, as where it is broken in two, is `None`.
        """
        picture = Picture()
        found: list[float | None] = [None] * len(texts)
        next_one = 0
        for number, (at, data) in enumerate(self.chunks):
            picture.feed(data)
            if number < since:
                continue
            ahead = range(next_one, min(len(texts), next_one + AHEAD))
            for place in [place for place in ahead if picture.shows(texts[place])]:
                found[place], next_one = at, place + 1
        return found

    def moment(self, text: str) -> float:
        """Seconds from the start of the program until the text was on the screen."""
        (found,) = self.moments([text])
        if found is None:
            raise TimeoutError(f"{text!r} did not come up; the screen:\n{self.screen()}")
        return found - self.began

    def wait(self, timeout: float = 120.0) -> int:
        """Wait for the program to end by itself; its exit code."""
        return self._process.wait(timeout)

    def close(self) -> None:
        """End the program, however it stands."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._thread.join(2)
        os.close(self._master)


@contextmanager
def terminal(words: Sequence[str], env: Mapping[str, str], cwd: Path) -> Generator[Terminal]:
    """Run a program in a terminal of its own."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    began = time.monotonic()
    process = subprocess.Popen(
        words, env=env, cwd=cwd, preexec_fn=lambda: os.login_tty(slave), close_fds=False
    )
    os.close(slave)
    running = Terminal(process, master, began)
    try:
        yield running
    finally:
        running.close()


def plain(data: bytes) -> bytes:
    """Output without its escape sequences."""
    return ESCAPES.sub(b"", data)


class Picture:
    """The screen as text; only the lines that changed are read again."""

    def __init__(self) -> None:
        self.lines = [""] * LINES
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        """Take in output."""
        self._stream.feed(data)
        for row in self._screen.dirty:
            cells = self._screen.buffer[row]
            self.lines[row] = "".join(cells[column].data for column in range(COLUMNS))
        self._screen.dirty.clear()

    def shows(self, text: str) -> bool:
        """True while the text stands in one of the lines."""
        return any(text in line for line in self.lines)
