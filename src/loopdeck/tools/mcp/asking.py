"""A server's question to the human: asked one field at a time, answered by their own keys."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

from loopdeck.session.values import JsonObject
from loopdeck.visible import expose

DECLINE, SKIP = "decline", "skip"
MOST_FIELDS = 8
MOST_WORDS = 500
MOST_OPTIONS = 7

Ask = Callable[[str, Sequence[str]], Awaitable[str]]


async def filled(
    server: str, message: str, schema: Mapping[str, object], address: str, ask: Ask
) -> JsonObject | None:
    """What the human entered, as the form wants it; None where they declined."""
    head = f"The MCP server {server} asks: {_short(message)}"
    if address:
        answer = await ask(f"{head}\nOpen this yourself: {_short(address)}", ("done", DECLINE))
        return {} if answer == "done" else None
    fields = _mapping(schema.get("properties"))
    if not fields:
        return {} if await ask(head, ("accept", DECLINE)) == "accept" else None
    required = _names(schema.get("required"))
    if len(required) > MOST_FIELDS:
        return None
    content: JsonObject = {}
    for name in sorted(fields, key=lambda one: one not in required)[:MOST_FIELDS]:
        field = _mapping(fields[name])
        others = (DECLINE,) if name in required else (SKIP, DECLINE)
        answer = await ask(f"{head}\n{_label(name, field)}", (*_options(field), *others))
        if answer == SKIP and name not in required:
            continue
        value = _value(answer.strip(), field)
        if answer == DECLINE or value is None:
            return None
        content[name] = value
    return content


def _names(value: object) -> list[str]:
    return [str(one) for one in cast("list[object]", value)] if isinstance(value, list) else []


def _label(name: str, field: Mapping[str, object]) -> str:
    words = str(field.get("description") or field.get("title") or "")
    return f"{_short(name)}: {_short(words)}" if words else _short(name)


def _options(field: Mapping[str, object]) -> tuple[str, ...]:
    if field.get("type") == "boolean":
        return ("yes", "no")
    known = field.get("enum")
    if not isinstance(known, list):
        return ()
    words = [str(one) for one in cast("list[object]", known)]
    return tuple(word for word in words[:MOST_OPTIONS] if expose(word) == word)


def _value(answer: str, field: Mapping[str, object]) -> object:
    """The answer as the kind of value that is wanted; None if it is none."""
    try:
        match field.get("type"):
            case "boolean":
                return {"yes": True, "no": False}.get(answer.lower())
            case "integer":
                return int(answer)
            case "number":
                return float(answer)
            case "string" | None:
                return answer
            case _:
                return None  # a list or a form of its own
    except ValueError:
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _short(text: str) -> str:
    return expose(text)[:MOST_WORDS]
