"""A form that somebody else asks a human to fill in: its fields, and what may stand in them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal, assert_never, cast

from loopdeck.session.values import JsonObject, Value

Kind = Literal["text", "number", "integer", "boolean", "choice", "choices"]
YES, NO = "yes", "no"
_WORDS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "date-time": re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}\S*"),
}
_SHAPES = {
    "email": "an e-mail address",
    "uri": "an address with its scheme",
    "date": "a date as in 2026-01-31",
    "date-time": "a date and time as in 2026-01-31T09:30",
}


class FormField(Value):
    """One thing that is asked for. `options` are what is sent, `titles` what people read for them.

    `least` and `most` bound a number, the length of a text, or how many of the options are taken.
    """

    name: str
    words: str = ""
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    form: str = ""
    required: bool = False
    preset: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """The options as people read them."""
        return self.titles if len(self.titles) == len(self.options) else self.options

    @property
    def wants(self) -> str:
        """What has to stand in it, in words."""
        kinds = {"number": "a number", "integer": "a whole number", "boolean": "yes or no"}
        match self.kind:
            case "choice":
                what = "one of: " + ", ".join(self.shown)
            case "choices":
                what = "any of, with commas between: " + ", ".join(self.shown)
            case "text":
                what = _SHAPES.get(self.form, "text")
            case _:
                what = kinds[self.kind]
        return what + self._bounds()

    def _bounds(self) -> str:
        least, most = self.least, self.most
        unit = {"text": " characters", "choices": " of them"}.get(self.kind, "")
        if least is not None and most is not None:
            return f", {least:g} to {most:g}{unit}"
        if least is not None:
            return f", at least {least:g}{unit}"
        return f", at most {most:g}{unit}" if most is not None else ""


def filled(fields: Sequence[FormField], texts: Mapping[str, str]) -> JsonObject | str:
    """What the texts of a form stand for; a sentence where one of them is not what is wanted."""
    content: JsonObject = {}
    for field in fields:
        text = texts.get(field.name, "").strip()
        if not text:
            if field.required:
                return f"“{field.name}” has to be filled in: {field.wants}."
            continue
        value = _value(field, text)
        if value is None or not _is_within(field, value):
            return f"“{field.name}” wants {field.wants}."
        content[field.name] = value
    return content


def as_text(texts: Mapping[str, str]) -> str:
    """The texts as one answer, which `typed` takes apart again: lines, or JSON where they break."""
    given = {name: text.strip() for name, text in texts.items() if text.strip()}
    if any("\n" in text or ":" in name for name, text in given.items()):
        return json.dumps(given, ensure_ascii=False)
    return "\n".join(f"{name}: {text}" for name, text in given.items())


def typed(fields: Sequence[FormField], text: str) -> Mapping[str, str]:
    """The texts in an answer that was typed as one: JSON, or `name: words` for each.

    They stand on lines of their own, or with semicolons between.
    """
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return {name: _text(value) for name, value in cast("JsonObject", data).items()}
    found: dict[str, str] = {}
    names = "|".join(re.escape(field.name) for field in fields)
    for line in re.split(rf"(?:\n|;)\s*(?=(?:{names})\s*:)", text):
        name, sign, words = line.partition(":")
        if sign and any(field.name == name.strip() for field in fields):
            found[name.strip()] = words
    return found or ({fields[0].name: text} if len(fields) == 1 else {})


def _text(value: object) -> str:
    match value:
        case bool():
            return YES if value else NO
        case list():
            return ", ".join(map(_text, cast("list[object]", value)))
        case _:
            return str(value)


def _value(field: FormField, text: str) -> object:
    """None for what is no such value."""
    match field.kind:
        case "text":
            shape = _WORDS.get(field.form)
            return text if shape is None or shape.fullmatch(text) else None
        case "boolean":
            return {YES: True, NO: False, "true": True, "false": False}.get(text.lower())
        case "integer" | "number":
            return _number(text, whole=field.kind == "integer")
        case "choice":
            return _option(field, text)
        case "choices":
            found = [_option(field, one.strip()) for one in text.split(",") if one.strip()]
            return None if None in found else list(dict.fromkeys(found))
        case _:
            assert_never(field.kind)


def _number(text: str, *, whole: bool) -> float | None:
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None  # neither infinite nor no number at all


def _option(field: FormField, text: str) -> str | None:
    pairs = zip(field.options, field.shown, strict=True)
    return next((one for one, shown in pairs if text in (one, shown)), None)


def _is_within(field: FormField, value: object) -> bool:
    size = len(cast("Sequence[object]", value)) if isinstance(value, str | list) else value
    if field.kind in ("boolean", "choice") or not isinstance(size, int | float):
        return True
    low = field.least is None or size >= field.least
    return low and (field.most is None or size <= field.most)
