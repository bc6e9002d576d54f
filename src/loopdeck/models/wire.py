"""JSON out, an event stream in: the HTTP that all but one of the protocols share."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, cast

from loopdeck.models.faults import Server, cut_off, silent, unreachable, unreadable
from loopdeck.session.values import JsonObject

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

CONNECT_S = 15.0
LONGEST_LINE = 64_000_000
LONGEST_ERROR = 200_000
DONE = b"[DONE]"
OVER: JsonObject = {"type": "done"}  # what stands for it


class Refusal(Exception):
    """The server answered with an error; what it means is for the one who asked."""

    def __init__(self, status: int, body: JsonObject, headers: Mapping[str, str]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers


class Wire:
    """Connections to one server. Nothing is loaded before it is first used."""

    def __init__(
        self, base_url: str, headers: Mapping[str, str], server: Server, patience_s: float
    ) -> None:
        self.server = server
        self.patience_s = patience_s
        self.base_url = base_url
        self._headers = dict(headers)
        self._client: AsyncClient | None = None
        self._loading = asyncio.Lock()

    async def ready(self) -> "AsyncClient":
        """The client, loaded in a thread the first time."""
        async with self._loading:
            if self._client is None:
                self._client = await asyncio.to_thread(self._load)
            return self._client

    async def close(self) -> None:
        """Close idle connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def get(self, path: str, *, within_s: float) -> JsonObject:
        """What stands at a path. Raises `ModelError`, and `Refusal` for an error status."""
        client = await self.ready()
        with self._understood(within_s):
            async with asyncio.timeout(within_s), client.stream("GET", path) as response:
                body = decoded(await _some(response))
        if response.status_code != 200:
            raise Refusal(response.status_code, body, response.headers)
        return body

    @asynccontextmanager
    async def post(
        self, path: str, body: bytes, deadline: float
    ) -> AsyncGenerator["AsyncGenerator[JsonObject]"]:
        """The events of an answer. Raises `ModelUnavailable`, and `Refusal` for an error status."""
        client = await self.ready()
        request = client.build_request("POST", path, content=body)
        with self._understood(self.patience_s):
            async with asyncio.timeout_at(deadline):
                response = await client.send(request, stream=True)
        try:
            if response.status_code != 200:
                with self._understood(self.patience_s):
                    async with asyncio.timeout_at(deadline):
                        said = decoded(await _some(response))
                raise Refusal(response.status_code, said, response.headers)
            async with aclosing(self._events(response.aiter_bytes())) as events:
                yield events
        finally:
            await response.aclose()

    async def next(
        self, events: "AsyncGenerator[JsonObject]", deadline: float
    ) -> JsonObject | None:
        """The next event, `None` at the end of the stream."""
        from httpx2 import HTTPError, StreamError

        try:
            async with asyncio.timeout_at(deadline):
                return await anext(events, None)
        except TimeoutError as error:
            raise silent(self.server, self.patience_s) from error
        except (HTTPError, StreamError, OSError) as error:
            raise cut_off() from error

    async def _events(self, chunks: AsyncIterable[bytes]) -> AsyncGenerator[JsonObject]:
        # Lines are cut at line feeds only: JSON may hold other characters that end lines in text.
        rest = b""
        data: list[bytes] = []
        async for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise unreadable(self.server)
            for line in lines:
                text = line.rstrip(b"\r")
                if text.startswith(b"data:"):
                    data.append(text[5:].strip())
                elif not text and data:
                    whole, data = b"\n".join(data), []
                    yield OVER if whole == DONE else self._event(whole)

    def _event(self, data: bytes) -> JsonObject:
        try:
            event: object = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise unreadable(self.server) from error
        if isinstance(event, list) and event:
            event = cast("list[object]", event)[0]
        if not isinstance(event, dict):
            raise unreadable(self.server)
        return cast("JsonObject", event)

    @contextmanager
    def _understood(self, seconds: float) -> Generator[None]:
        """Turns what goes wrong before an answer into our own errors."""
        from httpx2 import HTTPError, InvalidURL

        try:
            yield
        except TimeoutError as error:
            raise silent(self.server, seconds) from error
        except (HTTPError, InvalidURL, OSError, ValueError) as error:
            raise unreachable(self.server, error) from error

    def _load(self) -> "AsyncClient":
        from httpx2 import AsyncClient, Timeout

        return AsyncClient(
            base_url=self.base_url,
            headers={"content-type": "application/json", **self._headers},
            timeout=Timeout(self.patience_s + CONNECT_S, connect=CONNECT_S),
        )


async def _some(response: "Response") -> bytes:
    """The body of a short answer; the rest of a long one is left."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LONGEST_ERROR:
            break
    return body


def decoded(body: bytes) -> JsonObject:
    """The object in a body; one server puts it into a list. Empty for anything else."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, list) and found:
        found = cast("list[object]", found)[0]
    return cast("JsonObject", found) if isinstance(found, dict) else {}
