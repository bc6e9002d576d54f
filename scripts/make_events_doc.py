"""Writes docs/events.md from the events package: `make docs`."""

import types
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from loopdeck.session.events import (
    Event,
    calls,
    guards,
    lifecycle,
    servers,
    services,
    standing,
    thinking,
)
from loopdeck.session.values import Value

TARGET = Path(__file__).parents[1] / "docs" / "events.md"
FAMILIES = (lifecycle, thinking, calls, guards, standing, servers, services)
PLAIN = {str: "text", int: "whole number", float: "number", bool: "yes or no", Any: "any JSON"}

HEAD = """\
# Events

A session is a list of these, numbered from 1 without a gap, and nothing else: every pane, prompt
and replay is made from it. An event is a fact in the past tense and is never edited; a later event
completes it. The set is closed: kinds are added, never renamed, and old recordings are lifted to
the current shape when they are read.

Exported, a record is one line of JSON, in which fields that are empty by default may be missing:

    {"session": "…", "seq": 12, "ts": "2026-11-23T04:05:06.789012Z", "mono": 81, "v": 1,
     "event": {"type": "…", …}}

`seq` is the only order. `ts` is UTC. `mono` is monotonic nanoseconds, comparable only within one
process.

*This page is made from the code by `make docs`.*
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    used: dict[str, type[Value]] = {}
    kinds: tuple[type[Value], ...] = get_args(get_args(Event)[0])
    for family in FAMILIES:
        parts.append(f"## {_first_line(family.__doc__).removesuffix('.')}\n")
        members = [kind for kind in kinds if kind.__module__ == family.__name__]
        parts += [_section(_type_name(kind), kind, used) for kind in members]
    parts.append("## Values inside events\n")
    done: set[str] = set()
    while waiting := sorted(used.keys() - done):
        done.add(waiting[0])
        parts.append(_section(waiting[0], used[waiting[0]], used))
    return "\n".join(parts)


def _section(title: str, model: type[Value], used: dict[str, type[Value]]) -> str:
    told = " ".join((model.__doc__ or "").split())
    fields = {name: info for name, info in model.model_fields.items() if name != "type"}
    lines = [f"### `{title}`\n\n{told}\n"]
    if fields:
        lines.append("| field | is | unless given |\n|---|---|---|")
        lines += [
            f"| `{name}` | {_words(info.annotation, used)} | {_default(info)} |"
            for name, info in fields.items()
        ]
        lines.append("")
    return "\n".join(lines)


def _words(kind: Any, used: dict[str, type[Value]]) -> str:
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _words(inner[0], used)
    if origin is Literal:
        return _choice(inner)
    if origin is dict:
        return "JSON object"
    if origin in (Union, types.UnionType):
        return " or ".join(_words(part, used) for part in inner if part is not type(None))
    if origin is tuple:
        many = inner[-1] is Ellipsis
        return f"list of {_words(inner[0], used)}" if many else f"{len(inner)} {PLAIN[inner[0]]}s"
    if issubclass(kind, Enum):
        return _choice(tuple(kind))
    used[kind.__name__] = kind
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def _choice(words: tuple[object, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**needed**"
    value: object = info.get_default(call_default_factory=True)
    if value in (None, "", (), {}) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type_name(kind: type[Value]) -> str:
    return str(kind.model_fields["type"].default)


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
