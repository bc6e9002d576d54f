"""The content a change starts from, and putting new content in its place in one step."""

import contextlib
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass

from loopdeck.errors import ToolError
from loopdeck.figures import amount
from loopdeck.tools.disk.beneath import NotAFile, kind_of, open_file, open_folder
from loopdeck.tools.disk.diffs import MAX_OLD
from loopdeck.tools.disk.paths import Target, explain

_MAX_HASHED = 64_000_000


@dataclass(frozen=True, slots=True)
class Base:
    """What is in the way of a change now: `text` is None where it is absent or cannot be shown."""

    exists: bool
    size: int = 0
    fingerprint: str = "absent"
    text: str | None = None
    note: str = ""


def look(target: Target) -> Base:
    """The present content of a target. Raises `ToolError` for what is no regular file."""
    try:
        file = open_file(target.base, target.parts)
    except FileNotFoundError:
        return Base(exists=False)
    except OSError as error:
        raise explain(error, target, doing="changed") from error
    with os.fdopen(file, "rb") as stream:
        status = os.fstat(stream.fileno())
        if status.st_size > _MAX_HASHED:
            mark = f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
            note = f"{amount(status.st_size)}, too large to show"
            return Base(True, status.st_size, mark, None, note)
        data = stream.read()
    return _describe(data)


def _describe(data: bytes) -> Base:
    mark = hashlib.sha256(data).hexdigest()
    size = len(data)
    if b"\0" in data[:8_192]:
        return Base(True, size, mark, None, f"binary content of {amount(size)}")
    if size > MAX_OLD:
        return Base(True, size, mark, None, f"{amount(size)}, too large to show")
    try:
        return Base(True, size, mark, data.decode("utf-8"))
    except UnicodeDecodeError:
        return Base(True, size, mark, None, f"{amount(size)} that are not UTF-8 text")


def replace(target: Target, content: bytes) -> None:
    """Write a file beside the target and put it in its place; mode and owner stay.

    Missing folders are made. No link is followed on the way.
    """
    *folders, name = target.parts
    temporary = f".{name[:40]}.{secrets.token_hex(6)}.new"
    try:
        folder = open_folder(target.base, folders, create=True)
        try:
            _write(folder, temporary, name, content)
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        finally:
            os.close(folder)
    except OSError as error:
        raise explain(error, target, doing="written") from error


def remove(target: Target) -> None:
    """Delete one regular file; anything else stays. Raises `ToolError`."""
    *folders, name = target.parts
    try:
        folder = open_folder(target.base, folders)
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if not stat.S_ISREG(mode):
                raise NotAFile(kind_of(mode))
            os.unlink(name, dir_fd=folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise explain(error, target, doing="deleted") from error


def unchanged(base: Base, bound: str) -> None:
    """Raise `ToolError` where a file is no longer what was looked at."""
    if bound and base.fingerprint != bound:
        raise ToolError("The file has changed since this call was looked at. Read it again.")


def _write(folder: int, temporary: str, name: str, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        old = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        raise NotAFile(kind_of(old.st_mode))
    # The new file gets what the umask leaves of 0666; a replacement is private until it is equal.
    file = os.open(temporary, flags, 0o666 if old is None else 0o600, dir_fd=folder)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        if old is not None:
            with contextlib.suppress(PermissionError):
                os.fchown(file, old.st_uid, old.st_gid)
            os.fchmod(file, stat.S_IMODE(old.st_mode))
        os.fsync(file)
