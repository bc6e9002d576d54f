"""`loopdeck mcp`: names, lists, tries, forgets and takes over MCP servers."""

import argparse
import asyncio
import json
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.config import McpServer, Settings, load_settings
from loopdeck.cli.console import one_line, printable, printable_json, tell
from loopdeck.cli.mcp.config import add_servers, remove_server
from loopdeck.cli.mcp.entering import login_main, login_words, logout_main
from loopdeck.cli.mcp.foreign import read_foreign, usable_name
from loopdeck.cli.mcp.logins import unheard
from loopdeck.cli.mcp.project import accept_servers, project_servers, waiting_servers
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.cli.mcp.servers import check_server, unusable, wanted
from loopdeck.cli.mcp.serving import hub_for
from loopdeck.cli.places import Places, log_to_file, places, workspace
from loopdeck.cli.policy.adding import confirmed
from loopdeck.errors import ConfigError, ToolError, UsageError
from loopdeck.figures import plural, span
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.offers import category_of
from loopdeck.tools.mcp.servers import Status


def main(args: argparse.Namespace) -> int:
    """Do what the verb asks for."""
    log_to_file(args)
    spots = places(args)
    settings = load_settings(spots.config, named=args.config is not None)
    match args.verb:
        case "add":
            return _add(args, spots)
        case "remove":
            remove_server(spots.config, args.name)
            tell(f"{args.name} is forgotten.")
            return 0
        case "import":
            return _import(args, settings, spots)
        case "accept":
            return _accept(args, settings, spots)
        case "login":
            return login_main(args, settings, spots)
        case "logout":
            return logout_main(args, spots)
        case "test":
            return asyncio.run(_test(args, settings, spots))
        case _:
            return _list(args, settings, spots)


def _add(args: argparse.Namespace, spots: Places) -> int:
    words: list[str] = args.words
    server = McpServer(
        command=words[0] if words else "",
        args=words[1:],
        env=dict(_pair(text, "=") for text in args.env),
        url=args.url,
        headers=dict(_pair(text, ":") for text in args.header),
        transport="sse" if args.sse else "",
        trusted=args.trusted,
        timeout=args.timeout or 120.0,
    )
    check_server(args.name, server)
    add_servers(spots.config, {args.name: server})
    tell(f"{args.name} is added to {spots.config}.", f"loopdeck mcp test {args.name}")
    return 0


def _pair(text: str, sign: str) -> tuple[str, str]:
    name, found, value = text.partition(sign)
    if not found or not name.strip():
        raise UsageError(f"“{text}” is not NAME{sign}VALUE.", "loopdeck mcp add --help")
    return name.strip(), value.strip()


def _list(args: argparse.Namespace, settings: Settings, spots: Places) -> int:
    folder = Path.cwd()
    rows = [(name, one, _manner(name, one, spots)) for name, one in settings.mcp.servers.items()]
    own = wanted(settings.mcp.servers)
    try:
        waiting = waiting_servers(folder, spots.servers, own)
        rows += [
            (name, one, "waits for `loopdeck mcp accept`" if name in waiting else "of the project")
            for name, one in project_servers(folder).items()
            if name not in own
        ]
    except ConfigError as error:
        tell(str(error), error.hint)
    if args.json:
        for name, one, manner in rows:
            row = {"name": name, "reached": _reached(one), "state": manner}
            print(printable_json(json.dumps(row, ensure_ascii=False)))
        return 0
    for name, one, manner in rows:
        print(one_line(f"{name:<16} {manner:<10} {_reached(one)}"))
    if not rows:
        tell("There are no MCP servers.", "loopdeck mcp add NAME --command …")
    return 0


def _manner(name: str, server: McpServer, spots: Places) -> str:
    manner = "off" if server.disabled else "trusted" if server.trusted else "on"
    return ", ".join(filter(None, (manner, login_words(name, server, spots))))


def _reached(server: McpServer) -> str:
    """How it is started; the values of variables and headers are nobody's to read."""
    given = [*(f"{name}=…" for name in server.env), *(f"{name}: …" for name in server.headers)]
    words = server.url or shlex.join([server.command, *server.args])
    return f"{words}  ({', '.join(given)})" if given else words


async def _test(args: argparse.Namespace, settings: Settings, spots: Places) -> int:
    """Connect to all that were named; 1 if one of them cannot be used."""
    for name in args.names:
        if name not in settings.mcp.servers:
            raise UsageError(f"There is no MCP server {name}.", "loopdeck mcp list")
    chosen = {
        name: one
        for name, one in settings.mcp.servers.items()
        if not args.names or name in args.names
    }
    some = settings.model_copy(update={"mcp": settings.mcp.model_copy(update={"servers": chosen})})
    hub = hub_for(some, spots, Path.cwd(), SystemClock(), os.environ, unheard)
    wrong = unusable(chosen, os.environ)
    for words in wrong.values():
        tell(words)
    if hub is None:
        if not wrong:
            tell("There are no MCP servers.", "loopdeck mcp add NAME --command …")
        return int(bool(wrong))
    hub.start()
    try:
        await asyncio.gather(*(_ready(hub, status.name) for status in hub.statuses))
        for status in hub.statuses:
            _say(hub, status)
        if doubted := _doubted(hub):
            tell(
                f"Nobody vouches for {', '.join(doubted)}: the worst is assumed of each call.",
                "`trusted = true` beside its command in the config has its word believed.",
            )
        return 0 if not wrong and all(not status.error for status in hub.statuses) else 1
    finally:
        await hub.stop()


async def _ready(hub: Hub, name: str) -> None:
    try:
        await hub.ready(name)
    except ToolError:
        return  # its status says why


def _say(hub: Hub, status: Status) -> None:
    if status.error:
        print(one_line(f"{status.name}: {status.error}"))
        said = dict.fromkeys(printable(status.said).splitlines())  # each start says it again
        for line in [line for line in said if line.strip() not in status.error][-5:]:
            print(f"  {line}")
        return
    connected = status.counts.connected
    took = f", connected in {span(connected)}" if connected is not None else ""
    words = f"{plural(status.tools, 'tool')}, protocol {status.protocol}{took}"
    print(one_line(f"{status.name}: {words}"))
    for offer in hub.offers:
        if offer.server == status.name:
            category, _ = category_of(offer.hints, trusted=hub.server(offer).trusted)
            words = (offer.description.splitlines() or [""])[0][:80]
            print(one_line(f"  {category.value:<12} {offer.name}  {words}"))


def _doubted(hub: Hub) -> list[str]:
    """The servers that would ask less often if their word were believed."""
    servers = {
        offer.server
        for offer in hub.offers
        if not hub.server(offer).trusted
        and category_of(offer.hints, trusted=True)[0] != category_of(offer.hints, trusted=False)[0]
    }
    return sorted(servers)


def _import(args: argparse.Namespace, settings: Settings, spots: Places) -> int:
    found = _renamed(read_foreign(Path(args.file).expanduser(), env_files=True))
    for name, server in found.items():
        check_server(name, server)
    new = {name: one for name, one in found.items() if name not in settings.mcp.servers}
    if len(new) < len(found):
        tell(f"{len(found) - len(new)} of the servers are in the config already.")
    for name, server in new.items():
        print(one_line(f"{name:<16} {_reached(server)}"))
    if not new or not args.write:
        tell("Nothing was written.", "Add --write to add these to the config." if new else "")
        return 0
    add_servers(spots.config, new)
    tell(f"{plural(len(new), 'server')} added to {spots.config}.", "loopdeck mcp test")
    return 0


def _renamed(servers: Mapping[str, McpServer]) -> dict[str, McpServer]:
    """Each under a name that it can have here."""
    names: dict[str, str] = {}
    for theirs in servers:
        other = names.setdefault(usable_name(theirs), theirs)
        if other != theirs:
            raise ConfigError(
                f"“{other}” and “{theirs}” would both be {usable_name(theirs)}.", "Rename one."
            )
    return {ours: servers[theirs] for ours, theirs in names.items()}


def _accept(args: argparse.Namespace, settings: Settings, spots: Places) -> int:
    folder = workspace(args.folder)
    waiting = waiting_servers(folder, spots.servers, wanted(settings.mcp.servers))
    if not waiting:
        tell(f"{folder / PROJECT} names no MCP server that waits for you.")
        return 0
    for name, server in waiting.items():
        print(one_line(f"{name}: {_whole(server)}"))
    if not confirmed(f"Start these MCP servers when an agent works in {folder}?"):
        tell("Not accepted: they do not start.")
        return 1
    accept_servers(folder, spots.servers, waiting)
    tell("Accepted.")
    return 0


def _whole(server: McpServer) -> str:
    """All of what would be started, with what the project wants it to be given."""
    env = [f"{name}={shlex.quote(value)}" for name, value in server.env.items()]
    headers = [f"[{name}: {value}]" for name, value in server.headers.items()]
    words: Sequence[str] = (
        [server.url] if server.url else [shlex.join([server.command, *server.args])]
    )
    return " ".join((*env, *words, *headers))
