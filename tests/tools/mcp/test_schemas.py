"""A schema that a server made up spoils no request: what is wrong in it is left out."""

import pytest

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.schemas import MOST_DEPTH, NOTHING, harmless

TEXT: JsonObject = {"type": "string"}


def taking(**properties: object) -> JsonObject:
    """A schema with these arguments."""
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (taking(a={"type": "nonsense", "title": "A"}), taking(a={"title": "A"})),
        (taking(a={"type": ["string", "null"]}), taking(a={"type": ["string", "null"]})),
        (taking(a="text", b=True, c=None), taking(a={}, b=True, c={})),
        ({"type": "object", "properties": [1]}, NOTHING),
        ({**taking(a=TEXT), "required": ["a", "a"]}, taking(a=TEXT)),
        ({**taking(a=TEXT), "required": "a"}, taking(a=TEXT)),
        (taking(a={"enum": []}, b={"minLength": -1}), taking(a={}, b={})),
        (taking(a={"exclusiveMinimum": True, "type": "number"}), taking(a={"type": "number"})),
        (taking(a={"items": [TEXT], "type": "array"}), taking(a={"type": "array"})),
        (taking(a={"anyOf": []}, b={"anyOf": [TEXT, 3]}), taking(a={}, b={"anyOf": [TEXT, {}]})),
        ({**taking(a=TEXT), "oneOf": [{"required": ["a"]}]}, taking(a=TEXT)),
    ],
)
def test_what_is_no_schema_is_left_out_and_the_rest_stays(
    said: JsonObject, kept: JsonObject
) -> None:
    assert harmless(said) == kept


def test_an_argument_whose_name_no_vendor_takes_is_not_told() -> None:
    told = harmless(
        {**taking(**{"a b": TEXT, "c" * 65: TEXT, "d": TEXT}), "required": ["a b", "d"]}
    )
    assert told == {**taking(d=TEXT), "required": ["d"]}


def test_a_reference_leads_into_the_schema_itself_or_is_none() -> None:
    tree: JsonObject = {"type": "object", "properties": {"next": {"$ref": "#/$defs/tree"}}}
    whole = {**taking(a={"$ref": "#/$defs/tree"}, b={"$ref": "#"}), "$defs": {"tree": tree}}
    assert harmless(whole) == whole  # it leads back to itself, which is allowed
    for away in ("#/$defs/none", "https://evil.example/x", 7, "#/$defs/tree/type", "file:///etc"):
        assert harmless(taking(a={"$ref": away, "title": "A"})) == taking(a={"title": "A"})


@pytest.mark.parametrize("where", ["properties", "anyOf", "items", "not"])
def test_one_that_has_no_end_says_nothing(where: str) -> None:
    deep: JsonObject = dict(TEXT)
    for _ in range(2 * MOST_DEPTH):
        deep = {
            where: {"a": deep} if where == "properties" else [deep] if where == "anyOf" else deep
        }
    assert harmless(taking(a=deep)) == NOTHING
