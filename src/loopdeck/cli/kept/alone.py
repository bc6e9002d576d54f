"""A file that one process at a time changes: the others wait."""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from loopdeck.errors import ConfigError


@contextlib.contextmanager
def alone(path: Path) -> Generator[None]:
    """Two processes that keep something at once must not lose one of them. Raises `ConfigError`."""
    handle = lock_of(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def lock_of(path: Path) -> int:
    """The opened lock beside a file, not yet taken. Raises `ConfigError`."""
    lock = path.with_name(f".{path.name}.lock")
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}."
        raise ConfigError(text, "Check its folder's permissions.") from error


def taken(handle: int) -> bool:
    """Take an opened lock if nobody else has it; whether that could be done."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
