"""Shows a server the token of its login, and has a new one made when that has ended.

It never opens a browser: where only a human can help, it says so.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable

from httpx2 import Auth, Request, Response
from mcp.client.auth import OAuthTokenError
from mcp.client.auth.oauth2 import OAuthContext
from mcp.client.auth.utils import extract_scope_from_www_auth
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl, ValidationError

from loopdeck.errors import ConfigError, LoginError
from loopdeck.tools.mcp.errands import Errands
from loopdeck.tools.mcp.logins import ENDED, NEEDED, TOO_LITTLE, Login, LoginBook, longest
from loopdeck.tools.mcp.memory import Memory
from loopdeck.tools.mcp.servers import Server

_FORM = "application/x-www-form-urlencoded"
_MOST_SCOPE = 500  # characters
_REFUSED = (400, 401, 403)


class Bearer(Auth):
    """For the requests to one server. Raises `LoginError` where they come to nothing."""

    def __init__(
        self, server: Server, logins: LoginBook, refused: Callable[[str], None] = lambda _: None
    ) -> None:
        self._server, self._logins, self._refused = server, logins, refused
        self._errands = Errands(server)
        self._login: Login | None = None
        self._renewing = asyncio.Lock()

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """The request with a token, where there is one; once more with a new one if refused."""
        shown = await self._current()
        _show(request, shown)
        response = yield request
        if response.status_code == 401 and shown is not None:
            newer = await self._renewed(shown)
            if newer is not None:
                _show(request, newer)
                response = yield request
        if response.status_code == 401:
            raise self._failed(NEEDED if self._login is None else ENDED)
        wants = response.headers.get("www-authenticate", "")
        if response.status_code == 403 and "insufficient_scope" in wants:
            self._note((extract_scope_from_www_auth(response) or "")[:_MOST_SCOPE])
            raise self._failed(TOO_LITTLE)

    async def _current(self) -> Login | None:
        if self._login is None:
            self._login = self._logins.of(self._server)
        if self._login is not None and self._login.has_ended(self._logins.now()):
            return await self._renewed(self._login) or self._login
        return self._login

    async def _renewed(self, old: Login) -> Login | None:
        """A login that is newer than one that was refused; None where there is none to be had."""
        async with self._renewing, self._logins.renewing():
            known = self._logins.of(self._server)
            if known is not None and known.access != old.access:
                self._login = known  # somebody was quicker, here or in another process
            elif known is not None and known.refresh:
                self._login = await self._refreshed(known) or known
            return self._login if self._login != old else None

    async def _refreshed(self, old: Login) -> Login | None:
        response = await self._errands.run(_question(old))
        if response.status_code in _REFUSED:
            return None
        try:
            given = OAuthToken.model_validate_json(response.content)
        except ValidationError:  # not chained: it quotes what it could not read
            words = "Its authorization server did not give a new token"
            raise LoginError(f"{words} (HTTP {response.status_code}).") from None
        new = old.model_copy(
            update={
                "access": given.access_token,
                "refresh": given.refresh_token or old.refresh,
                "scope": given.scope or old.scope,
                "expires": longest(self._logins.now(), given.expires_in),
            }
        )
        try:
            self._logins.keep(self._server, new)
        except ConfigError as error:
            raise LoginError(f"Its new token cannot be kept: {error}", error.hint) from error
        return new

    def _note(self, wanted: str) -> None:
        """Have the next login ask for what this one lacks."""
        known = self._logins.of(self._server)
        if known is not None and wanted and wanted != known.wanted:
            with contextlib.suppress(ConfigError):  # what matters is said in any case
                self._logins.keep(self._server, known.model_copy(update={"wanted": wanted}))

    def _failed(self, words: str) -> LoginError:
        name = self._server.name
        error = LoginError(words.format(server=name), f"loopdeck mcp login {name}")
        self._refused(str(error))
        return error


def _show(request: Request, login: Login | None) -> None:
    if login is not None:
        request.headers["Authorization"] = f"Bearer {login.access}"


def _question(login: Login) -> Request:
    """Asks for a new token. Raises `LoginError`."""
    try:
        client = OAuthClientInformationFull.model_validate(login.client)
        context = OAuthContext(
            login.url,
            OAuthClientMetadata(redirect_uris=[AnyUrl("http://127.0.0.1/")]),
            Memory(),
            None,
            None,
            client_info=client,
        )
        data = {
            "grant_type": "refresh_token",
            "refresh_token": login.refresh,
            "client_id": client.client_id,
            **({"resource": login.resource} if login.resource else {}),
        }
        data, headers = context.prepare_token_auth(data, {"Content-Type": _FORM})
    except (ValidationError, OAuthTokenError):
        raise LoginError("What is kept of its login cannot be used.", "Log in again.") from None
    return Request("POST", login.endpoint, data=data, headers=headers)
