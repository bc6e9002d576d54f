"""The requests of a login: to machines that it may lead to, never redirected, never long."""

import asyncio
from functools import cache
from ipaddress import ip_address
from ssl import SSLContext

from httpx2 import AsyncClient, HTTPError, Request, Response, Timeout, create_ssl_context

from loopdeck.errors import LoginError, ToolError
from loopdeck.permissions.urls import Address, address
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.reach import Reach, sounds_near
from loopdeck.visible import expose

MOST_BYTES = 256_000
SECONDS = 20.0
_PACKED = ("content-encoding", "content-length", "transfer-encoding")


class Errands:
    """What a server says of its login is its own word: it could point at any machine.

    It may lead to the public internet over TLS. To this machine it leads only if the server is
    here itself, and into a private network only if the server is in one.
    """

    def __init__(self, server: Server, reach: Reach | None = None) -> None:
        self._host = server.host
        self._here = _is_here(server.host)
        self._reach = reach or Reach(named=self._is_near)

    async def run(self, request: Request) -> Response:
        """The answer. Raises `LoginError`."""
        at = self.judged(str(request.url))
        try:
            async with asyncio.timeout(SECONDS):
                return await self._sent(at, request)
        except TimeoutError as error:
            words = f"{at.host} did not answer its login within {SECONDS:.0f} seconds."
            raise LoginError(words) from error
        except (HTTPError, OSError) as error:
            why = str(error).strip() or type(error).__name__
            words = f"{at.host}, which its login needs, cannot be reached: {expose(why)[:200]}."
            raise LoginError(words) from error

    def judged(self, url: str) -> Address:
        """An address that its login may name. Raises `LoginError`."""
        try:
            at = address(url)
        except ValueError as error:
            raise LoginError(f"Its login leads to an address that is none: {error}.") from error
        if at.scheme != "https" and not (self._here and _is_here(at.host)):
            raise LoginError(f"Its login leads to {at.host} without encryption: refused.")
        return at

    def _is_near(self, host: str) -> bool:
        """Whether a host that is not public may be asked because the server is no more public."""
        if host == self._host:
            return True
        if _is_here(host):
            return self._here
        return sounds_near(self._host) and not self._here and not _is_number(host)

    async def _sent(self, at: Address, request: Request) -> Response:
        try:
            numeric = await self._reach.place(at)
        except ToolError as error:
            words = f"Its login leads to {at.host}, which is no address of the public internet"
            raise LoginError(f"{words}, or cannot be looked up: refused.") from error
        # The connection goes to the number that was judged, whatever the name says next.
        there = f"[{numeric}]" if ":" in numeric else numeric
        sent = Request(
            request.method,
            f"{at.scheme}://{there}:{at.port}{at.path}",
            headers={**request.headers, "host": at.netloc, "accept-encoding": "identity"},
            content=await request.aread(),
            extensions={"sni_hostname": at.host},
        )
        async with AsyncClient(
            timeout=Timeout(SECONDS),
            trust_env=False,
            verify=_authorities(),
            follow_redirects=False,
        ) as client:
            response = await client.send(sent, stream=True)
            try:
                return await _whole(at, request, response)
            finally:
                await response.aclose()


async def _whole(at: Address, request: Request, response: Response) -> Response:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise LoginError(f"{at.host} sent its login more than anybody needs: refused.")
    headers = [(name, value) for name, value in response.headers.items() if name not in _PACKED]
    return Response(response.status_code, headers=headers, content=bytes(body), request=request)


@cache
def _authorities() -> SSLContext:
    """Who vouches for machines, as this one has it; it takes long to read."""
    return create_ssl_context()


def _is_here(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ip_address(host).is_loopback)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
