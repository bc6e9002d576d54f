"""Which models a server says it has; three vendors, three shapes, one list."""

from dataclasses import dataclass

from loopdeck.errors import ModelError
from loopdeck.models.arguments import tidy
from loopdeck.models.calls import count_of, object_of, objects_of, text_of
from loopdeck.models.faults import from_status
from loopdeck.models.served import kind_in, said_in
from loopdeck.models.wire import Refusal, Wire
from loopdeck.session.values import JsonObject

LIST_S = 5.0
WINDOWS = ("context_length", "max_model_len", "inputTokenLimit", "max_input_tokens")


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that a server has; its context size is 0 where the server does not say."""

    name: str
    window: int = 0


async def listed(wire: Wire, path: str, *, within_s: float = LIST_S) -> list[Listed]:
    """The models behind a path. Raises `ModelError`."""
    try:
        body = await wire.get(path, within_s=within_s)
    except Refusal as refusal:
        raise _fault(refusal, wire) from refusal
    found = [_read(each) for each in (*objects_of(body, "data"), *objects_of(body, "models"))]
    return sorted({each.name: each for each in found if each.name}.values(), key=lambda m: m.name)


def _read(entry: JsonObject) -> Listed:
    name = text_of(entry, "id") or text_of(entry, "name").removeprefix("models/")
    sizes = [count_of(entry, key) for key in WINDOWS]
    sizes.append(count_of(object_of(entry, "meta"), "n_ctx_train"))
    plain = "".join(each for each in tidy(name) if each.isprintable())
    return Listed(plain, next(filter(None, sizes), 0) or 0)


def _fault(refusal: Refusal, wire: Wire) -> ModelError:
    kind, said = kind_in(refusal.body), said_in(refusal.body)
    return from_status(refusal.status, kind, said, refusal.headers, server=wire.server, model="any")
