"""Which files git has: its index read as bytes, so that no git runs and nothing it is told to."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_MAX_INDEX = 20_000_000
_HEADER = struct.Struct(">4sII")
_ENTRY = struct.Struct(">8xII20xI20sH")  # changed (s, ns), size, blob, flags
_EXTENDED = 0x4000
_MODE = struct.Struct(">24xI")
_LINK = 0o160000  # the mode of a repository inside
_EXTENSION = struct.Struct(">4sI")
_HASHES = (20, 32)  # how long the sum at the end may be


@dataclass(frozen=True, slots=True)
class Tracked:
    """The repository around a folder: its root, and size, time and blob of each file in it."""

    root: Path
    files: dict[str, tuple[int, int, bytes]]

    def has(self, path: str) -> bool:
        """Whether git has a version of the file with this absolute path."""
        return self._name(path) in self.files

    def is_clean(self, path: str) -> bool:
        """Whether a file is as git saw it last, as far as size and time tell."""
        size, changed, _ = self.files.get(self._name(path), (-1, -1, b""))
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return True
        return status.st_size % 2**32 == size and status.st_mtime_ns == changed

    def _name(self, path: str) -> str:
        """What git calls a file; of thousands at once, so a path is taken apart only if need be."""
        below = path.removeprefix(f"{self.root}/")
        plain = below != path and "//" not in path and "/." not in path
        return below if plain else os.path.relpath(path, self.root)


def tracked(folder: Path) -> Tracked | None:
    """What git has of the repository around a folder; None without one that can be read."""
    for root in (folder, *folder.parents):
        marker = root / ".git"
        if not os.path.lexists(marker):
            continue
        try:
            index = _own(marker) / "index"
            status = index.stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            return Tracked(root, _files(index, stamp))
        except (OSError, ValueError, IndexError, struct.error):
            return None
    return None


def is_unreadable(folder: Path) -> bool:
    """Whether git has files around a folder, and nobody here can tell which."""
    found = git_folder(folder)
    return found is not None and os.path.lexists(found[1] / "index") and tracked(folder) is None


def git_folder(folder: Path) -> tuple[Path, Path, Path] | None:
    """The root of the repository around a folder, its own git folder, and the one it shares."""
    for root in (folder, *folder.parents):
        marker = root / ".git"
        if not os.path.lexists(marker):
            continue
        try:
            own = _own(marker)
            shared = own / "commondir"
            common = own / shared.read_text("utf-8").strip() if shared.is_file() else own
        except (OSError, ValueError):
            return None
        return root, own, common
    return None


def _own(marker: Path) -> Path:
    """The folder of a repository; a `.git` file names it."""
    if not marker.is_file():
        return marker
    text = marker.read_text("utf-8", "replace")[:4_096]
    return marker.parent / text.removeprefix("gitdir:").strip()


@lru_cache(maxsize=4)
def _files(index: Path, _stamp: tuple[int, int, int]) -> dict[str, tuple[int, int, bytes]]:
    """What is in an index, read again when it changed."""
    with index.open("rb") as file:
        data = file.read(_MAX_INDEX + 1)
    if len(data) > _MAX_INDEX:
        raise ValueError("the index is too large")
    return _entries(data)


def kept_blob(folder: Path, path: str) -> str:
    """The name of the content that git would put back in the place of a file; empty for none."""
    git = tracked(folder)
    if git is None:
        return ""
    found = git.files.get(os.path.relpath(folder / path, git.root))
    return found[2].hex() if found else ""


def links(git: str, root: str) -> list[str]:
    """The folders of repositories inside, which git asks too when it is asked about this one."""
    index = Path(git, "index")
    try:
        if index.stat().st_size > _MAX_INDEX:
            return []
        data = index.read_bytes()
        places = [name for name, mode in _modes(data) if mode == _LINK]
    except (OSError, ValueError, IndexError, struct.error):
        return []
    return [f"{root}/{name}" for name in places]


def _modes(data: bytes) -> Iterator[tuple[str, int]]:
    for name, at in _places(data):
        yield os.fsdecode(name), _MODE.unpack_from(data, at)[0]


def _entries(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    files: dict[str, tuple[int, int, bytes]] = {}
    for name, at in _places(data):
        seconds, nanos, size, blob, _ = _ENTRY.unpack_from(data, at)
        files[os.fsdecode(name)] = (size, seconds * 10**9 + nanos, blob)
    return files


def _places(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Each name in an index, and where its entry begins. Raises `ValueError` for other forms."""
    magic, version, count = _HEADER.unpack_from(data)
    if magic != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("an index of another form")
    at, name = _HEADER.size, b""
    for _ in range(count):
        flags = _ENTRY.unpack_from(data, at)[4]
        name_at = at + _ENTRY.size + (2 if flags & _EXTENDED else 0)
        kept = b""
        if version == 4:  # a name begins as the one before it does, but for so much of its end
            cut, name_at = _number(data, name_at)
            if cut > len(name):
                raise ValueError("an index that is damaged")
            kept = name[: len(name) - cut]
        end = data.index(b"\0", name_at)
        name = kept + data[name_at:end]
        yield name, at
        # Other entries are filled up to a multiple of eight bytes.
        at = end + 1 if version == 4 else at + ((end - at + 8) & ~7)
    _must_be_all(data, at)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number as git packs it, seven bits a byte, and where it ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
    return value, at + 1


def _must_be_all(data: bytes, at: int) -> None:
    """Raises `ValueError` where other names are in another file, or stand for whole folders."""
    while at < len(data) - max(_HASHES):
        kind, size = _EXTENSION.unpack_from(data, at)
        if not kind[:1].isupper():  # who does not know it must not go on
            raise ValueError("an index of another form")
        at += _EXTENSION.size + size
    if len(data) - at not in _HASHES:
        raise ValueError("an index of another form")
