"""What is wrong in a file that somebody wrote, in words for them and not in those of a check."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WRONG = {  # what a check of ours is called -> what a person has to write
    "bool_type": "it has to be true or false",
    "dict_type": "it has to be a table of names and values",
    "extra_forbidden": "no such setting",
    "float_type": "it has to be a number",
    "int_type": "it has to be a whole number",
    "list_type": "it has to be a list, in square brackets",
    "missing": "it is missing",
    "model_type": "it has to be a table of names and values",
    "string_too_short": "it is empty",
    "string_type": "it has to be a text, in quotes",
}


def first_fault(error: "ValidationError") -> tuple["ErrorDetails", str, str]:
    """The first fault, where it is, and what is wrong there; no sentence yet, without its end."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return first, place, _said(first)


def _said(fault: "ErrorDetails") -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "literal_error" | "enum":
            return f"it has to be {context['expected']}"
        case "greater_than_equal":
            return f"it has to be {context['ge']} or more"
        case "greater_than":
            return f"it has to be more than {context['gt']}"
        case "less_than_equal":
            return f"it has to be {context['le']} or less"
        case kind:
            return _WRONG.get(kind, fault["msg"].removeprefix("Value error, "))
