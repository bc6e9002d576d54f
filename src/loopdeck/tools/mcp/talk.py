"""What is said over an open connection to a server, whatever carries it: asked, answered, heard."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.asking import Elicited
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.sampling import Sampled, unwanted
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.things import Things

Asked = Callable[[str, JsonObject, str], Awaitable[Elicited]]


class Progress(Protocol):
    """Hears how far a call is, as its server says."""

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        """So much is done, of so much if that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears a server: it is gone, its lists changed, it asks a human or the model, it refuses.

    What it `refused` is a request, for its login; the connection ends with that.
    """

    gone: Callable[[], None]
    changed: Callable[[], None]
    asked: Asked
    sampled: Sampled = unwanted
    refused: Callable[[str], None] = lambda _: None


class Talk(Protocol):
    """An open connection."""

    @property
    def protocol(self) -> str:
        """The version of the protocol that both speak."""
        ...

    async def offers(self) -> list[Offer]:
        """Every tool."""
        ...

    async def things(self) -> Things:
        """What can be read and what can be begun with; nothing of what it cannot do."""
        ...

    async def watch(self) -> None:
        """Hear of changed lists, for as long as it takes."""
        ...

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Run a tool. Raises `ToolError`."""
        ...

    async def read(self, uri: str) -> Answer:
        """What stands there. Raises `ToolError`."""
        ...

    async def prompt(self, name: str, args: Mapping[str, str]) -> Answer:
        """The words of a prompt. Raises `ToolError`."""
        ...


Open = Callable[[Server, Tail, Ears], AbstractAsyncContextManager[Talk]]
