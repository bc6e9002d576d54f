"""Writes MCP servers into the user's config file, without losing a comment of theirs."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from loopdeck.cli.config import McpServer, parse_settings
from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError, UsageError


def add_servers(config: Path, servers: Mapping[str, McpServer]) -> None:
    """Add these; one of a name that is there is refused. Raises `ConfigError`."""
    document = _document(config)
    known = _servers(document)
    for name, server in servers.items():
        if name in known:
            raise UsageError(
                f"There is an MCP server {name} already.", f"loopdeck mcp remove {name}"
            )
        table = tomlkit.table()
        for key, value in server.model_dump(exclude_defaults=True).items():
            table.add(key, value)
        known.add(name, table)
    _write(config, document, {*servers})


def remove_server(config: Path, name: str) -> None:
    """Take one out. Raises `ConfigError` and `UsageError`."""
    document = _document(config)
    known = _servers(document)
    if name not in known:
        raise UsageError(f"There is no MCP server {name} in {config}.", "loopdeck mcp list")
    known.remove(name)
    _write(config, document, set())


def _document(config: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(read_small(config) or "")
    except TOMLKitError as error:
        raise ConfigError(f"{config} is not valid TOML: {error}.", "Mend it first.") from error


def _servers(document: tomlkit.TOMLDocument) -> Table:
    """The table of servers, made where there is none."""
    mcp = document.setdefault("mcp", tomlkit.table(is_super_table=True))
    servers = cast("Table", mcp).setdefault("servers", tomlkit.table(is_super_table=True))
    if not isinstance(servers, Table):
        raise ConfigError("The config's `mcp.servers` is written inline.", "Write it as tables.")
    return servers


def _write(config: Path, document: tomlkit.TOMLDocument, wanted: set[str]) -> None:
    """What comes out is read back as settings before it takes the old file's place."""
    text = tomlkit.dumps(document)
    if not wanted <= parse_settings(text, str(config)).mcp.servers.keys():
        raise ConfigError(f"Nothing can be added to {config}.", "Write `[mcp.servers.NAME]`.")
    write_private(config, text)
