"""What decides the effect of a command beside its text: programs, scripts, links, environment."""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from loopdeck.session.values import JsonObject
from loopdeck.tools.beneath import open_file

_MAX_FILES = 64
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


def contents(paths: Sequence[str], root: Path) -> JsonObject:
    """What is in the files that a command reads or runs, where it is not too much."""
    found: JsonObject = {}
    left = _MAX_READ
    for path in paths[:_MAX_FILES]:
        real = os.path.realpath(root / path)
        try:
            with os.fdopen(open_file("/", Path(real).parts[1:]), "rb") as file:
                data = file.read(left + 1)
        except (OSError, ValueError):
            found[path] = ""  # missing, or a folder, whose content the command itself looks for
            continue
        left -= len(data)
        found[path] = hashlib.sha256(data).hexdigest() if left >= 0 else _identity(real)
        left = max(0, left)
    return found


def targets(paths: Sequence[str], root: Path) -> JsonObject:
    """Where each path really leads."""
    return {path: os.path.realpath(root / path) for path in paths[:_MAX_FILES] if "\0" not in path}


def surroundings(environ: Mapping[str, str]) -> JsonObject:
    """The variables that steer programs; their values only as hashes."""
    return {
        name: hashlib.sha256(environ[name].encode("utf-8", "surrogateescape")).hexdigest()[:16]
        for name in _RELEVANT
        if name in environ
    }


def _identity(path: str) -> str:
    real = os.path.realpath(path)
    try:
        status = os.stat(real)  # noqa: PTH116 - the path may hold anything
    except (OSError, ValueError):
        return real
    return f"{real} {status.st_ino} {status.st_mtime_ns} {status.st_size}"
