"""Which process keeps a database locked, where the system tells it."""

import contextlib
import os
from pathlib import Path

_LOCKS = Path("/proc/locks")
_FIELDS = 8
_WRITING = 120  # the byte of the index beside a database that its writer locks


def holder_of(path: Path, locks: Path = _LOCKS) -> str:
    """The name of another process that writes it, or has it for itself; nothing if nobody knows."""
    beside = path.with_name(f"{path.name}-shm")
    with contextlib.suppress(OSError, ValueError):
        for line in locks.read_text("ascii").splitlines():
            fields = line.split()
            if len(fields) != _FIELDS or fields[3] != "WRITE" or fields[4] == str(os.getpid()):
                continue
            first, last = int(fields[6]), int(fields[7]) if fields[7] != "EOF" else _WRITING
            if _is(fields[5], path) or (first <= _WRITING <= last and _is(fields[5], beside)):
                return _named(int(fields[4]))
    return ""


def _is(place: str, path: Path) -> bool:
    """Whether a file is what the system calls by its device and its number on that."""
    try:
        found = path.stat()
    except OSError:
        return False
    device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}"
    return place == f"{device}:{found.st_ino}"


def _named(pid: int) -> str:
    try:
        return f"Process {pid} ({Path(f'/proc/{pid}/comm').read_text('utf-8', 'replace').strip()})"
    except OSError:
        return ""  # it is gone, or in another namespace
