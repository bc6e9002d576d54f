"""Puts a secret into every text of an event that is not one of a fixed set of words."""

from dataclasses import replace
from typing import Any, Literal, TypeVar, cast, get_origin

from loopdeck.session.records import Record
from loopdeck.session.values import Value

V = TypeVar("V", bound=Value)

KEY = "sk-" + "ant-api03-" + "Zz9Qq7Ww5Ee3Rr1Tt0Yy8Uu6"
VALUE = "correct horse battery"


def planted(record: Record, secret: str) -> Record:
    """The record with the secret in each of its texts."""
    return replace(record, event=_value(record.event, secret))


def _value(value: V, secret: str) -> V:
    changed: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        if get_origin(field.annotation) is not Literal:
            changed[name] = _any(getattr(value, name), secret)
    return value.model_copy(update=changed)


def _any(value: Any, secret: str) -> Any:
    if type(value) is str:
        return f"{value} {secret} "
    if isinstance(value, Value):
        return _value(value, secret)
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: _any(item, secret) for name, item in items} | {secret: [secret]}
    if isinstance(value, tuple):
        return tuple(_any(item, secret) for item in cast("tuple[Any, ...]", value))
    return value
