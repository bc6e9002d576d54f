"""The fake server refuses what the real one refuses, and takes what it takes."""

import pytest

from loopdeck.session.values import JsonObject
from tests.support.api_rules import objections

ASKS: JsonObject = {"role": "user", "content": "Tidy up."}
CALLS: JsonObject = {
    "role": "assistant",
    "content": [
        {"type": "text", "text": "Next."},
        {"type": "tool_use", "id": "c1", "name": "look", "input": {}},
        {"type": "tool_use", "id": "c2", "name": "look", "input": {}},
    ],
}
FIRST: JsonObject = {"type": "tool_result", "tool_use_id": "c1", "content": "one"}
SECOND: JsonObject = {"type": "tool_result", "tool_use_id": "c2", "content": "two"}
WORDS: JsonObject = {"type": "text", "text": "And hurry."}


def told(*blocks: JsonObject) -> JsonObject:
    return {"role": "user", "content": list(blocks)}


def body(*messages: JsonObject) -> JsonObject:
    return {"model": "fake", "max_tokens": 10, "messages": list(messages), "tools": []}


def test_a_conversation_in_order_is_taken():
    assert objections(body(ASKS)) == []
    assert objections(body(ASKS, CALLS, told(FIRST, SECOND, WORDS))) == []


REFUSED: list[tuple[list[JsonObject], str]] = [
    ([], "at least one message"),
    ([CALLS, told(FIRST, SECOND)], "the first must be the user's"),
    ([ASKS, CALLS], "no tool_result for c1"),
    ([ASKS, CALLS, told(FIRST)], "no tool_result for c2"),
    ([ASKS, CALLS, told(WORDS, FIRST, SECOND)], "must come first"),
    ([ASKS, CALLS, told(FIRST, FIRST, SECOND)], "two results for c1"),
    ([ASKS, told(FIRST)], "no tool_use for result c1"),
    ([ASKS, CALLS, told(FIRST, SECOND), CALLS, told(FIRST, SECOND)], "c1 is not unique"),
    ([ASKS, {"role": "assistant", "content": []}, ASKS], "content is empty"),
    ([told({"type": "text", "text": " \n"})], "a text without words"),
    ([ASKS, {"role": "assistant", "content": "Well"}], "the last must be the user's"),
    ([{"role": "system", "content": "x"}, ASKS], "role 'system'"),
]


@pytest.mark.parametrize(("messages", "said"), REFUSED)
def test_what_the_api_refuses_is_refused(messages: list[JsonObject], said: str):
    assert any(said in each for each in objections(body(*messages)))


def test_tools_have_names_of_their_own():
    tools: list[JsonObject] = [{"name": "look"}, {"name": "look"}, {"name": "not a name"}]
    found = objections(body(ASKS) | {"tools": tools})
    assert found == ["tools: 'not a name' is no name", "tools: look is there twice"]
