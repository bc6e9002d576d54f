"""What a script of the workspace loads beside itself, as far as its text plainly says."""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator

_MAX_SCRIPT = 1 << 18
_MAX_FILES = 96
_DEPTH = 3
_PYTHON = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]{0,100})", re.MULTILINE)
_NODE = re.compile(rb"(?:require\(|\bfrom|\bimport)\s{0,4}\(?[\"'](\.{1,2}/[\w./@-]{1,200})[\"']")
_SHELL = re.compile(rb"(?:^|[;&|\s])(?:source|\.)[ \t]+[\"']?([\w./-]{1,200})", re.MULTILINE)
_ENDINGS = ("", ".js", ".cjs", ".mjs", ".ts", ".json", "/index.js", "/index.ts")


def imported(paths: Iterable[str]) -> list[str]:
    """The files that scripts load by name, and those that these load, with what is not there yet.

    A name that is worked out when the script runs is not seen.
    """
    found: dict[str, None] = {}
    todo = [(path, 0) for path in paths]
    seen = {path for path, _ in todo}
    while todo and len(found) < _MAX_FILES:
        path, depth = todo.pop(0)
        for loaded in _loaded(path):
            if loaded in seen or len(found) >= _MAX_FILES:
                continue
            seen.add(loaded)
            found[loaded] = None
            if depth < _DEPTH:
                todo.append((loaded, depth + 1))
    return list(found)


def _loaded(path: str) -> Iterator[str]:
    """What one script names; nothing for what is no script or cannot be read."""
    folder, name = posixpath.split(path)
    ending = posixpath.splitext(name)[1]
    if ending not in (".py", ".js", ".cjs", ".mjs", ".ts", ".sh", ".bash"):
        return
    try:
        if not os.path.isfile(path):  # noqa: PTH113 - text all the way
            return
        with open(path, "rb") as file:  # noqa: PTH123 - the name may hold anything
            text = file.read(_MAX_SCRIPT)
    except (OSError, ValueError):
        return
    if ending == ".py":
        for module in dict.fromkeys(_PYTHON.findall(text)):
            place = posixpath.join(folder, module.decode().replace(".", "/").rstrip("/"))
            yield from (f"{place}.py", f"{place}/__init__.py")
    elif ending in (".sh", ".bash"):
        yield from (_place(folder, named) for named in _SHELL.findall(text))
    else:
        for named in _NODE.findall(text):
            place = _place(folder, named)
            yield from (f"{place}{more}" for more in _ENDINGS if os.path.isfile(f"{place}{more}"))  # noqa: PTH113


def _place(folder: str, named: bytes) -> str:
    return posixpath.normpath(posixpath.join(folder, named.decode()))
