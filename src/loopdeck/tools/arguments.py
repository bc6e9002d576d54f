"""Arguments of tools: their schema for the model, and what was wrong with a call's."""

from copy import deepcopy
from typing import Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject


class Arguments(BaseModel):
    """Base of every tool's arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def parse(cls, tool: str, args: JsonObject) -> Self:
        """Validate a call's arguments. Raises `ToolError` that names each fault."""
        try:
            return cls.model_validate(args)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(str(part) for part in fault['loc']) or 'arguments'}: "
                f"{fault['msg'][0].lower()}{fault['msg'][1:]}"
                for fault in error.errors(include_url=False, include_input=False)[:8]
            )
            known = ", ".join(_named(cls))
            raise ToolError(
                f"Wrong arguments for {tool}: {faults}. It takes {known}. Nothing ran."
            ) from error


def schema_of(arguments: type[Arguments]) -> JsonObject:
    """The JSON schema as the model should see it: no titles, nothing by reference."""
    raw = arguments.model_json_schema()
    shared = cast("JsonObject", raw.pop("$defs", {}))
    raw.pop("description", None)  # our docstring; the tool has a description of its own
    return cast("JsonObject", _clean(raw, shared))


def _named(arguments: type[Arguments]) -> list[str]:
    return [
        name if info.is_required() else f"{name} (optional)"
        for name, info in arguments.model_fields.items()
    ]


def _clean(node: object, shared: JsonObject, *, names: bool = False) -> object:
    """`names` is true inside `properties`, where a key is a field's name and not a keyword."""
    if isinstance(node, list):
        return [_clean(item, shared) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    node = cast("JsonObject", node)
    reference = node.get("$ref")
    if isinstance(reference, str):
        rest = {key: value for key, value in node.items() if key != "$ref"}
        node = {**deepcopy(cast("JsonObject", shared[reference.rsplit("/", 1)[1]])), **rest}
    dropped = set[str]() if names else {"title"}
    return {
        key: _clean(value, shared, names=key == "properties" and not names)
        for key, value in node.items()
        if key not in dropped
    }
