"""Walking a folder the way git sees it: .gitignore files count, links are not followed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from loopdeck.tools.disk.beneath import open_file
from loopdeck.tools.disk.paths import Workspace

_MAX_IGNORE = 256_000


@dataclass(frozen=True, slots=True)
class Found:
    """A path of the walk, relative to the workspace (or absolute, outside of it)."""

    path: str
    below: str
    depth: int
    is_folder: bool
    link_to: str = ""


@dataclass(frozen=True, slots=True)
class _Ignores:
    """The ignore files in force, outermost first, each with the folder it stands in."""

    layers: tuple[tuple[str, GitIgnoreSpec], ...] = field(default=())

    def entering(self, folder: Path, below: str) -> "_Ignores":
        """The ignores that hold inside `folder`."""
        lines = _ignore_lines(folder)
        if not lines:
            return self
        return _Ignores((*self.layers, (below, GitIgnoreSpec.from_lines(lines))))

    def covers(self, below: str, *, folder: bool) -> bool:
        """Whether a path is ignored; the innermost file that speaks of it decides."""
        for base, spec in reversed(self.layers):
            inner = below[len(base) + 1 :] if base else below
            verdict = spec.check_file(f"{inner}/" if folder else inner).include
            if verdict is not None:
                return verdict
        return False


def walk(workspace: Workspace, start: Path, *, depth: int = 64) -> Iterator[Found]:
    """Everything below `start` in order of name, folders before what is in them."""
    ignores = _Ignores()
    if start == workspace.root or workspace.root in start.parents:
        # The ignore files between the root and the start count as well.
        folder = workspace.root
        for part in start.relative_to(workspace.root).parts:
            ignores = ignores.entering(folder, _below(folder, workspace.root))
            folder /= part
        yield from _walk(workspace, workspace.root, start, ignores, 1, depth)
    else:
        yield from _walk(workspace, start, start, ignores, 1, depth)


def _walk(
    workspace: Workspace, root: Path, folder: Path, ignores: _Ignores, level: int, depth: int
) -> Iterator[Found]:
    above, inside = _below(folder, root), root == workspace.root
    ignores = ignores.entering(folder, above)
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError:
        return  # a folder that vanished or may not be read has nothing to show
    for entry in entries:
        is_folder = entry.is_dir(follow_symlinks=False)
        below = f"{above}/{entry.name}" if above else entry.name  # no `Path` for each of thousands
        path = below if inside else entry.path
        if entry.name == ".git" or ignores.covers(below, folder=is_folder):
            continue
        if workspace.hidden(path):
            continue
        yield Found(path, below, level, is_folder, _link(entry))
        if is_folder and level < depth:
            yield from _walk(workspace, root, folder / entry.name, ignores, level + 1, depth)


def _link(entry: os.DirEntry[str]) -> str:
    if not entry.is_symlink():
        return ""
    try:
        return str(Path(entry.path).readlink())
    except OSError:
        return "?"


def _below(folder: Path, root: Path) -> str:
    return "" if folder == root else str(folder.relative_to(root))


def _ignore_lines(folder: Path) -> list[str]:
    try:
        file = open_file(str(folder), (".gitignore",))
    except OSError:
        return []
    with os.fdopen(file, "rb") as stream:
        text = stream.read(_MAX_IGNORE).decode("utf-8", "surrogateescape")
    return text.splitlines()
