"""The MCP servers of a run as its deck sees them, before the run has any, and after it too."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from loopdeck.errors import ToolError
from loopdeck.ports.servers import Prompt, Resource, ServerView, ToolView

if TYPE_CHECKING:
    from loopdeck.tools.mcp.hub import Hub
    from loopdeck.tools.mcp.servers import Server, Status


class Board:
    """`Servers` of one run. `begin` makes them once its agent begins; before, there are none."""

    def __init__(self, make: "Callable[[], Hub | None]") -> None:
        self._make = make
        self._hub: Hub | None = None
        self._untold: list[str] = []
        self._listeners: list[Callable[[str], None]] = []

    def begin(self) -> "Hub | None":
        """The servers, not yet started."""
        self._hub = self._make()
        return self._hub

    def views(self) -> Sequence[ServerView]:
        """How each of them is doing now."""
        hub = self._hub
        if hub is None:
            return ()
        return [_view(status, hub.named(status.name)) for status in hub.statuses]

    def listen(self, tell: Callable[[str], None]) -> None:
        """Have a sentence told, once, of each that cannot be used from the beginning."""
        self._listeners.append(tell)
        self._flush()

    def unable(self, sentence: str) -> None:
        """One of them cannot be used; who listens is told, or else who listens first."""
        self._untold.append(sentence)
        self._flush()

    def _flush(self) -> None:
        while self._listeners and self._untold:
            sentence = self._untold.pop(0)
            for tell in self._listeners:
                tell(sentence)

    def tools(self, server: str) -> Sequence[ToolView]:
        """What one of them offers."""
        hub = self._hub
        if hub is None:
            return ()
        from loopdeck.tools.mcp.offers import category_of  # it is loaded with the servers

        return [
            ToolView(
                offer.name,
                category_of(offer.hints, trusted=hub.server(offer).trusted)[0],
                hub.standing(offer),
                offer.description,
            )
            for offer in hub.offers
            if offer.server == server
        ]

    def resources(self) -> Sequence[Resource]:
        """What can be read."""
        return self._hub.things.resources if self._hub is not None else ()

    def prompts(self) -> Sequence[Prompt]:
        """What can be begun with."""
        return self._hub.things.prompts if self._hub is not None else ()

    def restart(self, server: str) -> None:
        """Begin one of them anew."""
        if self._hub is not None:
            self._hub.restart(server)

    async def read(self, server: str, uri: str) -> str:
        """What stands at an address."""
        return await self._running().ask(server, lambda talk: talk.read(uri))

    async def prompt(self, server: str, name: str, args: Mapping[str, str]) -> str:
        """The words of a prompt."""
        return await self._running().ask(server, lambda talk: talk.prompt(name, args))

    def _running(self) -> "Hub":
        if self._hub is None:
            raise ToolError("No MCP server runs here.")
        return self._hub


def _view(status: "Status", server: "Server | None") -> ServerView:
    transport = server.transport if server is not None else ""
    counts = status.counts
    return ServerView(
        status.name,
        status.state.value,
        " ".join(filter(None, (transport, status.protocol))),
        status.tools,
        counts.calls,
        counts.failed,
        counts.running,
        counts.median,
        counts.last,
        counts.restarts,
        status.again_s,
        status.trouble,
        status.said,
    )
