"""A model behind a server, whatever protocol it speaks; the protocol's own part is a dialect."""

import asyncio
from collections.abc import AsyncGenerator, Container, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Protocol, cast

from loopdeck.errors import ModelError
from loopdeck.models.calls import object_of, objects_of, text_of
from loopdeck.models.faults import from_status, unreadable
from loopdeck.models.history import History, dump
from loopdeck.models.prices import PriceBook
from loopdeck.models.searching import Seeking
from loopdeck.models.vendors import maker_of
from loopdeck.models.wire import Refusal, Wire
from loopdeck.ports import Delta, ModelRequest, Reply, Turn
from loopdeck.session.values import JsonObject, Usage

REST_S = 0.5  # for the last bytes behind a complete reply, so that the connection is used again
IDLE = frozenset({"ping", "keepalive"})


@dataclass(frozen=True, slots=True)
class Body:
    """A request without its turns, the key that they go under, and what stands before them."""

    fields: JsonObject
    key: str
    head: Sequence[JsonObject] = ()


class Gatherer(Protocol):
    """Takes in the events of one answer, in order.

    Raises `ModelError` for nonsense, and `Refusal` for an error that came as an event.
    """

    @property
    def started(self) -> bool:
        """True once the answer has begun."""
        ...

    @property
    def finished(self) -> bool:
        """True once nothing more is needed."""
        ...

    @property
    def usage(self) -> Usage:
        """What the server has told so far of what the answer takes."""
        ...

    def take(self, event: JsonObject) -> list[Delta]:
        """One event; what it adds to the screen."""
        ...

    def reply(self) -> Reply:
        """The complete reply; its cost is for the caller to add."""
        ...


class Dialect(Protocol):
    """What is peculiar to one protocol. A new one for each model, since it may remember turns.

    `extras` are parts of the body that a server may refuse; each is known by a word that the
    refusal holds.
    """

    @property
    def extras(self) -> Mapping[str, JsonObject]:
        """What is asked for unless the server does not know it."""
        ...

    @property
    def searches(self) -> bool:
        """Whether the protocol has a search of the web that a request may allow."""
        ...

    def path(self, model: str) -> str:
        """Where requests go."""
        ...

    def turn(self, turn: Turn) -> list[JsonObject]:
        """A turn as it is sent."""
        ...

    def body(self, model: str, request: ModelRequest, most: int) -> Body:
        """All but the turns."""
        ...

    def gatherer(self, earlier_ids: Container[str]) -> Gatherer:
        """What reads one answer."""
        ...


class ServedModel:
    """One model on one server. Never retries by itself: that is for whoever asked."""

    def __init__(
        self,
        name: str,
        model: str,
        wire: Wire,
        dialect: Dialect,
        *,
        max_tokens: int = 16_000,
        prices: PriceBook | None = None,
        seller: str | None = None,
    ) -> None:
        self._name = name
        self._model = model
        self._wire = wire
        self._dialect = dialect
        self._most = max_tokens
        self._prices = prices or PriceBook()
        self._seller = seller
        self._extras = dict(dialect.extras)
        self._seeking = Seeking(can=dialect.searches)
        maker = maker_of(name)
        self._history = History(dialect.turn, lambda by: maker_of(by) == maker)

    @property
    def name(self) -> str:
        """The name as the user typed it."""
        return self._name

    @property
    def model(self) -> str:
        """The name that the server knows it by."""
        return self._model

    async def warm_up(self) -> None:
        """Load the client ahead of the first request; the event loop goes on meanwhile."""
        await self._wire.ready()

    async def close(self) -> None:
        """Close idle connections."""
        await self._wire.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """Deltas, then one reply. Raises `ModelUnavailable` and `ModelRejected`."""
        await self._wire.ready()
        pricing = asyncio.ensure_future(self._load_prices())
        try:
            while True:
                body = self._body(request)  # first: the ids of its calls are not used again
                answer = self._dialect.gatherer(self._history.call_ids)
                try:
                    async with aclosing(self._deltas(body, answer)) as deltas:
                        async for delta in deltas:
                            if delta.usage is not None:
                                await pricing
                                cost = self._prices.cost(self._model, delta.usage, self._seller)
                                delta = replace(delta, cost_usd=cost)
                            yield delta
                except Refusal as refusal:
                    said = said_in(refusal.body)
                    if not self._seeking.is_refused(request, refusal.status, said):
                        self._leave_out(refusal)
                else:
                    break
            reply = answer.reply()
            await pricing
        finally:
            pricing.cancel()
        window = self._prices.window(self._model, self._seller)
        cost = self._prices.cost(self._model, reply.usage, self._seller)
        yield replace(
            reply,
            cost_usd=self._prices.with_searches(cost, len(reply.searches)),
            window=window,
            detail=reply.detail or self._seeking.said(request),
        )

    async def _deltas(self, body: bytes, answer: Gatherer) -> AsyncGenerator[Delta]:
        wire, loop = self._wire, asyncio.get_running_loop()
        deadline, told = loop.time() + wire.patience_s, Usage()
        async with wire.post(self._dialect.path(self._model), body, deadline) as events:
            while not answer.finished:
                event = await wire.next(events, deadline)
                if event is None:
                    break
                if event.get("error"):
                    raise Refusal(200, event, {})
                if event.get("type") not in IDLE:
                    deadline = loop.time() + wire.patience_s
                for delta in answer.take(event):
                    yield delta
                if answer.usage != told:
                    told = answer.usage
                    yield Delta("text", "", told)
            else:
                with suppress(ModelError):
                    await wire.next(events, loop.time() + REST_S)
        if not answer.started:
            raise unreadable(wire.server)

    def _body(self, request: ModelRequest) -> bytes:
        request = replace(request, search=self._seeking.wanted(request))
        made = self._dialect.body(self._model, request, min(request.max_tokens, self._most))
        fields = dict(made.fields)
        for extra in self._extras.values():
            for part, value in extra.items():
                fields[part] = _joined(fields.get(part), value)
        head = b"".join(dump(each) + b"," for each in made.head)
        turns = self._history.encode(request.turns)
        return dump(fields)[:-1] + b',"%b":[%b%b}' % (made.key.encode(), head, turns[1:])

    def _leave_out(self, refusal: Refusal) -> None:
        """Go on without the extra that the server does not know. Raises for any other refusal."""
        error = object_of(refusal.body, "error")
        words = f"{text_of(error, 'param')} {said_in(refusal.body)}".lower()
        unknown = next((word for word in self._extras if word in words), None)
        if unknown is None or refusal.status not in (400, 422):
            raise self._fault(refusal.status, refusal.body, refusal.headers) from refusal
        del self._extras[unknown]

    def _fault(self, status: int, body: JsonObject, headers: Mapping[str, str]) -> ModelError:
        return from_status(
            status,
            kind_in(body),
            said_in(body),
            {**headers, "retry-after": pause} if (pause := pause_in(body)) else headers,
            server=self._wire.server,
            model=self._model,
        )

    async def _load_prices(self) -> None:
        if self._seller is not None and not self._prices.is_ready(self._model):
            await asyncio.to_thread(self._prices.warm_up)


def _joined(old: object, new: object) -> object:
    """An extra beside what the body says under the same name."""
    match old, new:
        case dict(), dict():
            return cast("JsonObject", old) | cast("JsonObject", new)
        case list(), list():
            return [*cast("list[object]", old), *cast("list[object]", new)]
        case _:
            return new


def kind_in(body: JsonObject) -> str:
    """The server's word for an error."""
    error = object_of(body, "error")
    details = error.get("details")
    if "API_KEY_INVALID" in str(details):
        return "API_KEY_INVALID"
    words = (text_of(error, key) for key in ("code", "status", "type"))
    return next(filter(None, words), "")


def pause_in(body: JsonObject) -> str:
    """The pause in seconds that one vendor asks for inside of the error."""
    delays = (
        text_of(each, "retryDelay") for each in objects_of(object_of(body, "error"), "details")
    )
    return next(filter(None, delays), "").removesuffix("s")


def said_in(body: JsonObject) -> str:
    """What the server said about an error, if it said it in a form that is understood."""
    inner = object_of(body, "error")
    words = (text_of(inner, "message"), *(text_of(body, key) for key in ("error", "detail")))
    return next(filter(None, words), text_of(body, "message"))
