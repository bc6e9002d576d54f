"""A command's output as it streams in: head and tail for the model, everything on disk."""

import codecs
import os
import tempfile
from collections.abc import Callable
from typing import BinaryIO

from loopdeck.figures import amount, plural
from loopdeck.ports import Guard
from loopdeck.ports.tools import Spool

HEAD = 8_000
TAIL = 8_000
MOST = 100_000_000  # bytes of output beyond which nobody reads it, and a command is stopped
_LIVE_CHUNK = 4_000
_LIVE_FULL = 200_000
_TAIL_SLACK = 65_536


class Capture:
    """Takes bytes of any amount in bounded memory.

    Output that fits is kept whole. From the first byte that does not, all of it goes to a file in
    `spool`, which is asked for only then; after `MOST` bytes nothing more is taken. All of it
    passes the guard first: a secret that is cut in two, by the head or in what is shown live,
    could not be told any more.
    """

    def __init__(self, spool: Callable[[], Spool | None], guard: Guard | None = None) -> None:
        self._spool = spool
        self._guard = guard
        # What is no text comes out as it went in.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._head = bytearray()
        self._tail = bytearray()
        self._file: BinaryIO | None = None
        self._room = 0
        self._failed = ""
        self._cut = False
        self._live = bytearray()
        self._skipped = 0
        self._shown = 0
        self.path = ""
        self.size = 0
        self.lines = 0

    def feed(self, data: bytes) -> None:
        """Take what was read."""
        if self.full:
            return
        if self._guard is not None:
            data = _encode(self._guard.add(self._decoder.decode(data)))
        self._take(data)

    @property
    def full(self) -> bool:
        """True once more was printed than is of use to anybody."""
        return self.size > MOST

    def _take(self, data: bytes) -> None:
        self.size += len(data)
        self.lines += data.count(b"\n")
        self._take_live(data)
        if self.size <= HEAD + TAIL:
            self._head += data
            return
        if not self._cut:
            self._cut = True
            self._store(bytes(self._head))
            self._tail += self._head[HEAD:]
            del self._head[HEAD:]
        self._store(data)
        room = max(0, HEAD - len(self._head))
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > TAIL + _TAIL_SLACK:
            del self._tail[:-TAIL]

    def live(self) -> str:
        """What came in since the last time, shortened where it was too much to show."""
        if not self._live:
            return ""
        raw, self._live = bytes(self._live), bytearray()
        raw, rest = _whole_characters(raw)
        self._live += rest
        skipped, self._skipped = self._skipped, 0
        self._shown += len(raw)
        note = f"\n[… {amount(skipped)} not shown live …]\n" if skipped else ""
        return note + raw.decode("utf-8", "replace")

    @property
    def flooded(self) -> bool:
        """True once so much was shown live that it should come slower from now on."""
        return self._shown > _LIVE_FULL

    def text(self) -> str:
        """What the model gets: all of it, or head and tail with what was left out between."""
        if not self._cut:
            return self._head.decode("utf-8", "replace")
        head = _to_line_end(bytes(self._head[:HEAD]))
        tail = _from_line_start(bytes(self._tail[-TAIL:]))
        left_out = self.size - len(head) - len(tail)
        lines = self.lines - head.count(b"\n") - tail.count(b"\n")
        kept = self._failed or "the human has all of it"
        note = f"[… {amount(left_out)} in {plural(max(lines, 0), 'line')} left out; {kept} …]"
        return f"{_decode(head)}\n{note}\n{_decode(tail)}"

    def close(self) -> None:
        """Take what the guard held back, and finish the file."""
        if self._guard is not None:
            rest = self._guard.add(self._decoder.decode(b"", final=True))
            self._take(_encode(rest + self._guard.finish()))
            self._guard = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take_live(self, data: bytes) -> None:
        self._live += data[-_LIVE_CHUNK:]
        over = len(self._live) - _LIVE_CHUNK
        self._skipped += max(0, len(data) - _LIVE_CHUNK)
        if over > 0:
            del self._live[:over]
            self._skipped += over

    def _store(self, data: bytes) -> None:
        """Write to the file; a disk that is full ends the storing and not the command."""
        if self._failed:
            return
        try:
            self._file = self._file or self._open()
            if self._file is None:
                self._failed = "nothing of it is kept"
                return
            left = self._room - self._file.tell()
            self._file.write(data[:left])
            if left < len(data):
                self._failed = f"its full output was not kept, only the first {amount(self._room)}"
        except OSError as error:
            self._failed = f"it could not be kept: {(error.strerror or 'error').lower()}"

    def _open(self) -> BinaryIO | None:
        spool = self._spool()
        if spool is None:
            return None
        self._room = spool.room
        handle, self.path = tempfile.mkstemp(prefix="shell-", suffix=".log", dir=spool.folder)
        return os.fdopen(handle, "wb", buffering=0)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\n")


def _to_line_end(raw: bytes) -> bytes:
    """Cut behind the last line end, unless that would throw away most of it."""
    at = raw.rfind(b"\n") + 1
    return raw[:at] if at > len(raw) // 2 else raw


def _from_line_start(raw: bytes) -> bytes:
    at = raw.find(b"\n") + 1
    return raw[at:] if 0 < at < len(raw) // 2 else raw


def _whole_characters(raw: bytes) -> tuple[bytes, bytes]:
    """Split off a UTF-8 character at the end whose last bytes are still to come."""
    for back in range(1, min(4, len(raw)) + 1):
        byte = raw[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            length = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return (raw[:-back], raw[-back:]) if length > back else (raw, b"")
    return raw, b""
