"""MCP servers as they are configured: which are wanted, and which of those can be one."""

import contextlib
import re
from collections.abc import Callable, Mapping

from loopdeck.cli.config import McpLogin, McpServer
from loopdeck.errors import ConfigError
from loopdeck.tools.mcp.servers import NAME, LoginTerms, Server

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def servers_of(settings: Mapping[str, McpServer], env: Mapping[str, str]) -> list[Server]:
    """The servers that are to run, and that can: `unusable` says which cannot."""
    found: list[Server] = []
    for name, one in sorted(settings.items()):
        with contextlib.suppress(ConfigError):
            found += [] if one.disabled else [server_of(name, one, env)]
    return found


def wanted(settings: Mapping[str, McpServer]) -> frozenset[str]:
    """The names a person has servers of their own for: a project's of that name is not used."""
    return frozenset(name for name, one in settings.items() if not one.disabled)


def unusable(settings: Mapping[str, McpServer], env: Mapping[str, str]) -> dict[str, str]:
    """The servers that are wanted and cannot be one, each with a sentence."""
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
        from_workspace=settings.from_workspace,
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
