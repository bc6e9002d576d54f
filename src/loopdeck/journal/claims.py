"""Who runs which session: a file lock each, which the system itself drops when a process dies."""

import contextlib
import fcntl
import hashlib
import itertools
import os
import time
from collections.abc import Generator
from pathlib import Path

from loopdeck.errors import SessionBusy
from loopdeck.journal.faults import of_folder

_TRIES = 10
_PAUSE_S = 0.005  # a look by `held` keeps the lock for a moment; a claim outlasts it


class Claims:
    """The claims in one folder; it is made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        self._count = itertools.count(1)

    def claim(self, session: str) -> None:
        """Take the session's lock. Raises `SessionBusy` with the holder's process."""
        path = self._path(session)
        with self._explained():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = None if session in self._held else _take(path)
            if descriptor is None:
                raise SessionBusy(
                    f"Session {session} is live in process {_holder(path)}.",
                    f"Watch it with `loopdeck replay {session}`, or stop it there; if it hangs, "
                    f"`loopdeck resume {session} --take-over`.",
                )
            self._held[session] = descriptor
            self._terms[session] = next(self._count)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self, session: str) -> None:
        """Give the lock back; nothing happens where it is not held."""
        descriptor = self._held.pop(session, None)
        if descriptor is not None:
            del self._terms[session]
            with contextlib.suppress(OSError):  # a disk that fails: a file alone hinders nobody
                if _is_at(self._path(session), descriptor):  # or it is another's by now
                    self._path(session).unlink(missing_ok=True)
            os.close(descriptor)

    def disown(self, session: str) -> int:
        """Let the next claim succeed although a process that hangs still holds its own.

        Returns that process; 0 where there is none.
        """
        path = self._path(session)
        holder = self.holder(session)
        with self._explained():
            path.unlink(missing_ok=True)
        return int(holder) if holder.isdecimal() else 0

    def term(self, session: str) -> int:
        """The number of this process's claim; 0 once it was taken over."""
        if not _is_at(self._path(session), self._held[session]):
            return 0
        return self._terms[session]

    def holds(self, session: str) -> bool:
        """Whether this process has claimed the session, taken over or not."""
        return session in self._held

    def release_all(self) -> None:
        """Give every lock back."""
        for session in list(self._held):
            self.release(session)

    def held(self, session: str) -> bool:
        """True while some process holds the session."""
        if session in self._held:
            return True
        try:
            descriptor = os.open(self._path(session), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def holder(self, session: str) -> str:
        """The number of the process that holds the session; empty where none does."""
        return _holder(self._path(session)) if self.held(session) else ""

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """Wait until no other process sets the database up, and keep others waiting meanwhile."""
        with self._explained():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self._folder / "setup", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _path(self, session: str) -> Path:
        # an id may come from outside, so it never becomes a file name
        name = hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{name[:24]}.lock"

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise of_folder(error, self._folder) from error


def _take(path: Path) -> int | None:
    """The locked file, or `None` while another process has it."""
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            time.sleep(_PAUSE_S)
            continue
        if _is_at(path, descriptor):
            return descriptor
        os.close(descriptor)  # its last holder removed it just now: lock the new one
    return None


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    try:
        return path.read_text("ascii").strip() or "?"
    except (OSError, ValueError):
        return "?"
