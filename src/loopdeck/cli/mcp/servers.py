"""MCP servers as configured, as a project names them, and what is kept of them on the disk."""

import contextlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from loopdeck.cli.config import McpLogin, McpServer
from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.cli.mcp.foreign import read_foreign
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.errors import ConfigError
from loopdeck.ports.servers import Resource
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import NAME, LoginTerms, Server

NOT_ACCEPTED = f"{PROJECT} names it, and it does not start before its human accepts it."
MOST_NOTED = 200  # resources of a server that can be named before it runs

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
_ACCEPTED: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(dict[str, dict[str, str]])


def servers_of(settings: Mapping[str, McpServer], env: Mapping[str, str]) -> list[Server]:
    """The servers that are to run, and that can: `notices` says which cannot."""
    found: list[Server] = []
    for name, one in sorted(settings.items()):
        with contextlib.suppress(ConfigError):
            found += [] if one.disabled else [server_of(name, one, env)]
    return found


def notices(
    settings: Mapping[str, McpServer], folder: Path, book: Path, env: Mapping[str, str]
) -> tuple[str, ...]:
    """What a person has to hear of servers that do not start. Never fails."""
    return (*unusable(settings, env), *waiting_sentence(folder, book, wanted(settings)))


def unstarted(
    settings: Mapping[str, McpServer], folder: Path, book: Path, env: Mapping[str, str]
) -> dict[str, str]:
    """The servers that a run goes without from its beginning, each with why. Never fails."""
    found = _unusable(settings, env)
    with contextlib.suppress(ConfigError):  # a project's file that nobody can read names nothing
        for name in waiting_servers(folder, book, wanted(settings)):
            found[name] = NOT_ACCEPTED
    return found


def wanted(settings: Mapping[str, McpServer]) -> frozenset[str]:
    """The names a person has servers of their own for: a project's of that name is not used."""
    return frozenset(name for name, one in settings.items() if not one.disabled)


def unusable(settings: Mapping[str, McpServer], env: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence on each server that is wanted and cannot be one."""
    return tuple(_unusable(settings, env).values())


def _unusable(settings: Mapping[str, McpServer], env: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one in sorted(settings.items()):
        try:
            if not one.disabled:
                server_of(name, one, env)
        except ConfigError as error:
            found[name] = f"{error} It does not start."
    return found


def check_server(name: str, settings: McpServer) -> None:
    """Whether it can be one at all. Raises `ConfigError`."""
    place = f"MCP server {name}"
    if not NAME.fullmatch(name):
        raise ConfigError(
            f"An MCP server cannot be called {name!r}.",
            "Take letters, digits and single `-` or `_`, 32 at most.",
        )
    if bool(settings.command) == bool(settings.url):
        raise ConfigError(f"{place} needs a command or a url, and not both.", "docs/config.md")
    if settings.url and not settings.url.startswith(("http://", "https://")):
        raise ConfigError(f"{place}: its url has to begin with http:// or https://.", "Mend it.")


def server_of(name: str, settings: McpServer, env: Mapping[str, str]) -> Server:
    """One server, with `${VARIABLE}` from the environment. Raises `ConfigError`."""
    check_server(name, settings)
    place = f"MCP server {name}"

    def expand(text: str) -> str:
        return _VARIABLE.sub(lambda found: _variable(found, env, place), text)

    kind = settings.transport
    return Server(
        name,
        command=expand(settings.command),
        args=tuple(map(expand, settings.args)),
        env=tuple((key, expand(value)) for key, value in settings.env.items()),
        url=expand(settings.url),
        headers=tuple((key, expand(value)) for key, value in settings.headers.items()),
        transport="stdio" if settings.command else "sse" if kind == "sse" else "http",
        trusted=settings.trusted,
        timeout=settings.timeout,
        login=_terms(settings.login, expand),
        roots=settings.roots,
        sampling=settings.sampling,
    )


def _terms(login: McpLogin, expand: Callable[[str], str]) -> LoginTerms:
    secret = expand(login.client_secret)
    return LoginTerms(expand(login.client_id), secret, expand(login.metadata_url), login.port)


def _variable(found: re.Match[str], env: Mapping[str, str], place: str) -> str:
    default: str | None = found[2]
    value = env.get(found[1], default)
    if value is None:
        raise ConfigError(f"{place} needs the variable {found[1]}, which is not set.", "Set it.")
    return value


def project_servers(folder: Path) -> dict[str, McpServer]:
    """What the project names. A link is not taken for its file. Raises `ConfigError`."""
    path = folder / PROJECT
    return {} if path.is_symlink() or not path.exists() else read_foreign(path)


def accepted_servers(folder: Path, book: Path, env: Mapping[str, str]) -> list[Server]:
    """The servers of a project that a human accepted just as they are now."""
    accepted = _read_accepted(book).get(str(folder), {})
    try:
        named = project_servers(folder)
    except ConfigError:
        return []  # it was said when the run began
    fits = {name: one for name, one in named.items() if accepted.get(name) == mark_of(one)}
    return servers_of(fits, env)


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


class _Seen(BaseModel):
    """What a server offered, and which of its tools ran as they were."""

    model_config = ConfigDict(extra="forbid")

    identity: str = ""
    offers: list[Offer] = Field(default_factory=list[Offer])
    accepted: dict[str, str] = Field(default_factory=dict)
    resources: list[Resource] = Field(default_factory=list[Resource])


_BOOK: TypeAdapter[dict[str, _Seen]] = TypeAdapter(dict[str, _Seen])


class OfferFile:
    """An `OfferBook` in one private file; what cannot be kept is asked for again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, _Seen] | None = None

    def known(self, server: Server) -> Sequence[Offer]:
        """What the very same server offered when it was last seen."""
        seen = self._seen().get(server.name, _Seen())
        return seen.offers if seen.identity == server.identity else ()

    def remember(self, server: Server, offers: Iterable[Offer]) -> None:
        """Keep what a server offers now."""
        book = self._read()
        seen = book.setdefault(server.name, _Seen())
        seen.identity, seen.offers = server.identity, list(offers)
        self._write(book)

    def note(self, server: Server, resources: Sequence[Resource]) -> None:
        """Keep what a server has to read."""
        book = self._read()
        seen = book.setdefault(server.name, _Seen())
        if seen.resources != list(resources)[:MOST_NOTED]:
            seen.resources = list(resources)[:MOST_NOTED]
            self._write(book)

    def noted(self, names: Iterable[str]) -> list[Resource]:
        """What these servers had to read when they were last seen."""
        book = self._read()
        return [one for name in names if name in book for one in book[name].resources]

    def accepted(self, offer: Offer) -> str:
        """The mark of the tool when it last ran; empty if it never did."""
        return self._seen().get(offer.server, _Seen()).accepted.get(offer.name, "")

    def accept(self, offer: Offer) -> None:
        """The tool runs as it is now, with permission."""
        book = self._read()
        book.setdefault(offer.server, _Seen()).accepted[offer.name] = offer.mark
        self._write(book)

    def _seen(self) -> dict[str, _Seen]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> dict[str, _Seen]:
        """As it is on the disk by now: other runs keep theirs there too."""
        try:
            text = read_small(self._path)
            return _BOOK.validate_json(text) if text is not None else {}
        except (ConfigError, ValidationError):
            return {}

    def _write(self, book: dict[str, _Seen]) -> None:
        self._known = book
        try:
            write_private(self._path, _BOOK.dump_json(book).decode())
        except ConfigError:
            return
