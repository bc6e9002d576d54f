"""A server over HTTP in bounded memory and at a bounded pace, as those that are processes are."""

from collections.abc import AsyncIterator, Callable

from httpx2 import AsyncByteStream, AsyncClient, Auth, RemoteProtocolError, Response, Timeout
from mcp.shared._httpx_utils import create_mcp_http_client

from loopdeck.tools.mcp.answering import STREAM, asked_by, made_readable
from loopdeck.tools.mcp.pace import Pace

FORGOTTEN = "It does not know this connection any more."
_MET = (401, 403)  # by whoever shows a login
_WORSE = 400

Lost = Callable[[str], None]
"""Hears why a connection is of no more use."""


def bounded_client(
    headers: dict[str, str], lost: Lost, auth: Auth | None = None, timeout: Timeout | None = None
) -> AsyncClient:
    """A client each of whose questions has an answer that can be read, and that fills no memory."""

    async def heard(response: Response) -> None:
        asked = asked_by(response.request)
        if response.status_code == 404 and "mcp-session-id" in response.request.headers:
            lost(FORGOTTEN)
        _bound(response)
        made_readable(response, asked)

    return _client(headers, heard, auth, timeout)


def listening_client(
    headers: dict[str, str], lost: Lost, auth: Auth | None = None, timeout: Timeout | None = None
) -> AsyncClient:
    """A client for questions whose answers come by another way; one that is refused has none."""

    async def heard(response: Response) -> None:
        _bound(response)
        status, asked = response.status_code, asked_by(response.request)
        if status >= _WORSE and asked is not None and not (auth and status in _MET):
            lost(f"It answered with HTTP {status}.")
        elif asked is not None and _kind(response).startswith("text/html"):
            lost("It answered with a page in the place of an answer.")

    return _client(headers, heard, auth, timeout)


def _client(
    headers: dict[str, str],
    heard: Callable[..., object],
    auth: Auth | None,
    timeout: Timeout | None,
) -> AsyncClient:
    # What is packed has any size once it is unpacked, so it is asked for as it is.
    plain = {**headers, "accept-encoding": "identity"}
    client = create_mcp_http_client(plain, timeout, auth)
    client.event_hooks = {"request": [], "response": [heard]}
    return client


def _kind(response: Response) -> str:
    return response.headers.get("content-type", "").lower()


def _bound(response: Response) -> None:
    """Before any of it is read."""
    packed = response.headers.get("content-encoding", "identity")
    if packed.lower() != "identity":
        raise RemoteProtocolError(f"It answers in {packed[:40]}, which was not asked for.")
    if isinstance(response.stream, AsyncByteStream) and _kind(response).startswith(STREAM):
        response.stream = _Slowly(response.stream)


class _Slowly(AsyncByteStream):
    """Waits where there are too many events."""

    def __init__(self, inner: AsyncByteStream) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        """Close what it is around."""
        await self._inner.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pace = Pace()
        async for chunk in self._inner:
            await pace.wait(chunk.count(b"\n\n") + chunk.count(b"\r\n\r\n"))
            yield chunk
