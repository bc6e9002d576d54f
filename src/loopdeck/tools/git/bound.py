"""What a git command acts on beside its words: hooks, settings, what is staged and what changed."""

import hashlib
import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.git.index import git_folder, tracked

_MAX_HOOKS = 64
_MAX_READ = 1_000_000
_HOOKS_PATH = re.compile(rb"^\s*hookspath\s*=\s*\"?([^\"\n;#]+)", re.IGNORECASE | re.MULTILINE)
_MAX_CHECKED = 20_000


def git_folders(parts: Iterable[Part], root: Path) -> list[str]:
    """Where a command has git change something."""
    changing = (part for part in parts if part.category is not Category.READ and part.words)
    gits = [part for part in changing if posixpath.basename(part.words[0]) == "git"]
    return [folder for part in gits for folder in part.folders or (str(root),)]


def git_state(folders: Iterable[str]) -> JsonObject:
    """By the names under which people are told what of it changed; empty without a repository."""
    found: JsonObject = {}
    for folder in dict.fromkeys(folders):
        repository = git_folder(Path(folder))
        if repository is None:
            continue
        root, own, shared = repository
        settings = [own / "config.worktree", shared / "config", root / ".gitattributes"]
        found[f"the settings of git in {folder}"] = _digest(_content(path) for path in settings)
        found[f"a hook of git in {folder}"] = _hooks(root, shared)
        found[f"the commit that git is at in {folder}"] = _digest(_head(own, shared))
        found[f"what is staged in {folder}"] = _staged(root, own)
        found[f"a file that git has in {folder}"] = _changed(root)
    return found


def _hooks(root: Path, shared: Path) -> str:
    folders = [shared / "hooks"]
    named = _HOOKS_PATH.findall(_content(shared / "config"))
    folders += (root / os.fsdecode(name.strip()) for name in named)
    said: list[bytes] = []
    for folder in folders:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)[:_MAX_HOOKS]
        except (OSError, ValueError):
            continue
        for entry in entries:
            if not entry.name.endswith(".sample"):
                runs = os.access(entry.path, os.X_OK)
                said += [os.fsencode(entry.name), b"x" if runs else b"", _content(Path(entry.path))]
    return _digest(said)


def _head(own: Path, shared: Path) -> list[bytes]:
    head = _content(own / "HEAD")
    name = os.fsdecode(head.removeprefix(b"ref:").strip()) if head.startswith(b"ref:") else ""
    packed = _content(shared / "packed-refs") if name else b""
    return [head, _content(shared / name) if name else b"", packed]


def _staged(root: Path, own: Path) -> str:
    """The contents in the index; its times change with every look that git takes."""
    git = tracked(root)
    if git is None:
        return _digest([_content(own / "index")])
    return _digest(
        os.fsencode(name) + b"\0" + blob for name, (_, _, blob) in sorted(git.files.items())
    )


def _changed(root: Path) -> str:
    """Size and time of the files that are not as the index has them: `commit -a` takes them."""
    git = tracked(root)
    said: list[bytes] = []
    for name, (size, changed, _) in list(git.files.items())[:_MAX_CHECKED] if git else ():
        try:
            status = os.lstat(f"{root}/{name}")
        except OSError:
            said.append(os.fsencode(name))
            continue
        if status.st_size % 2**32 != size or status.st_mtime_ns != changed:
            times = f"\0{status.st_size} {status.st_mtime_ns}"
            said.append(os.fsencode(name) + times.encode())
    return _digest(said)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_READ)
    except (OSError, ValueError):
        return b""


def _digest(pieces: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(len(piece).to_bytes(8) + piece)
    return found.hexdigest()
