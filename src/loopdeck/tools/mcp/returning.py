"""Where a browser comes back to after a login: one page on this machine, for one answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

from loopdeck.errors import LoginError
from loopdeck.visible import expose

HOST = "127.0.0.1"
PATH = "/callback"
MOST_HEAD = 16_000  # bytes of a request
HEAD_S = 5.0
_PAGE = "<!doctype html><meta charset=utf-8><title>Loopdeck</title><p>{words}\n"
_HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n"
)


class Return:
    """The address to come back to. The first answer counts, whatever it says."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}{PATH}"
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    async def answer(self, state: str, seconds: float) -> dict[str, str]:
        """What the browser brought. Raises `LoginError`."""
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.shield(self._answer)
        except TimeoutError as error:
            words = f"Nobody came back from the browser within {seconds / 60:.0f} minutes."
            raise LoginError(words, "Try it again.") from error
        if found.get("state") != state:
            raise LoginError(
                "What came back from the browser answers another login: nothing was kept.",
                "Try it again, with no other login open.",
            )
        if "error" in found:
            said = expose(found.get("error_description") or found["error"])[:200]
            raise LoginError(f"The login was refused: {said.rstrip('.')}.", "Try it again.")
        return found

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of the browser, or of anybody else on this machine."""
        try:
            async with asyncio.timeout(HEAD_S):
                head = await reader.readuntil(b"\r\n\r\n")
                status, words = self._take(head)
                body = _PAGE.format(words=words).encode()
                writer.write(_HEAD.format(status=status, length=len(body)).encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # whoever that was, it was no browser
        finally:
            writer.close()

    def _take(self, head: bytes) -> tuple[str, str]:
        method, _, rest = head.decode("latin-1").partition(" ")
        try:
            parts = urlsplit(rest.partition(" ")[0])
        except ValueError:
            return "400 Bad Request", "This is no address."
        if method != "GET" or parts.path != PATH:
            return "404 Not Found", "There is nothing here."
        found = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not self._answer.done():
            self._answer.set_result(found)
        return "200 OK", "Loopdeck has the answer. You can close this page."


@asynccontextmanager
async def returning(port: int) -> AsyncGenerator[Return]:
    """Listen on a port, or on a free one for 0. Raises `OSError` where it is taken."""
    back: list[Return] = []

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await back[0].serve(reader, writer)

    server = await asyncio.start_server(served, HOST, port, limit=MOST_HEAD)
    back.append(Return(server.sockets[0].getsockname()[1]))
    async with server:
        yield back[0]
