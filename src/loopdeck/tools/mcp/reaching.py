"""What a call of a server may touch, as far as its arguments say: machines, paths, secrets."""

import os
import posixpath
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.servers import Server

MOST_PATHS = 50  # that are said
MOST_FOLLOWED = 500  # more may lead anywhere
LONGEST = 4_096


def facts_of(server: Server, args: JsonObject, workspace: Path, *, out: bool) -> JsonObject:
    """The facts of a call; `out` says whether it may talk to other machines."""
    facts: JsonObject = {"server": server.name, "network": out}
    if server.host:
        facts["hosts"] = [server.host]
    texts = list(dict.fromkeys(_texts(args)))
    paths = list(dict.fromkeys(text for text in map(_plain, texts) if _looks_like_path(text)))
    if paths:
        facts["paths"] = paths[:MOST_PATHS]
    root = os.path.realpath(workspace)
    if len(paths) > MOST_FOLLOWED or not all(_is_inside(path, root) for path in paths):
        facts["outside_workspace"] = True
    if any(is_sensitive(name) for text in texts for name in _names(text)):
        facts["sensitive"] = True
    return facts


def _is_inside(path: str, root: str) -> bool:
    """Whether it lies in the workspace and no link on its way leads out."""
    if path.startswith("~"):
        return False
    try:
        ways = (posixpath.normpath(posixpath.join(root, path)), os.path.realpath(f"{root}/{path}"))
    except ValueError:
        return False  # no path can be that
    if path.startswith("/"):
        ways = (ways[0], os.path.realpath(path))
    return all(way == root or way.startswith(f"{root}/") for way in ways)


def _texts(args: JsonObject) -> Iterator[str]:
    """Every text among the arguments that may name something, keys too, however deep."""
    left: deque[object] = deque([args])
    while left:
        one = left.popleft()
        match one:
            case str() if "\n" not in one and len(one) < LONGEST:
                yield one
            case dict():
                known = cast("JsonObject", one)
                left += (*known.values(), *known)
            case list():
                left += cast("list[object]", one)
            case _:
                pass


def _plain(text: str) -> str:
    """The path of an address of a file; any other text as it is."""
    scheme, sign, rest = text.partition(":")
    if not sign or scheme.strip().lower() != "file":
        return text
    if not rest.startswith("//"):
        return unquote(rest)
    host, slash, path = rest[2:].partition("/")
    return unquote(f"{slash}{path}" if slash else host)


def _names(text: str) -> Iterator[str]:
    """A text as the name of something that may be secret: a path, a bare name, an address."""
    plain = _plain(text)
    if not any(sign.isspace() for sign in plain) or "/" in plain:
        yield plain
        yield unquote(plain.partition("://")[2] or plain)


def _looks_like_path(text: str) -> bool:
    if "://" in text:
        return False
    return "/" in text or text.startswith(("~", "."))
