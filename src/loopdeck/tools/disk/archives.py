"""The names in an archive, read in this process and no further than can be afforded."""

import os
import struct
import time
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, Literal, cast

MAX_MEMBERS = 2_000
_MAX_SECONDS = 0.1
_MAX_TEXT = 1_000_000  # bytes
_MAX_PIECE = 1_000_000
_MAX_BYTES = 64_000_000
_MAX_LIST = 1_000_000  # of the list at the end of a zip file
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_END = struct.Struct("<4s4xHHII")  # of a zip file: entries here, entries in all, size of the list
_AT_END = 66_000
_BROKEN = (OSError, ValueError, EOFError, LookupError, ArithmeticError, RuntimeError)

Stamp = tuple[int, int, int]


class _TooMuch(ValueError):
    """More than is worth reading for a question."""


def members(path: str) -> tuple[str, ...] | None:
    """The files that an archive would unpack; None where that cannot be said."""
    stamp = _stamp(path)
    return _members(path, stamp) if stamp else None


def content(path: str) -> str | None:
    """The text of a file; None for one that cannot be read, or is too long to be looked through."""
    stamp = _stamp(path)
    if stamp is None or stamp[2] > _MAX_TEXT:
        return None
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            return file.read(_MAX_TEXT)
    except (OSError, ValueError):
        return None


def _stamp(path: str) -> Stamp | None:
    """None for anything but a file: to open a pipe is to wait for whoever writes to it."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - the name may hold anything
            return None
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _members(path: str, _stamp: Stamp) -> tuple[str, ...] | None:
    """Each archive is read once, however often a call is judged until it has run."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            start = file.read(2)
            file.seek(0)
            return tuple(_of_zip(file) if start == _ZIP else _of_tar(file, packed=start == _GZIP))
    except (*_BROKEN, struct.error, zlib.error):
        return None


class _Careful:
    """A file of which no piece, and not all together, is more than there is time for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MAX_BYTES
        self._until = time.monotonic() + _MAX_SECONDS

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        self._left -= size
        if not 0 <= size <= _MAX_PIECE or self._left < 0 or time.monotonic() > self._until:
            raise _TooMuch
        return self._file.read(size)

    def seek(self, at: int, whence: int = 0) -> int:
        """As of a file."""
        return self._file.seek(at, whence)

    def tell(self) -> int:
        """As of a file."""
        return self._file.tell()


def _of_tar(file: BinaryIO, *, packed: bool) -> Iterator[str]:
    """What is packed has to be read from its beginning; else only the heads of the files are."""
    import gzip  # on first use: hardly any session unpacks anything
    import tarfile

    plain = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file
    careful = cast("BinaryIO", _Careful(plain))
    try:
        mode: Literal["r|", "r:"] = "r|" if packed else "r:"
        # What does not look like a file's head is passed over, as the program does.
        with tarfile.open(fileobj=careful, mode=mode, ignore_zeros=True) as archive:
            linked = set[str]()
            for count, one in enumerate(archive):
                if count >= MAX_MEMBERS or _through(one.name, linked):
                    raise _TooMuch
                linked.update((one.name,) if one.issym() or one.islnk() else ())
                if not one.isdir():
                    yield one.name
    except tarfile.TarError as error:
        raise _TooMuch from error


def _through(name: str, linked: set[str]) -> bool:
    """Whether a file would come to wherever a link from the same archive leads."""
    parts = name.split("/")
    return bool(linked) and any("/".join(parts[:at]) in linked for at in range(1, len(parts) + 1))


def _of_zip(file: BinaryIO) -> Iterator[str]:
    import zipfile  # on first use: hardly any session unpacks anything

    file.seek(max(0, file.seek(0, os.SEEK_END) - _AT_END))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    _, here, entries, size, _ = _END.unpack_from(tail, at)
    if at < 0 or b"PK\6\7" in tail or here != entries:
        raise _TooMuch
    if entries > MAX_MEMBERS or size > _MAX_LIST:
        raise _TooMuch
    with zipfile.ZipFile(file) as archive:
        yield from (one.filename for one in archive.infolist() if not one.is_dir())
