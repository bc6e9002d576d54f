"""Takes the secrets out of an event before it is stored; who reads the log sees the same marks."""

from typing import Any, TypeVar, cast

from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.events import Event
from loopdeck.session.values import OpaqueBlock, ThinkingBlock, Value

V = TypeVar("V", bound=Value)

# What the program itself made and has to find again, and places it works in.
_EXACT = frozenset(
    {"type", "kind", "call_id", "ask_id", "grant_id", "binding", "policy", "tool", "model"}
    | {"workspace", "stop", "full_output", "signature"}
)


def redacted(event: Event, redactor: Redactor) -> Event:
    """The event with a mark in the place of each secret; itself where it holds none."""
    return _value(event, redactor)


def _value(value: V, redactor: Redactor) -> V:
    if isinstance(value, OpaqueBlock) and value.data.get("type") == "redacted_thinking":
        return value  # encrypted; the vendor takes it back only as it came
    changed: dict[str, Any] = {}
    for name, old in vars(value).items():
        if name in _EXACT:
            continue
        new = _any(old, redactor)
        if new is not old:
            changed[name] = new
    if not changed:
        return value
    if isinstance(value, ThinkingBlock):
        changed["signature"] = ""  # it no longer fits, and reasoning without one stays here
    return value.model_copy(update=changed)


def _any(value: Any, redactor: Redactor) -> Any:
    if type(value) is str:
        clean = redactor.clean(value)
        return value if clean == value else clean
    if isinstance(value, Value):
        return _value(value, redactor)
    if isinstance(value, (dict, list)):
        return redactor.clean_json(value)
    if isinstance(value, tuple):
        old = cast("tuple[Any, ...]", value)
        new = tuple(_any(item, redactor) for item in old)
        return new if any(a is not b for a, b in zip(old, new, strict=True)) else old
    return value
