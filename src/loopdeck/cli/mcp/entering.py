"""`loopdeck mcp login` and `logout`: a human's browser, and tokens that nobody sees."""

import argparse
import asyncio
import os
import webbrowser

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.config import McpServer, Settings
from loopdeck.cli.console import one_line, tell
from loopdeck.cli.mcp.logins import LoginFile, unheard
from loopdeck.cli.mcp.project import accepted_servers
from loopdeck.cli.mcp.servers import server_of
from loopdeck.cli.outside import path_outside
from loopdeck.cli.places import Places, folder_at
from loopdeck.errors import LoginError, UsageError
from loopdeck.permissions.urls import Address, oddity
from loopdeck.tools.mcp.servers import Server


def login_main(args: argparse.Namespace, settings: Settings, spots: Places) -> int:
    """Log in. Raises `LoginError` with what came between."""
    server = _chosen(args.name, settings, spots)
    if not server.url:
        raise UsageError(f"{args.name} is a command on this machine: there is no login.")
    if not server.takes_login:
        raise UsageError(
            f"{args.name} is shown an Authorization header of yours already.",
            "Take that out of the config first.",
        )
    try:
        done = asyncio.run(
            _log_in(
                server, LoginFile(spots.logins, SystemClock(), unheard), browser=not args.no_browser
            )
        )
    except LoginError as error:
        raise LoginError(f"{args.name}: {error} Nothing was kept.", error.hint) from error
    if done:
        tell(f"Logged in at {args.name}.", f"loopdeck mcp test {args.name}")
    else:
        tell(f"{args.name} wants no login.")
    return 0


def logout_main(args: argparse.Namespace, spots: Places) -> int:
    """Forget the tokens, and who Loopdeck was there."""
    if LoginFile(spots.logins, SystemClock(), unheard).forget(args.name):
        tell(f"The login at {args.name} is forgotten here.")
        return 0
    tell(f"There is no login at {args.name}.", "loopdeck mcp list")
    return 1


def login_words(name: str, settings: McpServer, spots: Places) -> str:
    """What to say of the login at a server; empty where there is none."""
    book = LoginFile(spots.logins, SystemClock(), unheard)
    login = book.of(Server(name, url=settings.url)) if settings.url else None
    if login is None:
        return ""
    gone = login.has_ended(book.now()) and not login.refresh
    return "login ended" if gone else "logged in"


def _chosen(name: str, settings: Settings, spots: Places) -> Server:
    own = settings.mcp.servers.get(name)
    if own is not None:
        return server_of(name, own, os.environ)
    theirs = accepted_servers(folder_at("."), spots.servers).get(name)
    if theirs is not None:
        return server_of(name, theirs, os.environ)
    raise UsageError(f"There is no MCP server {name}.", "loopdeck mcp list")


async def _log_in(server: Server, book: LoginFile, *, browser: bool) -> bool:
    from loopdeck.tools.mcp.login import log_in  # its library takes long to load

    async def show(at: Address, url: str) -> None:
        odd = oddity(at.host, at.reads)
        tell(f"{server.name} sends you to {at.host} to log in.", odd)
        print(one_line(url), flush=True)
        os.environ["PATH"] = path_outside(os.environ)  # where the browser is looked for
        if browser and not await asyncio.to_thread(webbrowser.open, url):
            tell("No browser could be opened.", "Open the address above on this machine.")

    return await log_in(server, book, show)
