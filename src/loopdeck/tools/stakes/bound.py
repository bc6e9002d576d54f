"""What decides the effect of a command beside its text: programs, scripts, links, environment."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.disk.beneath import open_file
from loopdeck.tools.disk.expanding import GLOB, matching

_MAX_FILES = 64
_MAX_BOUND = 256
_MAX_LOOKED = 4_000
_NOT_FOLLOWED = frozenset({".git", "__pycache__", "node_modules"})
_MAX_READ = 8_000_000  # bytes of scripts in all; a larger file is known by its size and times
_RELEVANT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_VERSION"),
    *("NODE_ENV", "GOFLAGS", "GOPATH", "CARGO_HOME", "RUSTFLAGS", "RUSTUP_TOOLCHAIN"),
    *("JAVA_HOME", "MAKEFLAGS", "CC", "CXX", "CFLAGS", "LDFLAGS", "DOCKER_HOST", "KUBECONFIG"),
)


def programs(names: Sequence[str], search_path: str, root: Path) -> JsonObject:
    """Where each program is and which file that is; empty for one that is not there."""
    found: JsonObject = {}
    for name in names[:_MAX_FILES]:
        path = str(root / name) if "/" in name else shutil.which(name, path=search_path)
        found[name] = _identity(path) if path else ""
    return found


def contents(paths: Iterable[str], root: Path) -> JsonObject:
    """What is in the files that a command reads or runs, where it is not too much."""
    found: JsonObject = {}
    left = _MAX_READ
    for path in islice(_expanded(paths, root), _MAX_BOUND):
        found[path], read = _content(path, root, left)
        left = max(0, left - read)
    return found


def files_named(parts: Iterable[Part], root: Path) -> list[str]:
    """The words of commands that do more than read, where a file has that name now."""
    acting = [part for part in parts if part.category is not Category.READ]
    named = [
        os.path.join(root, folder, text)  # noqa: PTH118 - text all the way
        for part in acting
        for word in part.words[:_MAX_FILES]
        for text in dict.fromkeys((word, word.partition("=")[2]))
        for folder in part.folders or (str(root),)
        if text and "\0" not in text
    ]
    there = (path for path in dict.fromkeys(named) if os.path.isfile(path))  # noqa: PTH113
    return [path.removeprefix(f"{root}/") for path in islice(there, _MAX_BOUND)]


def files_below(folders: Sequence[str], root: Path) -> list[str]:
    """The first files below folders of which a command runs or changes some that it finds."""
    found: list[str] = []
    for folder in folders[:_MAX_FILES]:
        looked = 0
        for place, below, names in os.walk(os.path.join(root, folder)):  # noqa: PTH118
            below[:] = sorted(name for name in below if name not in _NOT_FOLLOWED)
            found += (f"{place}/{name}".removeprefix(f"{root}/") for name in sorted(names))
            looked += len(below) + len(names)
            if len(found) >= _MAX_BOUND or looked > _MAX_LOOKED:
                return found[:_MAX_BOUND]
    return found


def targets(paths: Sequence[str], root: Path) -> JsonObject:
    """Where each path really leads, and what is there already that would be written over."""
    found: JsonObject = {}
    left = _MAX_READ
    for path in paths[:_MAX_FILES]:
        if "\0" in path:
            continue
        content, read = _content(path, root, left)
        left = max(0, left - read)
        found[path] = f"{os.path.realpath(root / path)} {content}"
    return found


def landings(written: Sequence[str], read: Sequence[str]) -> list[str]:
    """The places that files get in a folder they are moved or copied into."""
    names = [os.path.basename(path.rstrip("/")) for path in read]  # noqa: PTH119 - text all the way
    pairs = ((folder, name) for folder in written for name in names)
    return [f"{folder.rstrip('/')}/{name}" for folder, name in islice(pairs, _MAX_FILES) if name]


def surroundings(environ: Mapping[str, str]) -> JsonObject:
    """The variables that steer programs; their values only as hashes."""
    return {
        name: hashlib.sha256(environ[name].encode("utf-8", "surrogateescape")).hexdigest()[:16]
        for name in _RELEVANT
        if name in environ
    }


def _expanded(paths: Iterable[str], root: Path) -> Iterable[str]:
    """Each path, and for a pattern also what it stands for now."""
    for path in paths:
        yield path
        if GLOB.intersection(path):
            places = islice(matching(os.path.join(root, path)), _MAX_BOUND)  # noqa: PTH118
            yield from (place.removeprefix(f"{root}/") for place in places)


def _content(path: str, root: Path, left: int) -> tuple[str, int]:
    """The hash of a file and how much was read for it; empty for none that can be opened."""
    try:
        real = os.path.realpath(root / path)
        with os.fdopen(open_file("/", Path(real).parts[1:]), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > left:
                return _identity(real), 0
            data = file.read(left + 1)
    except (OSError, ValueError):
        return _kind(root / path), 0  # a folder, whose content the command itself looks for
    return hashlib.sha256(data).hexdigest(), len(data)


def _kind(path: Path) -> str:
    """Something else than a file; empty where nothing has that name."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return ""
    return f"kind {stat.S_IFMT(mode):o}"


def _identity(path: str) -> str:
    real = os.path.realpath(path)
    try:
        status = os.stat(real)  # noqa: PTH116 - the path may hold anything
    except (OSError, ValueError):
        return real
    return f"{real} {status.st_ino} {status.st_mtime_ns} {status.st_size}"
