"""What a login at a server left behind, and the book in which that is kept."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, cast

from pydantic import BaseModel, ConfigDict

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.servers import Server

SPARE_S = 30.0
"""A token that ends this soon counts as ended: the request would come too late."""

MOST_LASTING_S = 31_536_000

NEEDED = "It wants a login. Run `loopdeck mcp login {server}`."
ENDED = "Its login has ended. Run `loopdeck mcp login {server}`."
TOO_LITTLE = "Its login allows less than this needs. Run `loopdeck mcp login {server}`."

_SECRET = frozenset({"access", "refresh", "client_secret"})


class Login(BaseModel):
    """Tokens for one address, and all that new ones are had with; `expires` in UTC seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    endpoint: str  # where an authorization server gives new tokens
    access: str
    client: JsonObject  # who Loopdeck is there
    refresh: str = ""
    resource: str = ""
    scope: str = ""
    wanted: str = ""  # what it was refused for lack of, for the next login
    expires: float | None = None

    @property
    def secrets(self) -> list[str]:
        """What nobody may read."""
        return list(secrets_of(self.model_dump()))

    def has_ended(self, now: float) -> bool:
        """Whether its token is of no use any more; one without an end never is."""
        return self.expires is not None and self.expires - SPARE_S <= now


def secrets_of(noted: object) -> Iterator[str]:
    """What nobody may read of a login, or of a whole book of them, whoever wrote it."""
    entries = cast("JsonObject", noted) if isinstance(noted, dict) else {}
    for name, value in entries.items():
        if name not in _SECRET:
            yield from secrets_of(value)
        elif value and isinstance(value, str):
            yield value


def longest(now: float, seconds: int | None) -> float | None:
    """When a token ends that is said to last so long; a year is as good as for ever."""
    return None if seconds is None else now + max(0, min(seconds, MOST_LASTING_S))


class LoginBook(Protocol):
    """Keeps logins, each for one address: a server that moved has none."""

    def now(self) -> float:
        """UTC seconds."""
        ...

    def of(self, server: Server) -> Login | None:
        """The login at a server, as another process may have left it a moment ago."""
        ...

    def keep(self, server: Server, login: Login) -> None:
        """Put a login in place of an older one. Raises `ConfigError`."""
        ...

    def renewing(self) -> AbstractAsyncContextManager[None]:
        """Held while a login is renewed: whoever else wants to finds the new one afterwards."""
        ...
