"""The logins at MCP servers: one private file, and what in it is secret."""

import contextlib
import json
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from loopdeck.cli.kept.alone import alone, lock_of, taken
from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError
from loopdeck.ports import Clock
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.logins import Login
from loopdeck.tools.mcp.servers import Server

LOOK_S = 0.1
LOOKS = 250  # for one who renews: longer than a server has for its answer


def unheard(_values: Iterable[str]) -> None:
    """Nobody takes secrets out of anything here."""


class LoginFile:
    """A `LoginBook` in a file that its owner alone may read.

    `learn` is told each secret that is used from here on, before it can come back in any text.
    An entry that cannot be read, as one of a newer version, stays as it is.
    """

    def __init__(self, path: Path, clock: Clock, learn: Callable[[Iterable[str]], None]) -> None:
        self._path, self._clock, self._learn = path, clock, learn

    def now(self) -> float:
        """UTC seconds."""
        return self._clock.wall() / 1e9

    def of(self, server: Server) -> Login | None:
        """The login at a server, if it was made at the address that it has now."""
        try:
            found = Login.model_validate(self._read().get(server.name))
        except (ConfigError, ValidationError):
            return None  # a human logs in again
        if found.url != server.url:
            return None
        self._learn(found.secrets)
        return found

    def keep(self, server: Server, login: Login) -> None:
        """Put a login in place of an older one. Raises `ConfigError`."""
        self._learn(login.secrets)
        with alone(self._path):
            self._write({**self._read(), server.name: login.model_dump(mode="json")})

    def forget(self, name: str) -> bool:
        """Forget a login, whatever address it was for; whether there was one."""
        if not self._path.exists():
            return False
        with alone(self._path):
            book = self._read()
            if name not in book:
                return False
            del book[name]
            self._write(book)
        return True

    @asynccontextmanager
    async def renewing(self) -> AsyncGenerator[None]:
        """Held while a login is renewed, so that no token is used up by two runs at once.

        Who hangs while they hold it keeps the others for a while, and not for ever.
        """
        try:
            handle = lock_of(self._path.with_name(f"{self._path.name}.renewing"))
        except ConfigError:  # nothing can be kept there: that is said when it is tried
            yield
            return
        try:
            for _ in range(LOOKS):
                if taken(handle):
                    break
                await self._clock.sleep(LOOK_S)
            yield
        finally:
            os.close(handle)

    def _read(self) -> JsonObject:
        """Every entry as it stands there; none of a file that is no book at all."""
        text = read_small(self._path, follow=False)
        with contextlib.suppress(ValueError, RecursionError):
            book = json.loads(text or "{}")
            return cast("JsonObject", book) if isinstance(book, dict) else {}
        return {}

    def _write(self, book: JsonObject) -> None:
        write_private(self._path, json.dumps(book))
