"""What can be searched for in an event: the words that people and models wrote, no bookkeeping."""

import json
import re
from collections.abc import Iterator
from typing import cast

from loopdeck.errors import CodecError
from loopdeck.journal.packing import unpack
from loopdeck.session.records import UNMARKED

TEXTS_VERSION = 1  # to be raised whenever another text comes out for an event
LONGEST = 100_000  # characters of one event: what comes after them is not found

_MACHINE = frozenset(
    {  # fields whose texts nobody looks for
        "answer",
        "app_version",
        "ask_id",
        "backend",
        "binding",
        "by",
        "call_id",
        "category",
        "data",
        "diff",
        "facts",
        "full_output",
        "grant_id",
        "grants",
        "initiative",
        "instructions",
        "kind",
        "model",
        "outcome",
        "policy",
        "preview",
        "reasons",
        "rule",
        "rules",
        "signature",
        "state",
        "stop",
        "stream",
        "type",
        "verdict",
        "verified",
    }
)
_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # would be one word with what they colour
_SILENT = frozenset({"call_judged", "call_asked", "call_started", "model_requested", *UNMARKED})


def searchable(stored: object) -> tuple[str, str]:
    """The kind of an event as it is stored, and its text; empty where there is none to find.

    Streamed pieces are left out: they come whole later.
    """
    try:
        event = json.loads(unpack(stored))
        kind = str(event["type"])
    except (CodecError, ValueError, TypeError, KeyError):
        return "", ""
    if kind in _SILENT:
        return kind, ""
    text = "\n".join(text for text in _strings(event) if text)[:LONGEST]
    return kind, _COLOURS.sub(" ", text) if "\x1b" in text else text


def _strings(value: object, machine: frozenset[str] = _MACHINE) -> Iterator[str]:
    """Every text in a value, in the order it stands there; arguments are the model's words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _strings(item, machine)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if key == "args":
                yield from _strings(item, frozenset())
            elif key not in machine:
                yield from _strings(item, machine)
