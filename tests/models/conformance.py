"""What every model adapter must do. A test module subclasses these with its own fixtures."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import cast

import pytest

from loopdeck.errors import ModelUnavailable
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
from loopdeck.session.values import TextBlock, ThinkingBlock
from tests.support.message_script import Answers, Call, Fault, Script, Text, Thinking
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
        assert all(delta.text for delta in deltas)

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
    """For a model behind a server. Fixture: `build`, a model at a server with these answers."""

    async def test_cancelling_closes_the_connection(self, build: Build) -> None:
        script = Script((Text("one two"),), fault=Fault("stall", after=3))
        async with build([script]) as (model, server):
            task = asyncio.create_task(gather(model, asking()))
            await server.stalled.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.hung_up.wait()

    @pytest.mark.parametrize("after", range(1, 12))
    async def test_a_cut_stream_is_no_reply(self, build: Build, after: int) -> None:
        blocks = (Text("I look."), Call("read_file", {"path": "a"}))
        script = Script(blocks, stop="tool_use", fault=Fault("cut", after=after))
        assert len(script.frames()) == 12
        async with build([script]) as (model, _):
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
            *_, said, told = s.bodies[-1]["messages"]
        assert [block["id"] for block in said["content"]] == ["c0", "c1", "c2", "c3", "c4"]
        assert [block["type"] for block in told["content"]] == ["tool_result"] * 5 + ["text"]
        assert [block["tool_use_id"] for block in told["content"][:5]] == [c.call_id for c in calls]

    async def test_a_failed_call_goes_back_as_an_error(self, build: Build) -> None:
        call = Call("shell", {"command": "false"})
        async with build([Script((call,), stop="tool_use"), Script((Text("Oh."),))]) as (model, s):
            _, reply = await gather(model, asking())
            result = CallResult("call-1", "exit code 1", is_error=True)
            await gather(model, asking(AssistantTurn(reply.blocks), UserTurn((result,))))
            told = s.bodies[-1]["messages"][-1]["content"][0]
        assert told["is_error"] is True
        assert told["content"] == "exit code 1"

    async def test_reasoning_goes_back_with_its_signature(self, build: Build) -> None:
        script = Script((Thinking("First this, then that.", "sig=="), Text("Right.")))
        async with build([script, script]) as (model, server):
            deltas, reply = await gather(model, asking())
            again = UserTurn(texts=("go on",))
            await gather(model, asking(AssistantTurn(reply.blocks), again))
            said = server.bodies[-1]["messages"][1]["content"]
        assert {delta.kind for delta in deltas} == {"thinking", "text"}
        assert said[0] == {
            "type": "thinking",
            "thinking": "First this, then that.",
            "signature": "sig==",
        }
