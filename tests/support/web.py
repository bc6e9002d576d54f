"""A small web on a loopback port: raw answers by path, and a reach that finds it by any name."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from loopdeck.permissions.urls import Address
from loopdeck.tools.reach import Reach, nothing_refused

HERE = "127.0.0.1"


@dataclass
class Site:
    """What stands where; every request is remembered as `host path`."""

    pages: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    port: int = 0
    seen: list[str] = field(default_factory=list[str])
    heads: list[str] = field(default_factory=list[str])
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str, host: str = "site.example") -> str:
        """An address of this web."""
        return f"http://{host}:{self.port}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
        self.seen.append(f"{host.partition(':')[0]} {path}")
        self.heads.append(head)
        if path == "/stall":
            self.stalled.set()
            await reader.read()  # until the other side has gone
            self.gone.set()
        try:
            writer.write(self.pages.get(path, page(b"nothing here", status="404 Not Found")))
            await writer.drain()
        except ConnectionError:
            pass  # it has read enough
        writer.close()


def page(
    body: bytes, kind: str = "text/html", status: str = "200 OK", headers: Sequence[str] = ()
) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body)}"]
    head = "\r\n".join([*lines, *headers, "connection: close", "", ""])
    return head.encode() + body


def moved(to: str, status: int = 302) -> bytes:
    """A redirect."""
    return page(b"", status=f"{status} Moved", headers=[f"location: {to}"])


@asynccontextmanager
async def serving(
    pages: Mapping[str, bytes] | None = None, *, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Site]:
    """The site, while it is served."""
    site = Site(pages or {})
    server = await asyncio.start_server(site.answer, HERE, 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site


def reaching(
    names: Mapping[str, Sequence[str]] | None = None,
    refused: Callable[[Address], str] = nothing_refused,
) -> Reach:
    """Every name leads to this machine unless `names` says otherwise, and may."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        return (names or {}).get(host, [HERE])

    return Reach(
        resolve=resolve, refused=refused, nature=lambda ip: "" if str(ip) == HERE else "bad"
    )
