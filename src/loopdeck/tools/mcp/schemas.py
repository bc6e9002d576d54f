"""What a server says a tool takes, made harmless: one schema that is none would spoil a request.

A vendor refuses a whole request for a fault in one tool's schema, so a server that lies in its own
would end the run. What is wrong is left out: the server checks what it is called with anyway.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import cast

from loopdeck.session.values import JsonObject
from loopdeck.visible import expose

MOST_SCHEMA = 20_000
MOST_DEPTH = 16
NOTHING: JsonObject = {"type": "object"}
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # what every vendor takes as the name of an argument
_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
_CHOICES = {"anyOf", "oneOf", "allOf"}  # which vendors take anywhere but at the top
_LISTS = _CHOICES | {"prefixItems"}
_NAMED = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_INNER = {"items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"}


def harmless(schema: Mapping[str, object]) -> JsonObject:
    """The schema with its texts made visible; one that is too large or deep says nothing."""
    try:
        if len(json.dumps(schema)) > MOST_SCHEMA or schema.get("type") != "object":
            return dict(NOTHING)
        seen = cast("JsonObject", _visible(schema, 0))
        return _top(cast("JsonObject", _mended(seen, seen)))
    except (ValueError, TypeError, RecursionError):
        return dict(NOTHING)


def _visible(value: object, depth: int) -> object:
    if depth > MOST_DEPTH:
        raise ValueError("too deep")
    match value:
        case str():
            return expose(value)
        case dict():
            known = cast("dict[str, object]", value)
            if any(expose(key) != key for key in known):
                raise ValueError("a name that hides something")
            return {key: _visible(one, depth + 1) for key, one in known.items()}
        case list():
            return [_visible(one, depth + 1) for one in cast("list[object]", value)]
        case _:
            return value


def _top(schema: JsonObject) -> JsonObject:
    """Without what no vendor takes at the top, and arguments whose names they do not take."""
    plain = {key: one for key, one in schema.items() if key not in _CHOICES}
    if "properties" in plain:
        given: JsonObject = plain["properties"]
        taken = {name: one for name, one in given.items() if _KEY.fullmatch(name)}
        plain["properties"] = taken
        if "required" in plain:
            plain["required"] = [name for name in plain["required"] if name in taken]
    return plain


def _mended(schema: object, whole: JsonObject) -> object:
    """Without whatever in it is no schema, or leads to none."""
    if not isinstance(schema, dict):
        return schema if isinstance(schema, bool) else {}
    known = cast("JsonObject", schema)
    return {key: _part(key, one, whole) for key, one in known.items() if _fits(key, one, whole)}


def _part(key: str, value: object, whole: JsonObject) -> object:
    if key in _NAMED:
        return {name: _mended(one, whole) for name, one in cast("JsonObject", value).items()}
    if key in _LISTS:
        return [_mended(one, whole) for one in cast("list[object]", value)]
    return _mended(value, whole) if key in _INNER else value


def _fits(key: str, value: object, whole: JsonObject) -> bool:
    """Whether a word of a schema can stand beside this."""
    if key in _NAMED:
        return isinstance(value, dict)
    if key in _LISTS:
        return _is_list(value)
    if key in _INNER:
        return isinstance(value, dict | bool)
    if key == "$ref":
        return _leads_somewhere(whole, value)
    return _RIGHT[key](value) if key in _RIGHT else True


def _leads_somewhere(whole: JsonObject, address: object) -> bool:
    """Whether a reference is to a part of this very schema."""
    if not isinstance(address, str) or not address.startswith("#"):
        return False
    here: JsonObject | None = whole
    for part in address.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        inner: object = here.get(name) if here is not None else None
        here = cast("JsonObject", inner) if isinstance(inner, dict) else None
    return here is not None


def _is_type(value: object) -> bool:
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and name in _TYPES for name in names)


def _is_names(value: object) -> bool:
    names = cast("list[object]", value) if isinstance(value, list) else [None]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(cast("list[object]", value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_RIGHT: Mapping[str, Callable[[object], bool]] = {
    "type": _is_type,
    "required": _is_names,
    "enum": _is_list,
    **dict.fromkeys(("title", "description", "format", "pattern", "$id", "$schema"), _is_text),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_count),
}
