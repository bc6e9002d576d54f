"""An HTTP answer that nobody can read becomes one that says so, to whoever asked."""

import json
from collections.abc import AsyncIterator
from typing import cast

from httpx2 import AsyncByteStream, HTTPError, Request, Response

from loopdeck.figures import amount
from loopdeck.session.values import JsonObject

UNREADABLE = -32_099  # in the protocol's range of one's own: an answer that is none
MOST_ANSWER = 8_000_000  # bytes of an answer that is no stream; a stream's events have their own
_JSON, STREAM = "application/json", "text/event-stream"
_NO_JSON = "Its answer is not JSON, or not all of it."
_NO_MESSAGE = "Its answer does not follow the protocol."
_NO_ANSWER = "It took the request and gave no answer."
_OTHER = "It answered something else than what was asked."
_TOO_LONG = f"It is longer than {amount(MOST_ANSWER)}."
_WORSE = 400

Asked = str | int | None


def asked_by(request: Request) -> Asked:
    """The number of the question in a request; `None` where nothing is asked."""
    if request.method != "POST":
        return None
    try:
        found: object = json.loads(request.content)
    except (ValueError, RecursionError):
        return None
    message = cast("JsonObject", found) if isinstance(found, dict) else {}
    return message.get("id") if "method" in message else None


def made_readable(response: Response, asked: Asked) -> None:
    """See that a question has an answer that can be read; what follows as a stream stays as it is.

    The status stays too: who shows a login has to see it.
    """
    stream, status = response.stream, response.status_code
    if asked is None or response.has_redirect_location or not isinstance(stream, AsyncByteStream):
        return
    kind = response.headers.get("content-type", "").lower().partition(";")[0].strip()
    words = _of_status(response.request, status) if status >= _WORSE else ""
    if kind == STREAM and not words:
        return
    if kind != _JSON or status == 202:
        shown = kind[:60] if kind.isprintable() else ""
        other = f"It answered with {shown or 'something without a name'}, which is not JSON."
        words = words or (_NO_ANSWER if status in (202, 204) else other)
        response.stream = _Instead(stream, asked, words)
    else:
        response.stream = _Whole(stream, asked, words)
    response.headers["content-type"] = _JSON
    if status in (202, 204):
        response.status_code = 200  # else its answer is not looked at


class _Instead(AsyncByteStream):
    """Says what is wrong in the place of what came."""

    def __init__(self, inner: AsyncByteStream, asked: Asked, words: str) -> None:
        self._inner, self._asked, self._words = inner, asked, words

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield fault(self._asked, self._words)

    async def aclose(self) -> None:
        """Close what it is around."""
        await self._inner.aclose()


class _Whole(_Instead):
    """Lets an answer through once all of it was read; `words` are for one that is no message."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body, words = bytearray(), ""
        try:
            async for chunk in self._inner:
                body += chunk
                if len(body) > MOST_ANSWER:
                    words = _TOO_LONG
                    break
        except HTTPError:
            words = _NO_JSON
        words = words or wrong_with(bytes(body), self._asked, failed=bool(self._words))
        yield fault(self._asked, self._words or words) if words else bytes(body)


def fault(asked: Asked, words: str) -> bytes:
    """An answer of the protocol that says what is wrong."""
    error = {"code": UNREADABLE, "message": words}
    return json.dumps({"jsonrpc": "2.0", "id": asked, "error": error}).encode()


def wrong_with(body: bytes, asked: Asked, *, failed: bool) -> str:
    """What is wrong with an answer, as a sentence; one that says what `failed` needs no number."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return _NO_JSON if body.strip() else _NO_ANSWER
    message = cast("JsonObject", found) if isinstance(found, dict) else {}
    if message.get("jsonrpc") != "2.0":
        return _NO_MESSAGE
    if failed:
        return "" if "error" in message else _NO_MESSAGE
    answers = "result" in message or "error" in message
    return "" if answers and str(message.get("id")) == str(asked) else _OTHER


def _of_status(request: Request, status: int) -> str:
    if status == 404 and "mcp-session-id" not in request.headers:
        return "There is no MCP server at this address (HTTP 404)."
    return f"It answered with HTTP {status}."
