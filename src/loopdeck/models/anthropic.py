"""The Messages API through the official client, which is loaded on first use, in a thread."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopdeck.errors import ModelError
from loopdeck.models.answers import HERE, PROGRESS, Answer
from loopdeck.models.calls import object_of, text_of
from loopdeck.models.faults import Server, cut_off, from_status, silent, unreachable, unreadable
from loopdeck.models.history import History, Tools, dump
from loopdeck.models.prices import PriceBook
from loopdeck.models.searching import MESSAGES_TOOL, Seeking, in_messages
from loopdeck.models.vendors import ANTHROPIC, maker_of
from loopdeck.ports import Delta, ModelRequest, Reply, ToolSpec
from loopdeck.session.values import JsonObject

if TYPE_CHECKING:
    from anthropic import APIStatusError, AsyncAnthropic, AsyncStream

VENDOR_URL = ANTHROPIC.url
PREFIX = ANTHROPIC.prefix
NO_KEY = "none"  # a local server takes any key; without one the client would look for its own
CONNECT_S = 15.0
REST_S = 0.5  # for the last bytes behind a complete reply, so that the connection is used again
EXTRAS: JsonObject = {
    "thinking": {"type": "adaptive", "display": "summarized"},
    "cache_control": {"type": "ephemeral"},
}


class AnthropicModel:
    """One model on one server. Never retries by itself: that is for whoever asked.

    `thinking` and `cache` left at `None` are on for the vendor's own server and off for others,
    many of which refuse what they do not know.
    """

    def __init__(
        self,
        name: str,
        *,
        model: str = "",
        api_key: str | None = None,
        auth_token: str | None = None,
        base_url: str | None = None,
        max_tokens: int = 16_000,
        thinking: bool | None = None,
        cache: bool | None = None,
        prices: PriceBook | None = None,
        progress_timeout_s: float = 120.0,
    ) -> None:
        self._name = name
        self._model = model or name.removeprefix(PREFIX)
        self._api_key = api_key
        self._auth_token = auth_token
        self._base_url = base_url or VENDOR_URL
        self._max_tokens = max_tokens
        self._prices = prices or PriceBook()
        self._patience = progress_timeout_s
        host = urlsplit(self._base_url).hostname or ""
        self._ours = host == "anthropic.com" or host.endswith(".anthropic.com")
        self._server = Server("Anthropic" if self._ours else f"The model server at {host}")
        wanted = {"thinking": thinking, "cache_control": cache}
        self._extras = {
            key: EXTRAS[key] for key, on in wanted.items() if (self._ours if on is None else on)
        }
        maker = maker_of(name)
        self._history = History(own=lambda by: maker_of(by) == maker)
        self._tools = Tools(_told)
        self._seeking = Seeking()
        self._asked: dict[str, str] = {}  # searches that were begun when a reply paused
        self._client: AsyncAnthropic | None = None
        self._loading = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name as the user typed it."""
        return self._name

    async def warm_up(self) -> None:
        """Load the client ahead of the first request; the event loop goes on meanwhile."""
        await self._ready()

    async def close(self) -> None:
        """Close idle connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """Deltas, then one reply. Raises `ModelUnavailable` and `ModelRejected`."""
        client = await self._ready()
        pricing = asyncio.ensure_future(self._load_prices())
        answer = Answer(self._history.call_ids)
        try:
            async with aclosing(self._deltas(client, request, answer)) as deltas:
                async for delta in deltas:
                    if delta.usage is not None:
                        await pricing
                        cost = self._prices.cost(self._model, delta.usage)
                        delta = replace(delta, cost_usd=cost)
                    yield delta
            reply = answer.reply()
            await pricing
        finally:
            pricing.cancel()
        # Out here nothing is open any more: who asked may walk off with the reply.
        window = self._prices.window(self._model)
        searches = in_messages(reply.blocks, self._asked)
        count = len(searches) if answer.searched is None else answer.searched
        cost = self._prices.cost(self._model, reply.usage)
        yield replace(
            reply,
            cost_usd=self._prices.with_searches(cost, count),
            window=window,
            searches=searches,
            detail=reply.detail or self._seeking.said(request),
        )

    async def _deltas(
        self, client: "AsyncAnthropic", request: ModelRequest, answer: Answer
    ) -> AsyncGenerator[Delta]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        async with await self._open(client, request, deadline) as events:
            while not answer.finished:
                event = await self._next(events, deadline)
                if event is None:
                    raise cut_off() if answer.started else unreadable(HERE)
                if text_of(event, "type") in PROGRESS:
                    deadline = loop.time() + self._patience
                delta = answer.take(event)
                if delta is not None:
                    yield delta
            with suppress(ModelError):
                await self._next(events, loop.time() + REST_S)

    async def _open(
        self, client: "AsyncAnthropic", request: ModelRequest, deadline: float
    ) -> "AsyncStream[object]":
        """The stream of events. An extra that the server does not know is left out from then on."""
        from anthropic import APIStatusError

        extras = dict(self._extras)
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    events = await self._post(client, self._body(request, extras))
            except TimeoutError as error:
                raise silent(self._server, self._patience) from error
            except APIStatusError as error:
                if self._seeking.is_refused(request, error.status_code, error.message):
                    continue
                unknown = next((key for key in extras if key in error.message), None)
                if unknown is None or error.status_code not in (400, 422):
                    raise self._fault(error) from error
                del extras[unknown]
            else:
                self._extras = extras
                return events

    async def _post(self, client: "AsyncAnthropic", body: bytes) -> "AsyncStream[object]":
        # The body goes out as it was encoded, and events come in as plain objects: the client's
        # own helper copies the whole history for each request, and loses what it does not know.
        from anthropic import AnthropicError, APIStatusError, AsyncStream
        from httpx2 import HTTPError, InvalidURL

        try:
            return await client.post(
                "/v1/messages",
                content=body,
                cast_to=object,
                stream=True,
                stream_cls=AsyncStream[object],
            )
        except (APIStatusError, TimeoutError):
            raise
        except (AnthropicError, HTTPError, InvalidURL, OSError, ValueError) as error:
            raise unreachable(self._server, error) from error

    async def _next(self, events: "AsyncStream[object]", deadline: float) -> JsonObject | None:
        """The next event, `None` at the end of the stream."""
        from anthropic import AnthropicError, APIStatusError
        from httpx2 import HTTPError, StreamError

        try:
            async with asyncio.timeout_at(deadline):
                event = await anext(events, None)
        except TimeoutError as error:
            raise silent(self._server, self._patience) from error
        except APIStatusError as error:
            raise self._fault(error) from error
        except (AnthropicError, HTTPError, StreamError, OSError) as error:
            raise cut_off() from error
        except (ValueError, LookupError, AttributeError, AssertionError, TypeError) as error:
            raise unreadable(HERE) from error
        return None if event is None else object_of({"event": event}, "event")

    def _body(self, request: ModelRequest, extras: JsonObject) -> bytes:
        body: JsonObject = {
            "model": self._model,
            "max_tokens": min(request.max_tokens, self._max_tokens),
            "stream": True,
            **extras,
        }
        if request.instructions.strip():
            body["system"] = request.instructions
        told = dump(body)[:-1]
        search = (MESSAGES_TOOL,) if self._seeking.wanted(request) else ()
        if request.tools or search:
            told += b',"tools":' + self._tools.encode(request.tools, *search)
        return told + b',"messages":' + self._history.encode(request.turns) + b"}"

    def _fault(self, error: "APIStatusError") -> ModelError:
        return from_status(
            error.status_code,
            error_kind(error),
            said(error),
            error.response.headers,
            server=self._server,
            model=self._model,
        )

    async def _ready(self) -> "AsyncAnthropic":
        async with self._loading:
            if self._client is None:
                self._client = await asyncio.to_thread(self._load)
            return self._client

    def _load(self) -> "AsyncAnthropic":
        gc.disable()  # the client is 130,000 objects that stay: the collector going through them
        try:  # again and again would hold up whatever else runs for up to 0.15 s
            from anthropic import AsyncAnthropic, Timeout
        finally:
            gc.freeze()
            gc.enable()
        token = None if self._api_key else self._auth_token or NO_KEY
        # Older servers look for the key where older clients put it.
        old = {} if self._ours or not self._api_key else {"X-Api-Key": self._api_key}
        return AsyncAnthropic(
            api_key=self._api_key or None,
            auth_token=token,
            base_url=self._base_url,
            max_retries=0,
            timeout=Timeout(self._patience + CONNECT_S, connect=CONNECT_S),
            default_headers=old,
        )

    async def _load_prices(self) -> None:
        if not self._prices.is_ready(self._model):
            await asyncio.to_thread(self._prices.warm_up)


def _told(tool: ToolSpec) -> JsonObject:
    """A tool as the vendor wants to hear of it."""
    return {"name": tool.name, "description": tool.description, "input_schema": tool.schema}


def error_kind(error: "APIStatusError") -> str:
    """The vendor's word for an error."""
    return text_of(object_of(object_of({"body": error.body}, "body"), "error"), "type")


def said(error: "APIStatusError") -> str:
    """What the server said about an error, if it said it in a form that is understood."""
    body = object_of({"body": error.body}, "body")
    inner = object_of(body, "error")
    return text_of(inner, "message") or text_of(body, "error") or text_of(body, "detail")
