"""The logins at MCP servers: one private file, and what in it is secret."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError
from loopdeck.ports import Clock
from loopdeck.tools.mcp.logins import Login
from loopdeck.tools.mcp.servers import Server

_LOGINS: TypeAdapter[dict[str, Login]] = TypeAdapter(dict[str, Login])


def unheard(_values: Iterable[str]) -> None:
    """Nobody takes secrets out of anything here."""


class LoginFile:
    """A `LoginBook` in a file that its owner alone may read.

    `learn` is told each secret that is used from here on, before it can come back in any text.
    """

    def __init__(
        self, path: Path, clock: Clock, learn: Callable[[Iterable[str]], None] = unheard
    ) -> None:
        self._path, self._clock, self._learn = path, clock, learn

    def now(self) -> float:
        """UTC seconds."""
        return self._clock.wall() / 1e9

    def of(self, server: Server) -> Login | None:
        """The login at a server, if it was made at the address that it has now."""
        found = self._read().get(server.name)
        if found is None or found.url != server.url:
            return None
        self._learn(found.secrets)
        return found

    def keep(self, server: Server, login: Login) -> None:
        """Put a login in place of an older one. Raises `ConfigError`."""
        self._learn(login.secrets)
        self._write({**self._read(), server.name: login})

    def forget(self, name: str) -> bool:
        """Forget a login, whatever address it was for; whether there was one."""
        book = self._read()
        if book.pop(name, None) is None:
            return False
        self._write(book)
        return True

    def _read(self) -> dict[str, Login]:
        try:
            text = read_small(self._path, follow=False)
            return _LOGINS.validate_json(text) if text is not None else {}
        except (ConfigError, ValidationError):
            return {}  # a human logs in again

    def _write(self, book: dict[str, Login]) -> None:
        write_private(self._path, _LOGINS.dump_json(book).decode())
