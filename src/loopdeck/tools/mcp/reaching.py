"""What a call of a server may touch, as far as its arguments say: machines, paths, secrets."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.servers import Server

MOST_PATHS = 50


def facts_of(server: Server, args: JsonObject, workspace: Path, *, out: bool) -> JsonObject:
    """The facts of a call; `out` says whether it may talk to other machines."""
    facts: JsonObject = {"server": server.name, "network": out}
    if server.host:
        facts["hosts"] = [server.host]
    paths = list(_paths(args))
    if paths:
        facts["paths"] = list(dict.fromkeys(paths))[:MOST_PATHS]
    if any(not _is_inside(path, str(workspace)) for path in paths):
        facts["outside_workspace"] = True
    if any(is_sensitive(path) for path in paths):
        facts["sensitive"] = True
    return facts


def _is_inside(path: str, root: str) -> bool:
    if path.startswith("~"):
        return False
    real = posixpath.normpath(posixpath.join(root, path))
    return real == root or real.startswith(f"{root}/")


def _paths(value: object, depth: int = 0) -> Iterator[str]:
    """What looks like a path among the arguments."""
    if depth > 8:
        return
    match value:
        case str():
            text = value.removeprefix("file://")
            if "\n" not in text and len(text) < 4_096 and _looks_like_path(text):
                yield text
        case dict():
            for one in cast("JsonObject", value).values():
                yield from _paths(one, depth + 1)
        case list():
            for one in cast("list[object]", value):
                yield from _paths(one, depth + 1)
        case _:
            return


def _looks_like_path(text: str) -> bool:
    if "://" in text:
        return False
    return "/" in text or text.startswith(("~", "."))
