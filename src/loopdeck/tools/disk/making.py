"""Files that a session made whole: what its log says is in them, and whether it still is."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from loopdeck.permissions.contents import mark_of
from loopdeck.session.values import JsonObject
from loopdeck.tools.disk.beneath import open_file
from loopdeck.tools.git.index import kept_blob

_COARSE_NS = 10_000_000
_MAX_READ = 8_000_000
MADE = "this session made it, and its log has what is in it"
KEPT = "git has just what is in it"


def blob_of(content: bytes) -> str:
    """The name under which git keeps a content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def change_facts(path: str, before: bytes, after: bytes) -> JsonObject:
    """The facts of a call that changes a file: what it was and what it will be."""
    return {
        "changes": [path],
        "changed_from": [f"{mark_of(before)} {blob_of(before)}"],
        "changed_as": [f"{mark_of(after)} {blob_of(after)}"],
    }


def is_given_back(root: Path, path: str, origin: str, now: str) -> bool:
    """Whether git and the log have all of a file between them, were git to put it back.

    That is so where nothing is there, where git would put back what is, or what the changes in the
    log began with: `origin` is the content before the first of them and `now` that after the last,
    each as a mark and the name git has for it.
    """
    kept = kept_blob(root, path)
    if not kept:
        return False
    if not os.path.lexists(root / path):
        return True
    if kept == origin.partition(" ")[2] and is_still(root, path, now.partition(" ")[0]):
        return True
    return is_kept(root, path)


def is_kept(root: Path, path: str) -> bool:
    """Whether git has just this content under this name."""
    kept = kept_blob(root, path)
    content = content_of(root, path) if kept else None
    return content is not None and blob_of(content) == kept


def making_facts(made: Mapping[str, str]) -> JsonObject:
    """The facts of a call that makes files, path and mark; none for none."""
    return {"makes": list(made), "made_as": list(made.values())} if made else {}


def is_still(root: Path, path: str, mark: str) -> bool:
    """Whether a file in the workspace has the content of a mark; a larger one is not even read."""
    content = content_of(root, path, int(mark.partition(":")[0]))
    return content is not None and mark_of(content) == mark


def changed_within(root: Path, path: str, span: tuple[int, int] | None) -> bool:
    """Whether a file was changed last between two moments, by what the system itself notes."""
    if span is None:
        return False
    try:
        status = os.lstat(root / path)
    except (OSError, ValueError):
        return False
    # The system's clock for files is a few milliseconds behind.
    return stat.S_ISREG(status.st_mode) and span[0] - _COARSE_NS <= status.st_ctime_ns <= span[1]


def content_of(root: Path, path: str, size: int | None = None) -> bytes | None:
    """What is in a regular file, reached without a link; None for any other size than `size`."""
    try:
        with os.fdopen(open_file(str(root), Path(path).parts), "rb") as file:
            there = os.fstat(file.fileno()).st_size
            if there > _MAX_READ or (size is not None and there != size):
                return None
            return file.read(there + 1)
    except (OSError, ValueError):
        return None
