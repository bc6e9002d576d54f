"""Logs a human in at a server with their browser; only a command of theirs comes here."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import parse_qs, urlsplit

from httpx2 import AsyncClient, HTTPError, Request, Response
from mcp.client.auth import (
    AuthorizationCodeResult,
    OAuthClientProvider,
    OAuthFlowError,
    OAuthRegistrationError,
    OAuthTokenError,
)
from mcp.client.auth.utils import is_valid_client_metadata_url, union_scopes
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthMetadata
from pydantic import AnyUrl, ValidationError

from loopdeck import __version__
from loopdeck.errors import LoginError
from loopdeck.permissions.urls import Address
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.errands import Errands
from loopdeck.tools.mcp.logins import Login, LoginBook, longest
from loopdeck.tools.mcp.memory import Memory
from loopdeck.tools.mcp.returning import Return, returning
from loopdeck.tools.mcp.servers import Server
from loopdeck.visible import expose

PATIENCE_S = 300.0  # for a human at a browser
Show = Callable[[Address, str], Awaitable[None]]
_ACCEPT = "application/json, text/event-stream"
_PROTOCOL = "2025-11-25"
_HELLO: JsonObject = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": _PROTOCOL,
        "capabilities": {},
        "clientInfo": {"name": "loopdeck", "version": __version__},
    },
}
_ASKS: JsonObject = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
_BASIC: Final = "client_secret_basic"
_SESSION = "mcp-session-id"


async def log_in(
    server: Server,
    logins: LoginBook,
    show: Show,
    errands: Errands | None = None,
    patience: float = PATIENCE_S,
) -> bool:
    """Log in and keep what came of it; False for a server that wants no login.

    `show` gives a human the address to open. Raises `LoginError` and `ConfigError`.
    """
    errands = errands or Errands(server)
    _check(server)
    before = logins.of(server)
    client = _named(server) or _known(before)
    async with _returning(server, client) as (back, client):
        provider = _Provider(server, client, back, errands, show, patience)
        if before is not None and before.wanted:
            provider.wanted = union_scopes(before.scope, before.wanted)
        status = await _told(server, provider)
    if provider.context.current_tokens is None:
        if status in (401, 403):
            raise LoginError(f"It refuses (HTTP {status}) and offers no login.")
        return False
    if status in (401, 403):
        raise LoginError(f"It was given the token of the login and still refuses (HTTP {status}).")
    logins.keep(server, provider.outcome(logins.now()))
    return True


class _Provider(OAuthClientProvider):
    """The package's own login; its requests go where `Errands` lets them."""

    def __init__(
        self,
        server: Server,
        client: OAuthClientInformationFull | None,
        back: Return,
        errands: Errands,
        show: Show,
        patience: float,
    ) -> None:
        super().__init__(
            server.url,
            OAuthClientMetadata(client_name="Loopdeck", redirect_uris=[AnyUrl(back.url)]),
            Memory(client),
            self._open,
            self._answered,
            server.login.metadata_url or None,
        )
        self._back, self._errands, self._show = back, errands, show
        self._patience, self._state = patience, ""
        self._has_secret = bool(server.login.client_id and server.login.client_secret)
        self.wanted: str | None = None  # scopes that an older login had, and those that it lacked

    def outcome(self, now: float) -> Login:
        """What to keep. Call it after a login."""
        tokens, client = self.context.current_tokens, self.context.client_info
        if tokens is None or client is None:
            raise LoginError("It gave no token.")
        endpoint = self._get_token_endpoint()
        self._errands.judged(endpoint)
        has_resource = self.context.should_include_resource_param(self.context.protocol_version)
        return Login(
            url=self.context.server_url,
            endpoint=endpoint,
            access=tokens.access_token,
            client=client.model_dump(mode="json", exclude_none=True),
            refresh=tokens.refresh_token or "",
            resource=self.context.get_resource_url() if has_resource else "",
            scope=tokens.scope or "",
            expires=longest(now, tokens.expires_in),
        )

    async def _auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        flow = super()._auth_flow(request)
        try:
            outgoing = await anext(flow)
            while True:
                if outgoing is request:
                    response = yield outgoing
                else:
                    response = await self._errands.run(outgoing)
                outgoing = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    async def _perform_authorization_code_grant(self) -> tuple[str, str]:
        terms = self.context.client_metadata
        terms.scope = union_scopes(terms.scope, self.wanted)
        return await super()._perform_authorization_code_grant()

    async def _open(self, url: str) -> None:
        told = self.context.oauth_metadata
        known = told.code_challenge_methods_supported if told is not None else None
        if known is not None and "S256" not in known:
            raise LoginError("Its authorization server does not protect logins (PKCE, S256).")
        at = self._errands.judged(url)
        self._settle(told)
        self._state = parse_qs(urlsplit(url).query).get("state", [""])[-1]
        await self._show(at, url)

    def _settle(self, told: OAuthMetadata | None) -> None:
        """Give the secret that its human named as the server takes it: in a header, or else not."""
        client = self.context.client_info
        if client is None or not self._has_secret:
            return
        takes = (told and told.token_endpoint_auth_methods_supported) or [_BASIC]
        client.token_endpoint_auth_method = _BASIC if _BASIC in takes else "client_secret_post"

    async def _answered(self) -> AuthorizationCodeResult:
        found = await self._back.answer(self._state, self._patience)
        code = found.get("code", "")
        return AuthorizationCodeResult(code=code, state=self._state, iss=found.get("iss"))


async def _told(server: Server, provider: _Provider) -> int:
    """Say hello with a login wherever the server wants one; its last status."""
    try:
        async with create_mcp_http_client(dict(server.headers), auth=provider) as web:
            return await _hello(server, web, provider)
    except LoginError:
        raise
    except OAuthRegistrationError:  # none of these is chained: they quote what they were sent
        words = "Its authorization server does not let programs register themselves."
        raise LoginError(words, "Ask it for a client_id and write it in the config.") from None
    except OAuthTokenError:
        raise LoginError("Its authorization server gave no token for this login.") from None
    except OAuthFlowError as error:
        words = expose(str(error).partition("\n")[0])[:300]
        raise LoginError(f"Its login is not as it should be: {words}.") from None
    except (ValidationError, ValueError, OverflowError):
        raise LoginError("What it says of its login does not follow the protocol.") from None
    except (HTTPError, OSError) as error:
        why = expose(str(error).strip() or type(error).__name__)[:200]
        raise LoginError(f"It cannot be reached: {why}.") from None


async def _hello(server: Server, web: AsyncClient, provider: _Provider) -> int:
    """Begin as a run does. Some let anybody begin, and want a login from who asks for more."""
    if server.transport == "sse":
        return (await _said(server, web, None, {})).status_code
    begun = await _said(server, web, _HELLO, {})
    if not begun.is_success or provider.context.current_tokens is not None:
        return begun.status_code
    more = {_SESSION: begun.headers[_SESSION]} if _SESSION in begun.headers else {}
    return (await _said(server, web, _ASKS, more)).status_code


async def _said(
    server: Server, web: AsyncClient, message: JsonObject | None, headers: dict[str, str]
) -> Response:
    """What comes back, without its body, which may never end."""
    async with web.stream(
        "GET" if message is None else "POST",
        server.url,
        json=message,
        headers={"accept": _ACCEPT, **headers},
    ) as response:
        return response


@asynccontextmanager
async def _returning(
    server: Server, client: OAuthClientInformationFull | None
) -> AsyncGenerator[tuple[Return, OAuthClientInformationFull | None]]:
    """The page to come back to: at the port that is known there, if that is free."""
    port = server.login.port or _port(client)
    async with AsyncExitStack() as stack:
        try:
            back = await stack.enter_async_context(returning(port))
        except OSError as error:
            if server.login.port:
                words = f"Port {port}, which its login comes back to, is taken: {error.strerror}."
                raise LoginError(words, "End what listens there.") from error
            back = await stack.enter_async_context(returning(0))
            client = client if server.login.client_id else None
        yield back, client


def _check(server: Server) -> None:
    page = server.login.metadata_url
    if page and not is_valid_client_metadata_url(page):
        raise LoginError("Its metadata_url has to be an https address with a path.", "Mend it.")


def _named(server: Server) -> OAuthClientInformationFull | None:
    """Who Loopdeck is there by the word of its human."""
    terms = server.login
    if not terms.client_id:
        return None
    manner = "client_secret_post" if terms.client_secret else "none"
    return OAuthClientInformationFull(
        client_id=terms.client_id,
        client_secret=terms.client_secret or None,
        token_endpoint_auth_method=manner,
    )


def _known(login: Login | None) -> OAuthClientInformationFull | None:
    """Who Loopdeck was there the last time."""
    try:
        return OAuthClientInformationFull.model_validate(login.client) if login else None
    except ValidationError:
        return None


def _port(client: OAuthClientInformationFull | None) -> int:
    """The port that is registered there; 0 for none."""
    known = client.redirect_uris if client is not None else None
    return (known[0].port or 0) if known else 0
