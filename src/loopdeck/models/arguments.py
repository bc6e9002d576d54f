"""Arguments, names and ids of calls as a model wrote them, made safe to keep and to send back."""

import json
import re
from collections.abc import Callable
from typing import NoReturn, cast

from loopdeck.session.values import JsonObject

DEEPEST = 64  # a tool has no use for more, and recursion over stored values stays shallow
LONGEST_NAME = 100


def tidy(text: str) -> str:
    """The text with half characters replaced: they can be streamed, but not be stored."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse_arguments(raw: object) -> JsonObject:
    """The arguments of a call from its JSON or a decoded object. Raises `ValueError`."""
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    try:
        args: object = json.loads(text, parse_constant=_refuse)
        if not isinstance(args, dict) or not is_shallow(cast("object", args), DEEPEST):
            raise ValueError("arguments are one object that is not nested endlessly")
        if "\\u" in text or not text.isascii():
            # Half of a character may hide behind an escape: look at it written out.
            args = json.loads(tidy(json.dumps(args, ensure_ascii=False)))
    except RecursionError as error:
        raise ValueError("arguments are nested too deeply") from error
    return cast("JsonObject", args)


def is_shallow(value: object, levels: int) -> bool:
    """True when no more than `levels` lists and objects are inside each other."""
    if isinstance(value, dict):
        inner = list(cast("dict[str, object]", value).values())
    elif isinstance(value, list):
        inner = cast("list[object]", value)
    else:
        return True
    return levels > 0 and all(is_shallow(each, levels - 1) for each in inner)


def plain_name(given: str) -> str:
    """An id or a tool's name in the only characters that the server takes back."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", given)[:LONGEST_NAME]


def unique_id(given: str, is_taken: Callable[[str], bool]) -> str:
    """The id as the server takes it back, different from all that are taken."""
    base = plain_name(given) or "call"
    name, count = base, 1
    while is_taken(name):
        count += 1
        name = f"{base}-{count}"
    return name


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
