"""One page over HTTP: each hop judged before it is taken, connected to the address that was judged.

A proxy of the environment is not used. It would look up the name itself and connect to wherever
that leads, so that nobody could say that a page did not come from this machine or its network.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import Address, address
from loopdeck.tools.reach import Reach
from loopdeck.tools.web.arriving import ACCEPTED, MOST_BYTES, Arrival

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

MOST_HOPS = 5
TIME_LIMIT = 30.0
CONNECT_S = 10.0
_MOVED = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,text/markdown;q=0.9,text/plain;q=0.9,application/json;q=0.8,*/*;q=0.5"
AGENT = "Mozilla/5.0 (compatible; Loopdeck; reads one page for its human)"

Tell = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, and what came; `cut` where there was more."""

    at: Address
    status: int
    phrase: str
    type: str
    size: int | None
    body: bytes = b""
    cut: bool = False
    hops: tuple[str, ...] = field(default_factory=tuple)


class LeadsElsewhere(Exception):
    """A redirect to a place that nobody was asked about."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


@dataclass(slots=True)
class Fetch:
    """One request and the redirects that stay where it was allowed to go."""

    reach: Reach
    tell: Tell
    wants: Callable[[str], bool]
    most: int = MOST_BYTES
    time_limit: float = TIME_LIMIT
    hops: list[str] = field(default_factory=list[str])

    async def run(self, at: Address) -> Fetched:
        """Follow it to its end. Raises `ToolError`, and `LeadsElsewhere` for another host."""
        client = await asyncio.to_thread(_client)  # its library takes long to load
        from httpx2 import HTTPError, InvalidURL, StreamError

        try:
            async with asyncio.timeout(self.time_limit), client:
                return await self._followed(client, at)
        except TimeoutError as error:
            words = f"{at.host} did not send the page within {self.time_limit:g} s."
            raise ToolError(words) from error
        except (HTTPError, StreamError, InvalidURL, OSError, ValueError) as error:
            why = str(error).strip() or type(error).__name__
            raise ToolError(f"{at} could not be fetched: {why[:300]}.") from error

    async def _followed(self, client: "AsyncClient", first: Address) -> Fetched:
        at = first
        while True:
            await self.tell(f"GET {at}\n")
            async with self._asked(client, at) as response:
                target = response.headers.get("location", "")
                if response.status_code not in _MOVED or not target:
                    return await self._read(at, response)
            at = self._next(first, at, target, response.status_code)

    def _next(self, first: Address, at: Address, target: str, status: int) -> Address:
        """Where a redirect leads, if it may be followed unasked."""
        joined = urljoin(str(at), target.partition("#")[0])
        try:
            to = address(joined)
        except ValueError as error:
            raise ToolError(f"{at} redirects to no address of the web: {error}.") from error
        self.hops.append(f"[{status}: {at} redirects to {to}]")
        if len(self.hops) > MOST_HOPS:
            raise ToolError(f"{first} was redirected more than {MOST_HOPS} times.")
        safer = (at.scheme, at.port, to.scheme, to.port) == ("http", 80, "https", 443)
        same = (at.scheme, at.port) == (to.scheme, to.port)
        if to.host != first.host or not (same or safer) or self.reach.refused(to):
            raise LeadsElsewhere(str(to))
        return to

    @asynccontextmanager
    async def _asked(self, client: "AsyncClient", at: Address) -> AsyncGenerator["Response"]:
        """The answer to one request, its body still to come."""
        numeric = await self.reach.place(at)
        # The name is looked up once, here: the connection goes to the number that was judged, and
        # the name goes along for the server and for its certificate.
        there = f"[{numeric}]" if ":" in numeric else numeric
        request = client.build_request(
            "GET",
            f"{at.scheme}://{there}:{at.port}{at.path}",
            headers={"host": at.netloc},
            extensions={"sni_hostname": at.host},
        )
        response = await client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, at: Address, response: "Response") -> Fetched:
        kind = response.headers.get("content-type", "")
        head = Fetched(
            at,
            response.status_code,
            response.reason_phrase,
            kind,
            _size(response.headers),
            hops=tuple(self.hops),
        )
        if not self.wants(kind):
            return head
        arrival = Arrival(response.headers.get("content-encoding", ""), self.most)
        async for chunk in response.aiter_raw():
            arrival.take(chunk)
            if arrival.full:
                break
        return Fetched(
            at, head.status, head.phrase, kind, head.size, arrival.body, arrival.full, head.hops
        )


def _size(headers: Mapping[str, str]) -> int | None:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


def _client() -> "AsyncClient":
    from httpx2 import AsyncClient, Timeout, create_ssl_context

    return AsyncClient(
        headers={"accept": _ACCEPT, "accept-encoding": ACCEPTED, "user-agent": AGENT},
        timeout=Timeout(TIME_LIMIT, connect=CONNECT_S),
        trust_env=False,
        verify=create_ssl_context(),  # with the authorities that the environment names
        follow_redirects=False,
    )
