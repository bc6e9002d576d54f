"""A server's question to the human: a form, an address or a yes, answered by their own keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from loopdeck.session.forms import FormField, Kind, filled, typed
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.things import short
from loopdeck.visible import expose

ACCEPT, DONE, DECLINE, CANCEL = "accept", "done", "decline", "cancel"
MOST_FIELDS = 20
MOST_WORDS = 500
MOST_OPTIONS = 50
TRIES = 3  # of a form that comes back with something else than was asked for
NOBODY = "The server {server} asked for something, and nobody is here to answer: declined.\n"
_KINDS: dict[object, Kind] = {
    None: "text",
    "string": "text",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}


class Ask(Protocol):
    """Calls the human, and waits."""

    async def __call__(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """What they answered: an option, or words."""
        ...


@dataclass(frozen=True, slots=True)
class Elicited:
    """What the server is told: the human's content only where they accepted."""

    action: Literal["accept", "decline", "cancel"] = "decline"
    content: JsonObject | None = None


async def elicited(
    server: str, message: str, schema: Mapping[str, object], address: str, ask: Ask
) -> Elicited:
    """What the human answered. An address is shown and never opened."""
    head = f"The MCP server {server} asks: {_short(message)}"
    if address:
        words = f"{head}\n\nLoopdeck opens nothing. If you trust it, open this yourself:\n"
        return _plain(await ask(f"{words}{_short(address)}", (DONE, DECLINE, CANCEL)))
    fields = fields_of(schema)
    if fields is None:
        return Elicited()
    if not fields:
        return _plain(await ask(head, (ACCEPT, DECLINE, CANCEL)))
    fault = ""
    for _ in range(TRIES):
        text = f"{head}\n\nThat could not be sent. {fault}" if fault else head
        answer = await ask(text, (DECLINE, CANCEL), fields)
        if answer in (DECLINE, CANCEL):
            return _plain(answer)
        content = filled(fields, typed(fields, answer))
        if not isinstance(content, str):
            return Elicited("accept", content)
        fault = content
    return Elicited()


def fields_of(schema: Mapping[str, object]) -> tuple[FormField, ...] | None:
    """The fields of a form; `None` for one that nobody could fill in."""
    needed = _names(schema.get("required"))
    fields: list[FormField] = []
    for name, shape in _mapping(schema.get("properties")).items():
        field = _field(name, _mapping(shape), required=name in needed)
        if field is not None:
            fields.append(field)
        elif name in needed:
            return None
    fields.sort(key=lambda field: not field.required)
    some = tuple(fields[:MOST_FIELDS])
    return some if set(needed) <= {field.name for field in some} else None


def _plain(answer: str) -> Elicited:
    if answer in (ACCEPT, DONE):
        return Elicited("accept", {})
    return Elicited("cancel") if answer == CANCEL else Elicited()


def _field(name: str, shape: Mapping[str, object], *, required: bool) -> FormField | None:
    """None for what is no plain value, and for a name that hides something."""
    many = shape.get("type") == "array"
    pairs = _options(_mapping(shape.get("items")) if many else shape)
    kind = _KINDS.get(shape.get("type"))
    if many or pairs:
        kind = "choices" if many else "choice"
    if kind is None or short(name) != name or (many and not pairs):
        return None
    least, most = ("minItems", "maxItems") if many else ("minimum", "maximum")
    if kind == "text":
        least, most = "minLength", "maxLength"
    return FormField(
        name=name,
        words=_short(str(shape.get("description") or shape.get("title") or "")),
        kind=kind,
        options=tuple(value for value, _ in pairs),
        titles=tuple(title for _, title in pairs),
        form=_short(str(shape.get("format") or "")) if kind == "text" else "",
        required=required,
        preset=_preset(shape.get("default")),
        least=_bound(shape.get(least)),
        most=_bound(shape.get(most)),
    )


def _options(shape: Mapping[str, object]) -> list[tuple[str, str]]:
    """What may be chosen, each with what is read for it; nothing that hides something."""
    named = [_mapping(one) for one in _list(shape.get("oneOf") or shape.get("anyOf"))]
    pairs = [(str(one.get("const", "")), str(one.get("title", ""))) for one in named]
    values = [str(one) for one in _list(shape.get("enum"))]
    titles = [str(one) for one in _list(shape.get("enumNames"))]
    pairs += zip(values, titles if len(titles) == len(values) else values, strict=True)
    clean = [(value, title or value) for value, title in pairs if value and "," not in value]
    return [(value, _short(title)) for value, title in clean if expose(value) == value][
        :MOST_OPTIONS
    ]


def _preset(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return _short(str(value))
        case list():
            return ", ".join(_short(str(one)) for one in cast("list[object]", value))
        case _:
            return ""


def _bound(value: object) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(cast("float", value)) if plain else None


def _names(value: object) -> list[str]:
    return [str(one) for one in _list(value)]


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _short(text: str) -> str:
    return expose(text)[:MOST_WORDS]
