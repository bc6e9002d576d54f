"""What every answer is read with: calls that were written whole, counts, texts and objects."""

from collections.abc import Container, Mapping
from typing import cast

from loopdeck.errors import ModelUnavailable
from loopdeck.models.arguments import parse_arguments, plain_name, unique_id
from loopdeck.ports import ToolUse
from loopdeck.session.values import JsonObject

MOST_TOKENS = 10**12  # beyond any real count, and what a database can still hold
NAMELESS = "unnamed"  # an empty name could not be sent back
UNREAD = (
    "This call was malformed and did not run: {why}. "
    "Write it again: the name of a tool, and its arguments as one JSON object."
)


class Calls:
    """The calls of one reply. Some servers number those of each reply from zero, or not at all."""

    def __init__(self, earlier_ids: Container[str] = ()) -> None:
        self._earlier_ids = earlier_ids
        self._ids: set[str] = set()

    def made(
        self, name: str, call_id: str, raw: object, *, whole: bool, stop: str
    ) -> tuple[ToolUse, ...]:
        """The call, or nothing if it was cut and would not run.

        One that cannot be read has a `fault`: it alone fails, and the model hears why.
        """
        tool, args, fault = plain_name(name), dict[str, object](), ""
        try:
            if not tool or not whole:
                raise ValueError("it has no end" if tool else "it names no tool")
            args = parse_arguments(raw or {})
            if not args and not isinstance(raw, str) and stop != "tool_use":
                raise ValueError("cut before its arguments began")
        except ValueError as error:
            if stop != "tool_use":
                return ()  # cut in the middle, and it would not run anyway
            fault = UNREAD.format(why=error)
        taken = unique_id(call_id, self._is_taken)
        self._ids.add(taken)
        return (ToolUse(taken, tool or NAMELESS, args, fault),)

    def _is_taken(self, call_id: str) -> bool:
        return call_id in self._ids or call_id in self._earlier_ids


def malformed() -> ModelUnavailable:
    """The error for a reply whose call the server itself could not read, and left out."""
    return ModelUnavailable("The model wrote a malformed call.", "Nothing of the reply was run.")


def object_of(data: Mapping[str, object], key: str) -> JsonObject:
    """The object under a key; empty where there is something else."""
    value = data.get(key)
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def objects_of(data: Mapping[str, object], key: str) -> list[JsonObject]:
    """The objects in the list under a key."""
    value = data.get(key)
    if not isinstance(value, list):
        return []
    items = cast("list[object]", value)
    return [cast("JsonObject", item) for item in items if isinstance(item, dict)]


def text_of(data: Mapping[str, object], key: str) -> str:
    """The text under a key; empty where there is something else."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def count_of(data: Mapping[str, object], key: str) -> int | None:
    """The count under a key, within reason."""
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return min(max(value, 0), MOST_TOKENS)
