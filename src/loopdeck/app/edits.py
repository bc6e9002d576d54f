"""The arguments of a call as fields to edit, and back: nothing is lost, nothing hides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from json import JSONDecodeError

from loopdeck.app.sanitize import sanitize
from loopdeck.session.values import JsonObject


@dataclass(frozen=True, slots=True)
class Field:
    """One argument: words as they are, or JSON where it is no text or has characters that hide."""

    name: str
    value: object
    text: str
    literal: bool

    @property
    def hint(self) -> str:
        """Why it stands there as JSON."""
        if not self.literal:
            return ""
        return "as JSON: it has hidden characters" if isinstance(self.value, str) else "as JSON"


def fields_of(args: JsonObject) -> tuple[Field, ...]:
    """Every argument as a field, in order."""
    return tuple(_field(name, value) for name, value in args.items())


def gather(fields: Sequence[Field], texts: Sequence[str]) -> JsonObject | str:
    """The arguments that the texts stand for, or the sentence that says what is wrong.

    An empty field of JSON leaves its argument out.
    """
    args: JsonObject = {}
    for field, text in zip(fields, texts, strict=True):
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
        was, now = _kind(field.value), _kind(value)
        if was != now and field.value is not None:
            return f"{_shown(field)} was {was}, and what stands there is {now}."
        args[field.name] = value
    return args


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
            return "a yes or no"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "nothing"
