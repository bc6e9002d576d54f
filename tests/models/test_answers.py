"""The events of an answer, one by one, from servers that play tricks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.errors import ModelUnavailable
from loopdeck.models.answers import Answer
from loopdeck.ports import Delta, Reply, ToolUse
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock
from tests.support.message_script import Call, Other, Script, Text, Thinking, frame

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from(["text", "thinking", "tool_use", "new_block", "text_delta", "mood_delta"])
FIELDS = st.sampled_from(["text", "thinking", "id", "name", "input", "partial_json", "stop_reason"])


def part(kind: str, rest: JsonObject) -> JsonObject:
    """An object that may be a block or a delta."""
    return rest | {"type": kind}


PARTS = st.builds(part, KINDS, st.dictionaries(FIELDS, JSON, max_size=4))
EVENTS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            [
                "message_start",
                "content_block_start",
                "content_block_delta",
                "content_block_stop",
                "message_delta",
            ]
        ),
        "index": st.integers(0, 1) | JSON,
        "content_block": JSON | PARTS,
        "delta": JSON | PARTS,
        "usage": JSON,
        "message": JSON,
    }
)


def event(data: bytes) -> JsonObject:
    """The event of a frame."""
    return json.loads(data.split(b"data: ")[1])


def replay(script: Script) -> tuple[list[Delta], Reply]:
    """What an answer makes of a script."""
    answer = Answer()
    deltas = [delta for data in script.frames() if (delta := answer.take(event(data)))]
    return [delta for delta in deltas if delta.text], answer.reply()


def test_what_it_takes_is_told_before_a_word_of_it() -> None:
    answer = Answer()
    frames = Script((Text("so"),)).frames()
    first = next(delta for data in frames if (delta := answer.take(event(data))))
    assert (first.text, first.usage) == ("", answer.usage)
    assert answer.usage.input > 0


def test_all_kinds_of_blocks_arrive() -> None:
    blocks = (Thinking("why", "sig"), Text("so"), Call("read_file", {"path": "ü"}))
    deltas, reply = replay(Script(blocks, stop="tool_use"))
    assert [delta.kind for delta in deltas] == ["thinking", "thinking", "text", "text"]
    assert reply.blocks == (
        ThinkingBlock(text="why", signature="sig"),
        TextBlock(text="so"),
        ToolUse("call-1", "read_file", {"path": "ü"}),
    )


def test_a_character_split_over_two_deltas_becomes_whole() -> None:
    answer = Answer()
    answer.take({"type": "message_start", "message": {}})
    block = {"type": "text", "text": ""}
    answer.take({"type": "content_block_start", "index": 0, "content_block": block})
    for half in ("\ud83d", "\ude80"):
        delta = {"type": "text_delta", "text": half}
        shown = answer.take({"type": "content_block_delta", "index": 0, "delta": delta})
        assert shown is not None
        shown.text.encode()
    answer.take({"type": "content_block_stop", "index": 0})
    answer.take({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})
    answer.take({"type": "message_stop"})
    assert answer.reply().blocks == (TextBlock(text="🚀"),)


def test_half_a_character_in_arguments_can_be_stored() -> None:
    call = Call("write_file", raw='{"text": "\\ud83d", "emoji": "\\ud83d\\ude80"}')
    _, reply = replay(Script((call,), stop="tool_use"))
    block = reply.blocks[0]
    assert isinstance(block, ToolUse)
    assert block.args == {"text": "\ufffd", "emoji": "🚀"}


def test_a_tools_name_can_be_sent_back() -> None:
    _, reply = replay(Script((Call("functions.read\x1b[2J"),), stop="tool_use"))
    block = reply.blocks[0]
    assert isinstance(block, ToolUse)
    assert block.tool == "functions_read__2J"


def test_a_call_without_a_name_is_malformed_and_keeps_a_name_to_send_back() -> None:
    _, reply = replay(Script((Call(""), Call("read_file", call_id="c2")), stop="tool_use"))
    nameless, other = reply.blocks
    assert isinstance(nameless, ToolUse)
    assert nameless.tool == "unnamed"
    assert "malformed and did not run: it names no tool" in nameless.fault
    assert other == ToolUse("c2", "read_file", {})


def test_a_call_without_an_end_is_malformed() -> None:
    answer = Answer()
    for data in Script((Call("read_file", {"path": "a"}),), stop="tool_use").frames():
        if event(data)["type"] != "content_block_stop":
            answer.take(event(data))
    (block,) = answer.reply().blocks
    assert isinstance(block, ToolUse)
    assert "it has no end" in block.fault
    assert block.args == {}


def test_deltas_of_a_new_kind_are_kept() -> None:
    answer = Answer()
    answer.take({"type": "message_start", "message": {}})
    start: JsonObject = {"type": "server_tool_use", "id": "s1", "input": {}}
    answer.take({"type": "content_block_start", "index": 0, "content_block": start})
    for piece in ('{"q": ', '"x"}'):
        delta = {"type": "input_json_delta", "partial_json": piece}
        answer.take({"type": "content_block_delta", "index": 0, "delta": delta})
    mood = {"type": "mood_delta", "mood": "cal", "levels": [1]}
    answer.take({"type": "content_block_delta", "index": 0, "delta": mood})
    mood = {"type": "mood_delta", "mood": "m"}
    answer.take({"type": "content_block_delta", "index": 0, "delta": mood})
    answer.take({"type": "content_block_stop", "index": 0})
    answer.take({"type": "message_delta", "delta": {"stop_reason": "pause_turn"}})
    answer.take({"type": "message_stop"})
    data = start | {"input": {"q": "x"}, "mood": "calm", "levels": [1]}
    assert answer.reply().blocks == (OpaqueBlock(data=data),)


def test_events_of_a_newer_server_do_no_harm() -> None:
    script = Script((Text("so"),))
    answer = Answer()
    for data in script.frames():
        answer.take({"type": "weather", "index": 99})
        answer.take(event(data))
    assert answer.reply().blocks == (TextBlock(text="so"),)


def test_an_answer_that_does_not_begin_at_its_beginning_cannot_be_read() -> None:
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        Answer().take(event(Script((Text("so"),)).frames()[1]))


@pytest.mark.parametrize("index", [1, -1, None, "0", True])
def test_a_block_that_never_began_cannot_go_on(index: object) -> None:
    answer = Answer()
    answer.take({"type": "message_start"})
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        answer.take({"type": "content_block_stop", "index": index})


def test_absurd_counts_are_bounded() -> None:
    usage = {"input_tokens": 10**300, "output_tokens": -5}
    _, reply = replay(Script((Text("so"),), usage=usage))
    assert reply.usage.input == 10**12
    assert reply.usage.output == 0


def test_a_long_block_in_many_pieces_stays_cheap() -> None:
    text = "x" * 1_000_000
    _, reply = replay(Script((Call("write_file", {"text": text}, pieces=20_000),), stop="tool_use"))
    assert reply.blocks == (ToolUse("call-1", "write_file", {"text": text}),)


@given(st.lists(EVENTS, max_size=8))
def test_no_event_however_odd_gives_what_cannot_be_stored(events: list[JsonObject]) -> None:
    answer = Answer()
    try:
        for each in ({"type": "message_start"}, *events):
            answer.take(each)
        answer.take(event(frame("message_delta", {"delta": {"stop_reason": "tool_use"}})))
        answer.take({"type": "message_stop"})
        reply = answer.reply()
    except ModelUnavailable:
        return
    for block in reply.blocks:
        if isinstance(block, OpaqueBlock | TextBlock | ThinkingBlock):
            block.model_dump_json()
        else:
            json.dumps(block.args, ensure_ascii=False).encode()


def test_an_empty_answer_is_a_reply_without_blocks() -> None:
    empty = {"type": "text", "text": ""}
    _, reply = replay(Script((Other(empty),)))
    assert reply.blocks == ()
