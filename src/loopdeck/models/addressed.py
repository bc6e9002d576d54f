"""A model of a server that is named by its address: Chat Completions, or else the Messages API."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urlsplit

from loopdeck.errors import ModelError, ModelRejected, NothingThere, UnknownModel
from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.chat import ChatDialect
from loopdeck.models.faults import Server
from loopdeck.models.listing import listed
from loopdeck.models.prices import PriceBook
from loopdeck.models.responses import ResponsesDialect
from loopdeck.models.served import Dialect, ServedModel
from loopdeck.models.vendors import SERVER_KEY
from loopdeck.models.wire import Wire
from loopdeck.ports import Delta, Model, ModelRequest, Reply

CHAT, RESPONSES, MESSAGES = "/chat/completions", "/responses", "/messages"
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, which of its models is meant, and its protocol where that is said."""

    base: str
    model: str
    protocol: str

    @property
    def host(self) -> str:
        """The server in words."""
        return urlsplit(self.base).netloc


def address_of(name: str) -> Address:
    """`URL#MODEL`; a URL that ends with the path of a protocol means that one. Raises."""
    url, _, model = name.partition("#")
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and name.isprintable() and not parts.query
        _ = parts.port
    except ValueError:
        fine = False
    if not fine:
        raise UnknownModel(
            f"That is not the address of a server: {url!r}.",
            "It looks like http://localhost:11434#qwen3, with the name of a model at its end.",
        )
    base = url.rstrip("/")
    protocol = next((each for each in (CHAT, RESPONSES, MESSAGES) if base.endswith(each)), "")
    base = base.removesuffix(protocol).rstrip("/")
    return Address(base if urlsplit(base).path else f"{base}/v1", model.strip(), protocol)


class AddressedModel:
    """Finds out with its first request which protocol the server speaks.

    Without a name it takes the only model that the server has.
    """

    def __init__(
        self,
        name: str,
        *,
        key: str = "",
        max_tokens: int = 16_000,
        prices: PriceBook | None = None,
        progress_timeout_s: float = 120.0,
    ) -> None:
        self._name = name
        self._at = address_of(name)
        self._key = key
        self._most = max_tokens
        self._prices = prices
        server = Server(
            f"The model server at {self._at.host}", SERVER_KEY, "its address", "Chat Completions"
        )
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._wire = Wire(f"{self._at.base}/", headers, server, progress_timeout_s)
        self._model: Model | None = None
        self._finding = asyncio.Lock()

    @property
    def name(self) -> str:
        """The name as the user typed it."""
        return self._name

    async def warm_up(self) -> None:
        """Load the client ahead of the first request; the event loop goes on meanwhile."""
        await self._wire.ready()

    async def close(self) -> None:
        """Close idle connections."""
        await self._wire.close()
        if self._model is not None:
            await self._model.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """Deltas, then one reply. Raises `ModelUnavailable` and `ModelRejected`."""
        model = await self._found()
        try:
            async with aclosing(model.stream(request)) as parts:
                async for part in parts:
                    yield part
            return
        except NothingThere:
            if self._at.protocol or not isinstance(model, ServedModel):
                raise
            other = self._messages(model.model)
            async with aclosing(_or_close(other, request)) as parts:
                async for part in parts:
                    yield part
            self._model = other

    async def _found(self) -> Model:
        async with self._finding:
            if self._model is None:
                name = self._at.model or await self._only()
                self._model = self._made(name)
            return self._model

    def _made(self, name: str) -> Model:
        if self._at.protocol == MESSAGES:
            return self._messages(name)
        dialect: Dialect = ChatDialect()
        if self._at.protocol == RESPONSES:
            dialect = ResponsesDialect()
        return ServedModel(
            self._name, name, self._wire, dialect, max_tokens=self._most, prices=self._prices
        )

    def _messages(self, name: str) -> AnthropicModel:
        return AnthropicModel(
            self._name,
            model=name,
            api_key=self._key or None,
            base_url=self._at.base.removesuffix("/v1"),
            max_tokens=self._most,
            prices=self._prices,
            progress_timeout_s=self._wire.patience_s,
        )

    async def _only(self) -> str:
        """The model of a server that has one."""
        names = [each.name for each in await listed(self._wire, "models")]
        if len(names) == 1:
            return names[0]
        some = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        raise ModelRejected(
            f"{self._wire.server.name} has {len(names)} models, and none was named.",
            f"Name one behind a #: {some}." if some else "Name one behind a #.",
        )


async def _or_close(model: Model, request: ModelRequest) -> AsyncGenerator[Delta | Reply]:
    """A first try: a model that fails is closed again."""
    try:
        async with aclosing(model.stream(request)) as parts:
            async for part in parts:
                yield part
    except ModelError:
        await model.close()
        raise
