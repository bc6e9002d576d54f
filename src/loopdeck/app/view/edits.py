"""The arguments of a call as fields to edit, and back: nothing is lost, nothing hides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from typing import cast

from loopdeck.app.sanitize import sanitize
from loopdeck.session.values import JsonObject

_KINDS = {
    "string": "a text",
    "integer": "a number",
    "number": "a number",
    "boolean": "a yes or no",
    "array": "a list",
    "object": "a table",
}
"""What a value is called, by its type in a JSON schema."""


@dataclass(frozen=True, slots=True)
class Field:
    """One argument: words as they are, or JSON where it is no text or has characters that hide.

    `missing` is what an argument would be that the call does not have.
    """

    name: str
    value: object
    text: str
    literal: bool
    missing: str = ""

    @property
    def hint(self) -> str:
        """What it is, where that is not plain: not given, or why it stands there as JSON."""
        if self.missing:
            words = "true or false" if self.missing == _KINDS["boolean"] else self.missing
            return f"not given · {words}"
        if not self.literal:
            return ""
        return "as JSON: it has hidden characters" if isinstance(self.value, str) else "as JSON"


def fields_of(args: JsonObject) -> tuple[Field, ...]:
    """Every argument as a field, in order."""
    return tuple(_field(name, value) for name, value in args.items())


def missing_fields(args: JsonObject, schema: JsonObject) -> tuple[Field, ...]:
    """What the tool also takes and the call does not give, each empty."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ()
    known = cast("JsonObject", properties)
    return tuple(_missing(name, known[name]) for name in known if name not in args)


def gather(fields: Sequence[Field], texts: Sequence[str]) -> JsonObject | str:
    """The arguments that the texts stand for, or the sentence that says what is wrong.

    An empty field of JSON, or one that was not given, leaves its argument out.
    """
    args: JsonObject = {}
    for field, text in zip(fields, texts, strict=True):
        if field.missing and not text:
            continue
        if not field.literal:
            args[field.name] = text
            continue
        if not text.strip():
            continue
        try:
            value: object = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            known = isinstance(error, JSONDecodeError)
            where = f": line {error.lineno}, column {error.colno}" if known else ""
            return f"{_shown(field)} is not JSON{where}."
        if fault := _fault(field, _kind(value)):
            return f"{_shown(field)} {fault}."
        args[field.name] = value
    return args


def _fault(field: Field, now: str) -> str:
    """What is wrong with a value of this kind; empty for nothing."""
    if field.missing:
        wrong = field.missing in _KINDS.values() and now != field.missing
        return f"is {field.missing}, and what stands there is {now}" if wrong else ""
    was = _kind(field.value)
    if was == now or field.value is None:
        return ""
    return f"was {was}, and what stands there is {now}"


def _missing(name: str, schema: object) -> Field:
    shape = cast("JsonObject", schema) if isinstance(schema, dict) else {}
    choices = shape.get("anyOf")
    shapes = cast("list[object]", choices) if isinstance(choices, list) else [shape]
    types = [cast("JsonObject", one).get("type") for one in shapes if isinstance(one, dict)]
    kinds = {_KINDS.get(str(kind), "JSON") for kind in types if kind != "null"}
    words = kinds.pop() if len(kinds) == 1 else "JSON"
    return Field(name, None, "", literal=words != _KINDS["string"], missing=words)


def _field(name: str, value: object) -> Field:
    if isinstance(value, str) and _is_clean(value):
        return Field(name, value, value, literal=False)
    # What hides is written as an escape, so that it can be seen, kept and taken out.
    raw = json.dumps(value, ensure_ascii=False, indent=2)
    text = raw if _is_clean(raw) else json.dumps(value, ensure_ascii=True, indent=2)
    return Field(name, value, text.replace("\x7f", "\\u007f"), literal=True)


def _is_clean(text: str) -> bool:
    flat = text.replace("\t", " ")
    return sanitize(flat) == flat


def _no_number(name: str) -> object:
    raise ValueError(name)  # NaN and the infinities are no JSON


def _shown(field: Field) -> str:
    return f"“{sanitize(field.name, lines=False)}”"


def _kind(value: object) -> str:
    match value:
        case bool():
            return _KINDS["boolean"]
        case int() | float():
            return _KINDS["number"]
        case str():
            return _KINDS["string"]
        case list():
            return _KINDS["array"]
        case dict():
            return _KINDS["object"]
        case _:
            return "nothing"
