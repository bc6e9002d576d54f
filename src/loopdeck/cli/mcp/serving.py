"""The MCP servers of one run: a person's own, and those of the project that they accepted."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.mcp.logins import LoginFile
from loopdeck.cli.mcp.offers import OfferFile
from loopdeck.cli.mcp.project import accepted_servers
from loopdeck.cli.mcp.servers import servers_of, wanted
from loopdeck.cli.places import Places
from loopdeck.ports import Clock
from loopdeck.tools.mcp.hub import Hub, opener


def hub_for(
    settings: Settings,
    spots: Places,
    folder: Path,
    clock: Clock,
    env: Mapping[str, str],
    learn: Callable[[Iterable[str]], None],
) -> Hub | None:
    """The servers of a run in this folder, not yet started; None where there are none.

    `learn` is told what is secret of their logins.
    """
    mine = settings.mcp.servers
    project = accepted_servers(folder, spots.servers, wanted(mine))
    servers = (*servers_of(mine, env), *servers_of(project, env))
    if not servers:
        return None
    book = OfferFile(spots.mcp)
    opened = opener(folder, LoginFile(spots.logins, clock, learn))
    return Hub(servers, folder, spots.log, book, clock, opened)
