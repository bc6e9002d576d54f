"""Where Loopdeck itself lies: no agent changes that, for it runs outside every sandbox."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import loopdeck


def is_ours(path: Path) -> bool:
    """Whether a resolved path is one of the program that runs, or of its environment."""
    return any(path.is_relative_to(folder) for folder in _folders())


def ours_below(workspace: str) -> Iterator[str]:
    """What of a workspace that program lies in, by the names right below: they cannot be moved."""
    for folder in _folders():
        if folder != Path(workspace) and folder.is_relative_to(workspace):
            yield os.path.join(workspace, folder.relative_to(workspace).parts[0])  # noqa: PTH118


def _folders() -> tuple[Path, Path]:
    package = os.path.realpath(os.path.dirname(loopdeck.__file__))  # noqa: PTH120
    return Path(os.path.realpath(sys.prefix)), Path(package)
