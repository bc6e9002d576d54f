"""The MCP servers that a run goes without: they cannot be one, or nobody said yes to them."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from loopdeck.cli.config import McpServer
from loopdeck.cli.mcp.project import accepted_servers, waiting_sentence, waiting_servers
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.cli.mcp.servers import unusable, wanted
from loopdeck.errors import ConfigError

NOT_ACCEPTED = f"{PROJECT} names it, and it does not start before its human accepts it."


def notices(
    settings: Mapping[str, McpServer], folder: Path, book: Path, env: Mapping[str, str]
) -> tuple[str, ...]:
    """What a person has to hear of servers that do not start. Never fails."""
    unable = _unable(settings, folder, book, env).values()
    return (*unable, *waiting_sentence(folder, book, wanted(settings)))


def unstarted(
    settings: Mapping[str, McpServer], folder: Path, book: Path, env: Mapping[str, str]
) -> dict[str, str]:
    """The servers that a run goes without from its beginning, each with why. Never fails."""
    found = _unable(settings, folder, book, env)
    with contextlib.suppress(ConfigError):  # a project's file that nobody can read names nothing
        for name in waiting_servers(folder, book, wanted(settings)):
            found[name] = NOT_ACCEPTED
    return found


def _unable(
    settings: Mapping[str, McpServer], folder: Path, book: Path, env: Mapping[str, str]
) -> dict[str, str]:
    """Of a person's own and of the project's that they accepted."""
    project = accepted_servers(folder, book, wanted(settings))
    return {**unusable(project, env), **unusable(settings, env)}
