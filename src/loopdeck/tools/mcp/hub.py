"""All MCP servers of one run: started together, each in its own task, and what they offer."""

import asyncio
import contextlib
import errno
import importlib
import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal, cast

from loopdeck.errors import LoopdeckError, ToolError
from loopdeck.ports import Clock, ToolContext
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.callers import Callers
from loopdeck.tools.mcp.link import Link
from loopdeck.tools.mcp.logins import LoginBook
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import OfferBook, Server, Status
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.talk import Answer, Ears, Open, Talk
from loopdeck.tools.mcp.things import Things


class Hub:
    """What is offered is known from the last time before a server has connected.

    So the model has the tools from its first step on, and only a call waits for its server.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        folder: Path,
        logs: Path | None,
        book: OfferBook,
        clock: Clock,
        opened: Open | None = None,
    ) -> None:
        self._servers = {server.name: server for server in servers}
        self._book, self._clock, self._folder = book, clock, folder
        self._callers = Callers(clock)
        self._offers = {server.name: tuple(book.known(server)) for server in servers}
        self._tasks: Sequence[asyncio.Future[None]] = ()
        self._keeping = set[asyncio.Future[None]]()
        self._in_turn = asyncio.Lock()  # what is kept later is newer
        opened = opened or opener(folder)
        self._links = {
            server.name: self._link(server, opened, Tail(logs and logs / f"mcp-{server.name}.log"))
            for server in servers
        }

    def _link(self, server: Server, opened: Open, tail: Tail) -> Link:
        asked = partial(self._callers.ask, server.name)
        sampled = partial(self._callers.sample, server.name)
        return Link(server, opened, self._clock, tail, asked, self._heard, sampled)

    def start(self, after: Callable[[], Awaitable[None]] | None = None) -> None:
        """Begin to connect to all of them; nothing waits for it.

        What has to be loaded for that takes the processor from what loads beside it, so `after`
        goes first, whether it ends well or not. Nothing is loaded for what is not there.
        """
        before = asyncio.ensure_future(_tried(after)) if after is not None else None
        runs = [
            asyncio.ensure_future(
                link.run(None if _is_nowhere(link.server, self._folder) else before)
            )
            for link in self._links.values()
        ]
        self._tasks = runs if before is None else [*runs, before]

    async def stop(self) -> None:
        """End every server that was started."""
        for link in self._links.values():
            link.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for name, link in self._links.items():
            if link.things.resources:
                self._keep(partial(self._book.note, self._servers[name], link.things.resources))
        await asyncio.gather(*self._keeping, return_exceptions=True)

    @property
    def offers(self) -> Sequence[Offer]:
        """Every tool of every server, always in the same order."""
        return [offer for name in sorted(self._offers) for offer in self._offers[name]]

    @property
    def statuses(self) -> Sequence[Status]:
        """How each of them is doing."""
        return [self._links[name].status for name in sorted(self._links)]

    @property
    def things(self) -> Things:
        """What can be read and begun with, of all that have connected."""
        known = [self._links[name].things for name in sorted(self._links)]
        return Things(
            tuple(one for things in known for one in things.resources),
            tuple(one for things in known for one in things.prompts),
        )

    def named(self, name: str) -> Server | None:
        """The server of this name."""
        return self._servers.get(name)

    def standing(self, offer: Offer) -> Literal["new", "accepted", "changed"]:
        """Whether a human let a tool run, as it is now."""
        if self.has_changed(offer):
            return "changed"
        return "accepted" if self._book.accepted(offer) else "new"

    def restart(self, name: str) -> None:
        """Begin a server anew; nothing where there is none of that name."""
        if name in self._links:
            self._links[name].restart()

    async def ask(self, server: str, what: Callable[[Talk], Awaitable[Answer]]) -> str:
        """What a server says to something that is no call of a tool. Raises `ToolError`."""
        if server not in self._links:
            raise ToolError(f"There is no MCP server {server!r}. Nothing ran.")
        return (await self._links[server].ask(what)).text

    def server(self, offer: Offer) -> Server:
        """Whose tool it is."""
        return self._servers[offer.server]

    def current(self, name: str) -> Offer | None:
        """The tool of this name as it is now."""
        return next((offer for offer in self.offers if offer.name == name), None)

    def has_changed(self, offer: Offer) -> bool:
        """Whether its words or its arguments are others than when it was last let run."""
        accepted = self._book.accepted(offer)
        return bool(accepted) and accepted != offer.mark

    async def ready(self, server: str) -> Status:
        """Wait until it is connected. Raises `ToolError` with why it cannot be."""
        await self._links[server].ready()
        return self._links[server].status

    async def call(self, offer: Offer, args: JsonObject, context: ToolContext) -> Answer:
        """Run a tool that was permitted as it is in `offer`. Raises `ToolError`."""
        link = self._links[offer.server]
        await link.ready()
        now = self.current(offer.name)
        if now is None:
            raise ToolError(f"The MCP server {offer.server} has no {offer.tool} now. Nothing ran.")
        if now.mark != offer.mark:
            raise ToolError(
                f"What the MCP server {offer.server} says of {offer.tool} has changed since this "
                "call was judged. Nothing ran; call it again to have it judged anew."
            )
        if self._book.accepted(offer) != offer.mark:
            await asyncio.to_thread(self._book.accept, offer)
        async with self._callers.during(offer.server, context) as caller:
            answer = await link.ask(
                lambda talk: talk.call(offer.tool, args, caller.show), lambda: caller.is_asking
            )
            await link.settled()  # what a call changed is known by the next step
            return answer

    def _heard(self, server: Server, offers: Sequence[Offer]) -> None:
        """A server said what it has; what is new is also kept for the next time."""
        if tuple(offers) != self._offers[server.name]:
            self._offers[server.name] = tuple(offers)
            self._keep(partial(self._book.remember, server, offers))

    def _keep(self, kept: Callable[[], None]) -> None:
        """Write it down aside: nothing waits for the disk, but the end."""

        async def write() -> None:
            async with self._in_turn:
                await asyncio.to_thread(kept)

        task = asyncio.ensure_future(write())
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)


async def _tried(what: Callable[[], Awaitable[None]]) -> None:
    with contextlib.suppress(LoopdeckError):  # it is told to whoever needs it
        await what()


def _is_nowhere(server: Server, folder: Path) -> bool:
    """Whether the program of a server does not exist."""
    if not server.command:
        return False
    if os.sep in server.command:
        return not (folder / server.command).exists()
    return shutil.which(server.command, os.F_OK, dict(server.env).get("PATH")) is None


def opener(folder: Path, logins: LoginBook | None = None) -> Open:
    """Opens connections with the real client, which takes too long to load for any other moment."""

    @asynccontextmanager
    async def opened(server: Server, tail: Tail, ears: Ears) -> AsyncGenerator[Talk]:
        if _is_nowhere(server, folder):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), server.command)
        module = await asyncio.to_thread(importlib.import_module, "loopdeck.tools.mcp.opening")
        connection = module.opened(server, folder, tail, ears, logins)
        async with cast("AbstractAsyncContextManager[Talk]", connection) as talk:
            yield talk

    return opened
