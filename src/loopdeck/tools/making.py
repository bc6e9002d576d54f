"""Files that a session made whole: what its log says is in them, and whether it still is."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from loopdeck.session.values import JsonObject
from loopdeck.tools.beneath import open_file

MADE = "this session made it, and its log has what is in it"


def mark_of(content: bytes) -> str:
    """Size and hash of a content."""
    return f"{len(content)}:{hashlib.sha256(content).hexdigest()[:32]}"


def making_facts(made: Mapping[str, str]) -> JsonObject:
    """The facts of a call that makes files, path and mark; none for none."""
    return {"makes": list(made), "made_as": list(made.values())} if made else {}


def is_still(root: Path, path: str, mark: str) -> bool:
    """Whether a file in the workspace has the content of a mark; a larger one is not even read."""
    size = int(mark.partition(":")[0])
    try:
        with os.fdopen(open_file(str(root), Path(path).parts), "rb") as file:
            if os.fstat(file.fileno()).st_size != size:
                return False
            return mark_of(file.read(size + 1)) == mark
    except (OSError, ValueError):
        return False
