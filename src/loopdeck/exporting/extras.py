"""Takes values out of an `extra` that anybody may have written: of the right kind, or nothing."""

import json
from collections.abc import Mapping
from typing import Any, cast

from loopdeck.errors import CodecError
from loopdeck.session.codec import load_event, parse_ts
from loopdeck.session.events import Event

_LARGEST = 2**53


def dict_in(holder: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """An object, or an empty one."""
    value = (holder or {}).get(name)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def list_in(holder: Mapping[str, Any] | None, name: str) -> list[Any]:
    """A list, or an empty one."""
    value = (holder or {}).get(name)
    return cast("list[Any]", value) if isinstance(value, list) else []


def text_in(holder: Mapping[str, Any] | None, name: str) -> str:
    """A text, or an empty one."""
    value = (holder or {}).get(name)
    return value if isinstance(value, str) else ""


def int_in(holder: Mapping[str, Any] | None, name: str) -> int:
    """A whole number that is not negative, or 0."""
    value = (holder or {}).get(name)
    return value if type(value) is int and 0 <= value < _LARGEST else 0


def event_in(value: object) -> Event | None:
    """An event, if the value is one of this Loopdeck's."""
    try:
        return load_event(json.dumps(value)) if isinstance(value, dict) else None
    except (CodecError, ValueError, RecursionError):
        return None


def time_in(value: object) -> int | None:
    """A time in UTC nanoseconds."""
    try:
        return parse_ts(value) if isinstance(value, str) else None
    except ValueError:
        return None
