"""Opens a connection to a server, over whatever it speaks; what it offers, and calling it."""

from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from httpx2 import AsyncClient, Auth, Timeout
from mcp.client import Client, ClientRequestContext, IncomingMessage, Transport
from mcp.client._transport import TransportStreams
from mcp.client.session import SamplingFnT
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import (
    PARSE_ERROR,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequestFormParams,
    ElicitRequestParams,
    ElicitResult,
    ErrorData,
    Implementation,
    ListRootsResult,
    PromptListChangedNotification,
    ResourceListChangedNotification,
    Root,
    TextContent,
    ToolListChangedNotification,
)
from pydantic import FileUrl, ValidationError

from loopdeck import __version__
from loopdeck.errors import LoginError, ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.answering import UNREADABLE
from loopdeck.tools.mcp.bearer import Bearer
from loopdeck.tools.mcp.bounded import bounded_client, listening_client
from loopdeck.tools.mcp.listing import all_offers, all_things
from loopdeck.tools.mcp.logins import LoginBook
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.results import contents_of, text_of, words_of
from loopdeck.tools.mcp.sampling import wanted_of
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.stderr import Tail
from loopdeck.tools.mcp.stdio import process
from loopdeck.tools.mcp.talk import Answer, Ears, Progress
from loopdeck.tools.mcp.things import Things
from loopdeck.tools.mcp.troubles import first

SECONDS = 30.0  # for an answer that is not a call's
MOST_SECONDS = 86_400.0  # for a call: its link knows its time, and when it stands still
CHANGES = (
    ToolListChangedNotification,
    PromptListChangedNotification,
    ResourceListChangedNotification,
)
T = TypeVar("T")
Content = dict[str, str | int | float | bool | list[str] | None]
_CLOSED = -32000
_REJECTED = -1  # the protocol's own number for a request that its human does not want
_STOPS = {"end_turn": "endTurn", "stop_sequence": "stopSequence", "max_tokens": "maxTokens"}
_MODERN = "2026-07-28"
_UNPARSED = "Failed to parse"  # how the package begins to say so
NONSENSE = "What it sent does not follow the protocol."


@asynccontextmanager
async def opened(
    server: Server, folder: Path, tail: Tail, ears: Ears, logins: LoginBook | None
) -> AsyncGenerator["Talk"]:
    """Talk to a server. Raises whatever its transport does, `LoginError` and `ToolError`."""
    auth = (
        Bearer(server, logins, ears.refused) if logins is not None and server.takes_login else None
    )
    try:
        transport = _transport(server, folder, tail, ears, auth)
        async with talking(server, transport, folder, ears) as talk:
            yield talk
    except ExceptionGroup as error:
        wanted, _ = error.split(LoginError)
        if wanted is None:
            raise _ended(first(error), tail) or error from None
        raise first(wanted) from None
    except MCPError as error:
        raise _ended(error, tail) or error from None


def _ended(error: BaseException, tail: Tail) -> ToolError | None:
    """For a connection that is gone or makes no sense: why, as far as the server said so."""
    if isinstance(error, MCPError) and _is_unparsed(error):
        return ToolError(NONSENSE)
    if not isinstance(error, MCPError) or error.code != _CLOSED:
        return None
    why = tail.reason()
    return ToolError(f"It ended: {why}" if why else "It ended, and did not say why.")


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
        said = await ears.asked(params.message, wanted, address)
        content = said.content if form else None  # an address has no fields to give back
        return ElicitResult(action=said.action, content=cast("Content | None", content))

    async def roots(context: ClientRequestContext) -> ListRootsResult:
        del context
        return ListRootsResult(roots=[Root(uri=FileUrl(folder.as_uri()), name=folder.name)])

    async def heard(message: IncomingMessage) -> None:
        if isinstance(message, CHANGES):
            ears.changed()
        elif isinstance(message, Exception) and server.transport == "sse":
            _let_go(ears, NONSENSE)  # whoever waits for it would wait for all of its time

    client = Client(
        transport,
        elicitation_callback=elicit,
        list_roots_callback=roots if server.roots else None,
        sampling_callback=_sampler(ears) if server.sampling == "ask" else None,
        message_handler=heard,
        client_info=Implementation(name="loopdeck", version=__version__),
        read_timeout_seconds=SECONDS,
    )
    async with client:
        yield Talk(server, client, ears)


def _sampler(ears: Ears) -> SamplingFnT:
    """Answers what a server wants of the model, or says why not."""

    async def sample(
        context: ClientRequestContext, params: CreateMessageRequestParams
    ) -> CreateMessageResult | ErrorData:
        del context
        try:
            thought = await ears.sampled(wanted_of(params))
        except ToolError as error:
            return ErrorData(code=_REJECTED, message=str(error))
        return CreateMessageResult(
            role="assistant",
            content=TextContent(type="text", text=thought.text),
            model=thought.by,
            stop_reason=_STOPS.get(thought.stop, thought.stop),
        )

    return sample


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
        return await all_offers(self._server.name, self._client)

    async def things(self) -> Things:
        """What can be read and begun with."""
        return await all_things(self._server.name, self._client)

    async def watch(self) -> None:
        """Hear of changed lists, where the protocol wants that asked for; else nothing."""
        able = self._client.server_capabilities
        tools, prompts, resources = (
            one is not None and bool(one.list_changed)
            for one in (able.tools, able.prompts, able.resources)
        )
        if self.protocol < _MODERN or not (tools or prompts or resources):
            return
        async with self._client.listen(
            tools_list_changed=tools,
            prompts_list_changed=prompts,
            resources_list_changed=resources,
        ) as events:
            async for _ in events:
                self._ears.changed()

    async def call(self, tool: str, args: JsonObject, progress: Progress) -> Answer:
        """Run a tool. Raises `ToolError`; a connection that is gone is told to who listens."""
        result = await self._said(
            self._client.call_tool(
                tool,
                args,
                read_timeout_seconds=MOST_SECONDS,
                progress_callback=progress,
            )
        )
        return Answer(ok=not result.is_error, text=text_of(result))

    async def read(self, uri: str) -> Answer:
        """What stands there now, whatever stood there before."""
        result = await self._said(self._client.read_resource(uri, cache_mode="bypass"))
        return Answer(ok=True, text=contents_of(result))

    async def prompt(self, name: str, args: Mapping[str, str]) -> Answer:
        """The words of a prompt."""
        result = await self._said(self._client.get_prompt(name, dict(args)))
        return Answer(ok=True, text=words_of(result))

    async def _said(self, asking: Awaitable[T]) -> T:
        try:
            return await asking
        except MCPError as error:
            if error.code == _CLOSED:
                self._ears.gone()
            if error.code == UNREADABLE:
                raise ToolError(self._astray(error.message)) from error
            if _is_unparsed(error):
                raise ToolError(self._astray(NONSENSE)) from error
            raise ToolError(f"The MCP server {self._server.name} says: {error.message}") from error
        except (ValidationError, RuntimeError) as error:
            raise ToolError(self._astray(NONSENSE)) from error

    def _astray(self, words: str) -> str:
        name = self._server.name
        return f"The MCP server {name} gave no answer of use. {words} What it did is not known."


def _is_unparsed(error: MCPError) -> bool:
    return error.code == PARSE_ERROR and error.message.startswith(_UNPARSED)


def _let_go(ears: Ears, words: str) -> None:
    """A connection is of no more use; who waits for an answer on it hears why."""
    ears.refused(words)
    ears.gone()


@asynccontextmanager
async def _transport(
    server: Server, folder: Path, tail: Tail, ears: Ears, auth: Auth | None
) -> AsyncGenerator[TransportStreams]:
    match server.transport:
        case "stdio":
            async with process(server, folder, tail, ears.gone) as streams:
                yield streams
        case "sse":

            def client(
                headers: dict[str, str] | None = None,
                timeout: Timeout | None = None,
                auth: Auth | None = None,
            ) -> AsyncClient:
                return listening_client(headers or {}, partial(_let_go, ears), auth, timeout)

            headers = dict(server.headers)
            made = sse_client(server.url, headers, httpx_client_factory=client, auth=auth)
            async with made as streams:
                yield streams
        case "http":
            async with (
                bounded_client(dict(server.headers), partial(_let_go, ears), auth) as web,
                streamable_http_client(server.url, http_client=web) as streams,
            ):
                yield streams
