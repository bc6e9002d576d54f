"""The MCP servers that a project names: none of them starts before a human said yes to it."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from loopdeck.cli.config import McpServer
from loopdeck.cli.kept.alone import alone
from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.cli.mcp.foreign import read_foreign
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.errors import ConfigError
from loopdeck.tools.mcp.servers import Server

_ACCEPTED: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(dict[str, dict[str, str]])


def project_servers(folder: Path) -> dict[str, McpServer]:
    """What the project names. A link is not taken for its file. Raises `ConfigError`."""
    path = folder / PROJECT
    return {} if path.is_symlink() or not path.exists() else read_foreign(path)


def accepted_servers(folder: Path, book: Path, own: Collection[str] = ()) -> dict[str, McpServer]:
    """The servers of a project that a human accepted just as they are, and none of one's `own`.

    A file that nobody can read names nothing: that is said when the run begins.
    """
    try:
        accepted, named = _read_accepted(book).get(str(folder), {}), project_servers(folder)
    except ConfigError:
        return {}
    return {
        name: one
        for name, one in named.items()
        if name not in own and accepted.get(name) == mark_of(one)
    }


def waiting_sentence(folder: Path, book: Path, own: Collection[str] = ()) -> tuple[str, ...]:
    """What to say of servers that are not accepted as they are now."""
    try:
        waiting = waiting_servers(folder, book, own)
    except ConfigError as error:
        return (f"{error} Its servers do not start.",)
    if not waiting:
        return ()
    names = ", ".join(sorted(waiting))
    return (
        f"{PROJECT} names MCP servers that do not start before you accept them: {names}. "
        "`loopdeck mcp accept` shows them and asks.",
    )


def waiting_servers(folder: Path, book: Path, own: Collection[str] = ()) -> dict[str, McpServer]:
    """The servers of a project that are new or others than they were, and none of one's `own`.

    Raises `ConfigError`.
    """
    accepted = _read_accepted(book).get(str(folder), {})
    named = project_servers(folder)
    return {
        name: one
        for name, one in named.items()
        if not one.disabled and name not in own and accepted.get(name) != mark_of(one)
    }


def accept_servers(folder: Path, book: Path, shown: Mapping[str, McpServer]) -> None:
    """Remember that a human said yes to just these. Raises `ConfigError`."""
    with alone(book):
        known = _read_accepted(book)
        kept = known.get(str(folder), {})
        known[str(folder)] = {**kept, **{name: mark_of(one) for name, one in shown.items()}}
        write_private(book, json.dumps(known, indent=1, sort_keys=True) + "\n")


def mark_of(settings: McpServer) -> str:
    """A hash of the command line or address as it is written."""
    # Variables stay as they are: their values are this person's own and no word of the project.
    server = Server(
        "",
        command=settings.command,
        args=tuple(settings.args),
        env=tuple(settings.env.items()),
        url=settings.url,
        headers=tuple(settings.headers.items()),
    )
    return server.identity


def _read_accepted(path: Path) -> dict[str, dict[str, str]]:
    text = read_small(path)
    try:
        return _ACCEPTED.validate_json(text) if text is not None else {}
    except ValidationError as error:
        raise ConfigError(
            f"{path} cannot be understood.", "Delete it; you are asked anew."
        ) from error
