"""What every model adapter must do. A test module subclasses these with its own fixtures."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import cast

import pytest

from loopdeck.errors import ContextFull, ModelError, ModelRejected, ModelUnavailable
from loopdeck.ports import (
    AssistantTurn,
    CallResult,
    Delta,
    Model,
    ModelRequest,
    Reply,
    ToolUse,
    Turn,
    UserTurn,
)
from loopdeck.session.values import OpaqueBlock, TextBlock, ThinkingBlock, Usage
from tests.support.dialects import MESSAGES, Responses
from tests.support.message_script import (
    Answers,
    Call,
    Fault,
    FaultKind,
    HttpFault,
    Script,
    Text,
    Thinking,
)
from tests.support.messages_server import MessagesServer

Build = Callable[[Answers], AbstractAsyncContextManager[tuple[Model, MessagesServer]]]
GOAL: tuple[Turn, ...] = (UserTurn(texts=("tidy the shed",)),)


def asking(*turns: Turn) -> ModelRequest:
    """A request with the goal and these turns behind it."""
    return ModelRequest("Be brief.", (*GOAL, *turns))


async def gather(model: Model, request: ModelRequest) -> tuple[list[Delta], Reply]:
    """Everything a stream gives, once it is known to be deltas and one reply at the end."""
    parts = [part async for part in model.stream(request)]
    assert parts, "a stream gives at least its reply"
    *deltas, reply = parts
    assert isinstance(reply, Reply)
    assert all(isinstance(delta, Delta) for delta in deltas)
    return cast("list[Delta]", deltas), reply


class ModelRules:
    """For any model. Fixtures: `model`, and `ask`, a request that it answers with some text."""

    async def test_deltas_come_first_and_exactly_one_reply_comes_last(
        self, model: Model, ask: ModelRequest
    ) -> None:
        deltas, _ = await gather(model, ask)
        assert all(delta.text or delta.usage for delta in deltas)

    async def test_the_blocks_hold_what_was_streamed(self, model: Model, ask: ModelRequest) -> None:
        deltas, reply = await gather(model, ask)
        texts = [block.text for block in reply.blocks if isinstance(block, TextBlock)]
        thoughts = [block.text for block in reply.blocks if isinstance(block, ThinkingBlock)]
        assert texts
        assert "".join(delta.text for delta in deltas if delta.kind == "text") == "".join(texts)
        assert "".join(d.text for d in deltas if d.kind == "thinking") == "".join(thoughts)

    async def test_usage_is_counted(self, model: Model, ask: ModelRequest) -> None:
        _, reply = await gather(model, ask)
        assert reply.usage.input > 0
        assert reply.usage.output > 0

    async def test_calls_come_with_a_stop_that_lets_them_run(
        self, model: Model, ask: ModelRequest
    ) -> None:
        _, reply = await gather(model, ask)
        calls = [block for block in reply.blocks if isinstance(block, ToolUse)]
        assert len({call.call_id for call in calls}) == len(calls)
        assert (reply.stop == "tool_use") == bool(calls)

    async def test_a_stream_may_be_left_early_and_asked_again(
        self, model: Model, ask: ModelRequest
    ) -> None:
        parts = model.stream(ask)
        assert isinstance(await anext(parts), Delta)
        await parts.aclose()
        _, reply = await gather(model, ask)
        assert reply.blocks


class ServerRules(ModelRules):
    """For a model behind a server. Fixture: `build`, a model at a server with these answers.

    `build_impatient` is the same, for a model that waits no longer than 0.15 s.
    """

    async def test_cancelling_closes_the_connection(self, build: Build) -> None:
        script = Script((Text("one two"),), fault=Fault("stall", after=3))
        async with build([script]) as (model, server):
            task = asyncio.create_task(gather(model, asking()))
            await server.stalled.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.hung_up.wait()

    async def test_a_stream_cut_anywhere_is_no_reply(self, build: Build) -> None:
        blocks = (Text("I look."), Call("read_file", {"path": "a"}))
        whole = Script(blocks, stop="tool_use")
        async with build([]) as (_, server):
            last = len(server.speaks.frames(whole)) - server.speaks.spare
        assert last > 3
        cuts = [replace(whole, fault=Fault("cut", after=after)) for after in range(1, last)]
        async with build([*cuts, *(replace(cut, fault=_drop(cut)) for cut in cuts)]) as (model, _):
            for _ in range(2 * len(cuts)):
                with pytest.raises(ModelUnavailable, match="cut off"):
                    await gather(model, asking())

    async def test_a_reply_without_a_stop_reason_is_no_reply(self, build: Build) -> None:
        async with build([Script((Text("I look."),), stop=None)]) as (model, _):
            with pytest.raises(ModelUnavailable, match="cut off"):
                await gather(model, asking())

    async def test_several_calls_keep_their_order_and_go_back_in_it(self, build: Build) -> None:
        calls = tuple(Call("read_file", {"path": f"{n}.txt"}, call_id=f"c{n}") for n in range(5))
        async with build([Script(calls, stop="tool_use"), Script((Text("Done."),))]) as (model, s):
            _, reply = await gather(model, asking())
            assert reply.blocks == tuple(ToolUse(c.call_id, c.tool, c.args) for c in calls)
            results = tuple(
                CallResult(c.call_id, f"text of {c.call_id}", is_error=c.call_id == "c3")
                for c in calls
            )
            await gather(
                model, asking(AssistantTurn(reply.blocks), UserTurn(results, ("and hurry",)))
            )
            *_, said, told = s.plain[-1]["messages"]
        uses = [block for block in said["content"] if block["type"] == "tool_use"]
        assert [(use["id"], use["input"]) for use in uses] == [(c.call_id, c.args) for c in calls]
        *answers, words = told["content"]
        assert words == {"type": "text", "text": "and hurry"}
        assert [block["tool_use_id"] for block in answers] == [c.call_id for c in calls]
        assert [block["content"] for block in answers] == [f"text of c{n}" for n in range(5)]
        assert ["is_error" in block for block in answers] == [n == 3 for n in range(5)]

    async def test_reasoning_goes_back_beside_the_calls_it_led_to(self, build: Build) -> None:
        thinking = Thinking("First this, then that.", "sig==")
        script = Script((thinking, Text("Right."), Call("list_files")), stop="tool_use")
        async with build([script, script]) as (model, server):
            deltas, reply = await gather(model, asking())
            results = UserTurn((CallResult("call-1", "a"),))
            await gather(model, asking(AssistantTurn(reply.blocks, model.name), results))
            said = server.plain[-1]["messages"][1]["content"]
        assert {delta.kind for delta in deltas} == {"thinking", "text"}
        assert said[0]["type"] == "thinking"
        assert said[0].get("signature", "sig==") == "sig=="
        assert said[0].get("thinking", thinking.text) == thinking.text
        assert [block["type"] for block in said[1:]] == ["text", "tool_use"]

    async def test_what_another_maker_sealed_is_left_out(self, build: Build) -> None:
        blocks = (
            ThinkingBlock(text="Their thought.", signature="theirs"),
            OpaqueBlock(data={"type": "their_own"}),
            TextBlock(text="I look."),
            ToolUse("c1", "list_files", {}),
        )
        turns = (AssistantTurn(blocks, "http://elsewhere:1#m"), UserTurn((CallResult("c1", "a"),)))
        async with build([Script((Text("Done."),))]) as (model, server):
            await gather(model, asking(*turns))
            said = server.plain[-1]["messages"][1]["content"]
        assert "heir" not in json.dumps(said)
        assert [block["type"] for block in said if block["type"] != "thinking"] == [
            "text",
            "tool_use",
        ]

    @pytest.mark.parametrize("stop", ["end_turn", "max_tokens", "refusal", "bored"])
    async def test_stop_reasons_are_the_ports_own_words(self, build: Build, stop: str) -> None:
        async with build([Script((Text("So."),), stop=stop)]) as (model, server):
            _, reply = await gather(model, asking())
            # One protocol has no word for the end but that it is the end.
            unsaid = isinstance(server.speaks, Responses) and stop == "bored"
        assert reply.stop == ("end_turn" if unsaid else stop)

    async def test_a_call_beside_a_stop_that_is_none_of_its_own_does_not_run(
        self, build: Build
    ) -> None:
        script = Script((Text("So."), Call("read_file", {"path": "a"})), stop="max_tokens")
        async with build([script]) as (model, _):
            _, reply = await gather(model, asking())
        assert reply.stop == "max_tokens"

    async def test_usage_leaves_out_of_the_input_what_the_cache_gave(self, build: Build) -> None:
        usage = {"input_tokens": 70, "output_tokens": 9, "cache_read_input_tokens": 30}
        async with build([Script((Text("So."),), usage=usage), Script((Text("So."),))]) as (m, _):
            _, reply = await gather(m, asking())
        assert reply.usage == Usage(input=70, output=9, cache_read=30)

    @pytest.mark.parametrize("raw", ['{"path": ', "[1]", '{"n": NaN}', "[" * 9000])
    async def test_arguments_that_are_no_object_are_the_fault_of_one_call(
        self, build: Build, raw: str
    ) -> None:
        both = (Call("f", raw=raw, call_id="c1"), Call("f", {"path": "a"}, call_id="c2"))
        async with build([Script(both, stop="tool_use")]) as (model, _):
            _, reply = await gather(model, asking())
        bad, good = (block for block in reply.blocks if isinstance(block, ToolUse))
        assert "malformed and did not run" in bad.fault
        assert (bad.args, good.args, good.fault) == ({}, {"path": "a"}, "")

    async def test_ids_that_came_before_become_new_ones(self, build: Build) -> None:
        script = Script((Call("f", call_id="c0"), Call("f", call_id="c0")), stop="tool_use")
        async with build([script, script]) as (model, _):
            _, first = await gather(model, asking())
            _, second = await gather(model, asking(AssistantTurn(first.blocks)))
        blocks = (*first.blocks, *second.blocks)
        assert len({block.call_id for block in blocks if isinstance(block, ToolUse)}) == 4

    @pytest.mark.parametrize(
        ("status", "words", "lasting"),
        [
            (429, "rate limit", False),
            (503, "overloaded", False),
            (500, "problem of its own", False),
            (401, "does not accept the key", True),
            (403, "does not let", True),
            (404, "knows no model", True),
            (400, "no such thing", True),
        ],
    )
    async def test_errors_are_sentences_and_say_whether_to_try_again(
        self, build: Build, status: int, words: str, *, lasting: bool
    ) -> None:
        fault = HttpFault(status, "x", "no such thing", headers={"retry-after": "7"})
        async with build([fault, fault]) as (model, server):
            with pytest.raises(ModelError, match=words) as caught:
                await gather(model, asking())
            assert 1 <= len(server.requests) <= 2  # who is named by address may be asked twice
        assert isinstance(caught.value, ModelRejected) == lasting
        assert "ANTHROPIC" not in caught.value.hint or server.speaks is MESSAGES
        if isinstance(caught.value, ModelUnavailable):
            assert caught.value.wait_s == 7.0

    async def test_a_conversation_that_is_too_long_is_known_by_its_words(
        self, build: Build
    ) -> None:
        fault = HttpFault(400, "x", "This is too long: the context length is 8192 tokens")
        async with build([fault]) as (model, _):
            with pytest.raises(ContextFull):
                await gather(model, asking())

    async def test_faults_in_mid_stream_may_pass(self, build: Build) -> None:
        script = Script((Text("I look."), Text("Again.")))
        kinds: tuple[FaultKind, ...] = ("error", "garbage", "drop", "reset")
        faults = [replace(script, fault=Fault(kind, after=2)) for kind in kinds]
        words = ("overloaded|problem of its own", "cannot be read", "cut off", "cut off")
        async with build(faults) as (model, _):
            for word in words:
                with pytest.raises(ModelUnavailable, match=word):
                    await gather(model, asking())

    async def test_a_page_instead_of_a_stream_cannot_be_read(self, build: Build) -> None:
        async with build([HttpFault(200, body=b"<html>Hello</html>")]) as (model, _):
            with pytest.raises(ModelUnavailable, match="cannot be read"):
                await gather(model, asking())

    @pytest.mark.parametrize("kind", ["stall", "pings"])
    async def test_silence_is_noticed_whatever_the_server_pings(
        self, build_impatient: Build, kind: FaultKind
    ) -> None:
        script = Script((Text("I look."),), fault=Fault(kind, after=2))
        async with build_impatient([script]) as (model, server):
            with pytest.raises(ModelUnavailable, match=r"nothing new for 0\.15 seconds"):
                await gather(model, asking())
            await server.hung_up.wait()

    async def test_one_connection_serves_many_requests(self, build: Build) -> None:
        async with build([Script((Text("So."),))] * 3) as (model, server):
            for _ in range(3):
                await gather(model, asking())
            assert server.connections == 1

    async def test_hostile_texts_come_whole_and_can_be_stored(self, build: Build) -> None:
        text = "a\u2028b\u0085c\x1b]0;d\r\n\n data: e \U0001f980"
        async with build([Script((Text(text, pieces=3),))]) as (model, _):
            _, reply = await gather(model, asking())
        assert reply.blocks == (TextBlock(text=text),)


def _drop(script: Script) -> Fault:
    assert script.fault is not None
    return replace(script.fault, kind="drop")
