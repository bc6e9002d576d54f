"""A server over HTTP in bounded memory and at a bounded pace, as those that are processes are."""

from collections.abc import AsyncIterator

from httpx2 import (
    AsyncByteStream,
    AsyncClient,
    Auth,
    RemoteProtocolError,
    Response,
    StreamError,
    Timeout,
)
from mcp.shared._httpx_utils import create_mcp_http_client

from loopdeck.figures import amount
from loopdeck.tools.mcp.pace import Pace

MOST_ANSWER = 8_000_000  # bytes of an answer that is no stream; a stream's events have their own
_STREAM = "text/event-stream"


def bounded_client(
    headers: dict[str, str] | None = None,
    timeout: Timeout | None = None,
    auth: Auth | None = None,
) -> AsyncClient:
    """The client of the protocol's package, none of whose answers can fill the memory."""
    # What is packed has any size once it is unpacked, so it is asked for as it is.
    plain = {**(headers or {}), "accept-encoding": "identity"}
    client = create_mcp_http_client(plain, timeout, auth)
    client.event_hooks = {"request": [], "response": [_bound]}
    return client


async def _bound(response: Response) -> None:
    """Before any of it is read."""
    packed = response.headers.get("content-encoding", "identity")
    if packed.lower() != "identity":
        raise RemoteProtocolError(f"It answers in {packed[:40]}, which was not asked for.")
    if isinstance(response.stream, AsyncByteStream):
        kind = response.headers.get("content-type", "").lower()
        slowly = kind.startswith(_STREAM)
        response.stream = _Slowly(response.stream) if slowly else _Short(response.stream)


class _Wrapped(AsyncByteStream):
    def __init__(self, inner: AsyncByteStream) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        """Close what it is around."""
        await self._inner.aclose()


class _Short(_Wrapped):
    """Ends with an error where it is too long."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > MOST_ANSWER:
                raise StreamError(f"It is longer than {amount(MOST_ANSWER)}.")
            yield chunk


class _Slowly(_Wrapped):
    """Waits where there are too many events."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pace = Pace()
        async for chunk in self._inner:
            await pace.wait(chunk.count(b"\n\n") + chunk.count(b"\r\n\r\n"))
            yield chunk
