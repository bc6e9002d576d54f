"""Which files git has: its index read as bytes, so that no git runs and nothing it is told to."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

_MAX_INDEX = 20_000_000
_HEADER = struct.Struct(">4sII")
_ENTRY = struct.Struct(">10I20sH")
_EXTENDED = 0x4000


@dataclass(frozen=True, slots=True)
class Tracked:
    """The repository around a folder: its root, and size, time and blob of each file in it."""

    root: Path
    files: dict[str, tuple[int, int, bytes]]

    def has(self, path: str) -> bool:
        """Whether git has a version of the file with this absolute path."""
        return os.path.relpath(path, self.root) in self.files


def tracked(folder: Path) -> Tracked | None:
    """What git has of the repository around a folder; None without one that can be read."""
    for root in (folder, *folder.parents):
        marker = root / ".git"
        if not os.path.lexists(marker):
            continue
        try:
            return Tracked(root, _entries(_index_of(marker)))
        except (OSError, ValueError, IndexError, struct.error):
            return None
    return None


def _index_of(marker: Path) -> bytes:
    """The bytes of the index; a `.git` file names the folder it is in."""
    if marker.is_file():
        text = marker.read_text("utf-8", "replace")[:4_096]
        marker = marker.parent / text.removeprefix("gitdir:").strip()
    with (marker / "index").open("rb") as file:
        data = file.read(_MAX_INDEX + 1)
    if len(data) > _MAX_INDEX:
        raise ValueError("the index is too large")
    return data


def kept_blob(folder: Path, path: str) -> str:
    """The name of the content that git would put back in the place of a file; empty for none."""
    git = tracked(folder)
    if git is None:
        return ""
    found = git.files.get(os.path.relpath(folder / path, git.root))
    return found[2].hex() if found else ""


def _entries(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    magic, version, count = _HEADER.unpack_from(data)
    if magic != b"DIRC" or version not in (2, 3):
        raise ValueError("an index of another form")
    files: dict[str, tuple[int, int, bytes]] = {}
    at = _HEADER.size
    for _ in range(count):
        fields = _ENTRY.unpack_from(data, at)
        flags: int = fields[11]
        name_at = at + _ENTRY.size + (2 if flags & _EXTENDED else 0)
        end = data.index(b"\0", name_at)
        files[os.fsdecode(data[name_at:end])] = (
            fields[9],
            fields[2] * 10**9 + fields[3],
            fields[10],
        )
        at += (end - at + 8) & ~7  # entries are filled up to a multiple of eight bytes
    return files
