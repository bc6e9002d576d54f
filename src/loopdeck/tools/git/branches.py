"""Which branches a repository has, read from its files, so that no git runs for the question."""

import re
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9_][\w./+-]{0,200}")
_MAX_PACKED = 4_000_000


def has_branch(folder: str, name: str) -> bool:
    """Whether the repository around a folder has a branch of this name."""
    if not _PLAIN.fullmatch(name) or ".." in name:
        return False
    try:
        repository = _repository(Path(folder))
        if repository is None:
            return False
        return (repository / "refs/heads" / name).is_file() or _is_packed(repository, name)
    except (OSError, ValueError):
        return False


def _repository(folder: Path) -> Path | None:
    """The folder with the branches; a `.git` file names another, which may share its branches."""
    for root in (folder, *folder.parents):
        marker = root / ".git"
        if marker.is_file():
            named = marker.read_text("utf-8", "replace")[:4_096]
            marker = root / named.removeprefix("gitdir:").strip()
        elif not marker.is_dir():
            continue
        shared = marker / "commondir"
        return marker / shared.read_text("utf-8").strip() if shared.is_file() else marker
    return None


def _is_packed(repository: Path, name: str) -> bool:
    packed = repository / "packed-refs"
    if not packed.is_file() or packed.stat().st_size > _MAX_PACKED:
        return False
    return f" refs/heads/{name}\n" in packed.read_text("utf-8", "replace")
