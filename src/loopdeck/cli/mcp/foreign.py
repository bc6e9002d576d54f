"""Reads the MCP servers that somebody configured for another program, in that program's words."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from loopdeck.cli.config import McpServer
from loopdeck.cli.kept.files import read_small
from loopdeck.errors import ConfigError
from loopdeck.session.values import JsonObject

MOST_NAME = 32
_KEYS = ("command", "args", "env", "url", "headers", "disabled")
_KINDS = {"streamable-http": "http", "streamableHttp": "http"}
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_FOLDER = re.compile(r"\$\{workspaceFolder(?::[^}]*)?\}")
_ENV = re.compile(r"\$\{env:(\w+)\}")
_INPUT = re.compile(r"\$\{input:([^}]+)\}")
_LINE = re.compile(r"\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*")


def read_foreign(path: Path, *, env_files: bool = False) -> dict[str, McpServer]:
    """The servers of a file of another program; where wanted, also what their `envFile` holds.

    Only a person's own file may name another to be read. Raises `ConfigError`.
    """
    text = read_small(path)
    if text is None:
        raise ConfigError(f"There is no file {path}.", "Check its name.")
    try:
        data: object = json.loads(_plain(text))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not valid JSON.", "Mend it.") from error
    top = cast("JsonObject", data) if isinstance(data, dict) else {}
    found = top.get("mcpServers", top.get("servers"))
    if not isinstance(found, dict):
        raise ConfigError(f"{path} has no `mcpServers` and no `servers`.", "Name another file.")
    known = cast("dict[str, object]", found)
    return {name: _server(name, one, path, env_files=env_files) for name, one in known.items()}


def usable_name(name: str) -> str:
    """The name with letters that ours may have."""
    plain = re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9_-]+", "-", name))
    return plain[:MOST_NAME].strip("-_")


def _plain(text: str) -> str:
    """Without the comments and last commas that some programs allow."""
    bare = _STRING_OR_COMMENT.sub(lambda one: one[0] if one[0].startswith('"') else " ", text)
    return _STRING_OR_COMMA.sub(lambda one: one[1] or "", bare)


def _server(name: str, table: object, path: Path, *, env_files: bool) -> McpServer:
    known = cast("JsonObject", table) if isinstance(table, dict) else {}
    kind: object = known.get("type", "")
    wanted: JsonObject = {key: _ours(known[key]) for key in _KEYS if key in known}
    if env_files and isinstance(known.get("envFile"), str):
        given: object = wanted.get("env", {})
        held = _env_file(known["envFile"], path)
        wanted["env"] = {**held, **cast("JsonObject", given)} if isinstance(given, dict) else given
    try:
        return McpServer.model_validate({**wanted, "transport": _KINDS.get(str(kind), kind)})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"The MCP server {name}: {place}: {first['msg']}.", "Mend it.") from error


def _ours(value: object) -> object:
    """With the variables of other programs as we write them; the workspace is where it starts."""
    match value:
        case str():
            text = _FOLDER.sub(".", value).replace("${userHome}", "${HOME}")
            text = _ENV.sub(r"${\1}", text)
            return _INPUT.sub(lambda one: f"${{{_variable(one[1])}}}", text)
        case list():
            return [_ours(one) for one in cast("list[object]", value)]
        case dict():
            return {key: _ours(one) for key, one in cast("JsonObject", value).items()}
        case _:
            return value


def _variable(name: str) -> str:
    """`api-key`, which a program asks for, is the variable API_KEY here."""
    return re.sub(r"\W", "_", name).upper()


def _env_file(name: str, path: Path) -> Mapping[str, str]:
    """What a file of variables holds. Raises `ConfigError`."""
    project = path.parent.parent if path.parent.name in (".vscode", ".cursor") else path.parent
    place = project / Path(_FOLDER.sub(".", name).replace("${userHome}", "~")).expanduser()
    text = read_small(place)
    if text is None:
        raise ConfigError(f"There is no file {place}, which {path} names.", "Make it.")
    lines = [_LINE.fullmatch(line) for line in text.splitlines()]
    return {one[1]: one[2].strip("'\"") for one in lines if one is not None}
