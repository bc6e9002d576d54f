"""Opens a connection to a server, over whatever it speaks; what it offers, and calling it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from mcp.client import Client, ClientRequestContext, IncomingMessage, Transport
from mcp.client._transport import TransportStreams
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import (
    ElicitRequestFormParams,
    ElicitRequestParams,
    ElicitResult,
    Implementation,
    ListRootsResult,
    Root,
    Tool,
    ToolListChangedNotification,
)
from pydantic import FileUrl, ValidationError

from loopdeck import __version__
from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.link import Answer, Ears, Progress
from loopdeck.tools.mcp.offers import Hints, Offer, offer_of
from loopdeck.tools.mcp.results import text_of
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.stdio import process

SECONDS = 30.0  # for an answer that is not a call's
MOST_PAGES = 50
MOST_TOOLS = 2_000
Content = dict[str, str | int | float | bool | list[str] | None]
_CLOSED = -32000
_MODERN = "2026-07-28"


@asynccontextmanager
async def opened(server: Server, folder: Path, tail: Tail, ears: Ears) -> AsyncGenerator["Talk"]:
    """Talk to a server. Raises whatever its transport does."""
    async with talking(server, _transport(server, folder, tail, ears), folder, ears) as talk:
        yield talk


@asynccontextmanager
async def talking(
    server: Server, transport: Transport, folder: Path, ears: Ears
) -> AsyncGenerator["Talk"]:
    """Talk over a transport that is there: shake hands, and say what we can do."""

    async def elicit(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        del context
        form = isinstance(params, ElicitRequestFormParams)
        wanted = dict(params.requested_schema) if form else {}
        address = "" if form else params.url
        content = await ears.asked(params.message, wanted, address)
        if content is None:
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content=cast("Content", content))

    async def roots(context: ClientRequestContext) -> ListRootsResult:
        del context
        return ListRootsResult(roots=[Root(uri=FileUrl(folder.as_uri()), name=folder.name)])

    async def heard(message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            ears.changed()

    client = Client(
        transport,
        elicitation_callback=elicit,
        list_roots_callback=roots,
        message_handler=heard,
        client_info=Implementation(name="loopdeck", version=__version__),
        read_timeout_seconds=SECONDS,
    )
    async with client:
        yield Talk(server, client, ears)


class Talk:
    """An open connection."""

    def __init__(self, server: Server, client: Client, ears: Ears) -> None:
        self._server = server
        self._client = client
        self._ears = ears

    @property
    def protocol(self) -> str:
        """The version of the protocol that both speak."""
        return self._client.protocol_version

    async def offers(self) -> list[Offer]:
        """Every tool. Raises `ToolError` if the list makes no sense."""
        tools: list[Tool] = []
        cursor: str | None = None
        try:
            for _ in range(MOST_PAGES):
                page = await self._client.list_tools(cursor=cursor)
                tools += page.tools
                cursor = page.next_cursor
                if not cursor or len(tools) > MOST_TOOLS:
                    break
        except ValidationError as error:
            raise ToolError("Its list of tools does not follow the protocol.") from error
        found = (_offer(self._server.name, tool) for tool in tools[:MOST_TOOLS])
        return list({offer.name: offer for offer in found}.values())

    async def watch(self) -> None:
        """Hear of changed tools, where the protocol wants that asked for; else nothing."""
        tools = self._client.server_capabilities.tools
        if self.protocol < _MODERN or tools is None or not tools.list_changed:
            return
        async with self._client.listen(tools_list_changed=True) as events:
            async for _ in events:
                self._ears.changed()

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Run a tool. Raises `ToolError`; a connection that is gone is told to who listens."""
        try:
            result = await self._client.call_tool(
                tool,
                args,
                read_timeout_seconds=self._server.timeout,
                progress_callback=progress,
            )
        except MCPError as error:
            if error.code == _CLOSED:
                self._ears.gone()
            raise ToolError(f"The MCP server {self._server.name} says: {error.message}") from error
        except (ValidationError, RuntimeError) as error:
            words = f"The answer of the MCP server {self._server.name} does not follow the protocol"
            raise ToolError(f"{words}; what it did is not known.") from error
        return Answer(ok=not result.is_error, text=text_of(result))


def _offer(server: str, tool: Tool) -> Offer:
    notes = tool.annotations
    hints = Hints(
        reads=notes and notes.read_only_hint,
        destroys=notes and notes.destructive_hint,
        reaches_out=notes and notes.open_world_hint,
    )
    return offer_of(server, tool.name, tool.description or "", tool.input_schema, hints)


@asynccontextmanager
async def _transport(
    server: Server, folder: Path, tail: Tail, ears: Ears
) -> AsyncGenerator[TransportStreams]:
    match server.transport:
        case "stdio":
            async with process(server, folder, tail, ears.gone) as streams:
                yield streams
        case "sse":
            async with sse_client(server.url, headers=dict(server.headers)) as streams:
                yield streams
        case "http":
            async with (
                create_mcp_http_client(headers=dict(server.headers)) as web,
                streamable_http_client(server.url, http_client=web) as streams,
            ):
                yield streams
