"""Turns as messages, converted once."""

import json

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.models.history import History, Tools, message_of
from loopdeck.ports import AssistantTurn, CallResult, ToolSpec, ToolUse, Turn, UserTurn
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock

RESULTS = st.builds(CallResult, st.text(max_size=3), st.text(max_size=5), st.booleans())
BLOCKS = st.one_of(
    st.builds(TextBlock, text=st.text(max_size=5)),
    st.builds(ThinkingBlock, text=st.text(max_size=5), signature=st.text(max_size=3)),
    st.builds(ToolUse, st.text(max_size=3), st.text(max_size=3), st.just({"a": 1})),
    st.just(OpaqueBlock(data={"type": "new", "x": [1]})),
)
TURNS = st.lists(
    st.one_of(
        st.builds(
            UserTurn,
            st.lists(RESULTS, max_size=2).map(tuple),
            st.lists(st.text(max_size=5), max_size=2).map(tuple),
        ),
        st.builds(AssistantTurn, st.lists(BLOCKS, max_size=3).map(tuple)),
    ),
    max_size=5,
)


def plain(turns: list[Turn]) -> list[object]:
    """The messages of these turns, made without any memory."""
    return [message for turn in turns if (message := message_of(turn))["content"]]


@given(st.lists(TURNS, max_size=4))
def test_what_was_asked_before_never_shows(requests: list[list[Turn]]) -> None:
    history = History()
    for turns in requests:
        assert json.loads(history.encode(turns)) == plain(turns)
        ids = [
            block.call_id
            for turn in turns
            if isinstance(turn, AssistantTurn)
            for block in turn.blocks
            if isinstance(block, ToolUse)
        ]
        if len(set(ids)) == len(ids):
            assert history.call_ids == set(ids)


def test_a_turn_is_converted_once() -> None:
    history = History()
    args = {"path": "a"}
    turns: list[Turn] = [UserTurn(texts=("go",)), AssistantTurn((ToolUse("c1", "read", args),))]
    first = history.encode(turns)
    args["path"] = "changed behind its back, which shows that the turn is not looked at again"
    assert history.encode([*turns, UserTurn((CallResult("c1", "x"),))]).startswith(first[:-1])


def test_empty_text_is_never_sent() -> None:
    turns = [
        UserTurn(texts=("", " \n", "go")),
        AssistantTurn((TextBlock(text=""), TextBlock(text="  "))),
        UserTurn(texts=("",)),
    ]
    assert json.loads(History().encode(turns)) == [
        {"role": "user", "content": [{"type": "text", "text": "go"}]}
    ]


def test_results_come_before_words_and_only_failures_are_marked() -> None:
    turn = UserTurn((CallResult("a", "1"), CallResult("b", "", is_error=True)), ("hurry",))
    assert message_of(turn)["content"] == [
        {"type": "tool_result", "tool_use_id": "a", "content": "1"},
        {"type": "tool_result", "tool_use_id": "b", "content": "", "is_error": True},
        {"type": "text", "text": "hurry"},
    ]


def test_reasoning_without_a_signature_stays_home() -> None:
    turn = AssistantTurn((ThinkingBlock(text="hm"), ThinkingBlock(text="", signature="s")))
    assert message_of(turn)["content"] == [{"type": "thinking", "thinking": "", "signature": "s"}]


def test_half_a_character_does_not_stop_a_request() -> None:
    encoded = History().encode([UserTurn(texts=("a file named \udcff.txt",))])
    assert json.loads(encoded)[0]["content"][0]["text"] == "a file named ?.txt"


def test_tools_are_told_once_for_as_long_as_they_are_the_same() -> None:
    told: list[str] = []

    def tell(tool: ToolSpec) -> JsonObject:
        told.append(tool.name)
        return {"name": tool.name, **tool.schema}

    tools, read = Tools(tell), ToolSpec("read", "", {"a": 1})
    assert json.loads(tools.encode([])) == []
    assert json.loads(tools.encode([read])) == [{"name": "read", "a": 1}]
    assert json.loads(tools.encode((ToolSpec("read", "", {"a": 1}),))) == [{"name": "read", "a": 1}]
    assert told == ["read"]
    assert json.loads(tools.encode([ToolSpec("read", "", {"a": 2})])) == [{"name": "read", "a": 2}]
    assert json.loads(tools.encode([])) == []


class Weighed(str):
    """Words that count how often they are compared."""

    compared = 0
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        type(self).compared += 1
        return super().__eq__(other)


def test_a_turn_that_is_told_in_a_new_object_is_compared_once() -> None:
    history = History()
    for _ in range(2):
        again: list[Turn] = [UserTurn(texts=(Weighed("go"),)) for _ in range(3)]
        for _ in range(5):
            history.encode(again)
    assert Weighed.compared == 3
