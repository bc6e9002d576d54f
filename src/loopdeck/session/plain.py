"""Makes outside data storable: what cannot be JSON in UTF-8 would be lost, or break the log."""

import math
from typing import Any, cast

DEEPEST = 64  # JSON readers give up near 200; nothing a tool takes comes close to this
TOO_DEEP = "(nested too deep to keep)"


def plain_text(text: str) -> str:
    """The text with half characters (odd file names, hostile JSON) shown as U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def plain_json(value: Any, depth: int = 0) -> Any:
    """The value as it will be read back: lists for tuples, text for keys, null for NaN."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, (dict, list, tuple)):
        return value
    if depth == DEEPEST:
        return TOO_DEEP
    if isinstance(value, dict):
        items = cast("dict[object, Any]", value).items()
        return {plain_text(str(key)): plain_json(item, depth + 1) for key, item in items}
    return [plain_json(item, depth + 1) for item in cast("list[Any]", value)]
