"""The adapter for the Messages API, through the real client, against a real server."""

import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.prices import Price, PriceBook
from loopdeck.ports import AssistantTurn, Model, ModelRequest, ToolSpec, ToolUse, UserTurn
from loopdeck.session.values import OpaqueBlock, TextBlock, Usage
from tests.models.conformance import GOAL, Build, ServerRules, asking, gather
from tests.support.message_script import (
    Answers,
    Call,
    HttpFault,
    Other,
    Script,
    Text,
    Thinking,
    steps,
)
from tests.support.messages_server import MessagesServer, serving

PRICES = PriceBook({"test-model": Price(3.0, 15.0, 0.3, 3.75)})


@asynccontextmanager
async def model_at(
    answers: Answers,
    *,
    thinking: bool | None = None,
    cache: bool | None = None,
    patience_s: float = 120.0,
) -> AsyncGenerator[tuple[AnthropicModel, MessagesServer]]:
    """A model and its server, both closed at the end."""
    async with MessagesServer(answers) as server:
        model = AnthropicModel(
            "test-model",
            api_key="key-1",
            base_url=server.url,
            prices=PRICES,
            thinking=thinking,
            cache=cache,
            progress_timeout_s=patience_s,
        )
        try:
            yield model, server
        finally:
            await model.close()


class TestConformance(ServerRules):
    """The rules for every model behind a server."""

    @pytest.fixture
    async def model(self) -> AsyncIterator[Model]:
        blocks = (Thinking("Hm, the shed."), Text("I look.", pieces=4), Call("list_files"))
        async with model_at(lambda _: Script(blocks, stop="tool_use")) as (model, _):
            yield model

    @pytest.fixture
    def ask(self) -> ModelRequest:
        return asking()

    @pytest.fixture
    def build(self) -> Build:
        return model_at

    @pytest.fixture
    def build_impatient(self) -> Build:
        return partial(model_at, patience_s=0.15)


def test_importing_the_adapter_does_not_load_the_client() -> None:
    code = (
        "import sys, loopdeck.models.names, loopdeck.models.anthropic as m;"
        "m.AnthropicModel('claude-x', api_key='k');"
        "sys.exit(any(n in sys.modules for n in ('anthropic', 'httpx2', 'genai_prices')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_the_request_says_what_the_turns_say() -> None:
    tool = ToolSpec("read_file", "Reads a file.", {"type": "object", "properties": {}})
    async with model_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, ModelRequest("Be brief.", GOAL, (tool,), max_tokens=99))
        request = server.requests[0]
    assert request.headers["content-type"] == "application/json"
    assert request.body == {
        "model": "test-model",
        "max_tokens": 99,
        "stream": True,
        "system": "Be brief.",
        "tools": [
            {"name": "read_file", "description": "Reads a file.", "input_schema": tool.schema}
        ],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "tidy the shed"}]}],
    }


async def test_the_key_goes_where_new_and_old_servers_look_for_it() -> None:
    async with model_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, asking())
        headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer key-1"
    assert headers["x-api-key"] == "key-1"


async def test_a_token_is_a_bearer_and_nothing_else() -> None:
    async with MessagesServer([Script((Text("Done."),))], key="token-1") as server:
        model = AnthropicModel("m", auth_token="token-1", base_url=server.url)
        await gather(model, asking())
        await model.close()
    assert "x-api-key" not in server.requests[0].headers


async def test_a_server_without_keys_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-for-this-server")
    async with MessagesServer([Script((Text("Done."),))]) as server:
        model = AnthropicModel("m", base_url=server.url)
        await gather(model, asking())
        await model.close()
    assert "not-for-this-server" not in str(server.requests[0].headers)


async def test_other_servers_get_no_extras_unless_told() -> None:
    async with model_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, asking())
    assert not {"thinking", "cache_control"} & set(server.bodies[0])
    async with model_at([Script((Text("Done."),))], thinking=True, cache=True) as (model, server):
        await gather(model, asking())
    assert server.bodies[0]["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert server.bodies[0]["cache_control"] == {"type": "ephemeral"}


async def test_an_extra_the_server_refuses_is_left_out_from_then_on() -> None:
    refusal = HttpFault(400, "invalid_request_error", "thinking: adaptive is not supported")
    done = Script((Text("Done."),))
    async with model_at([refusal, done, done], thinking=True, cache=True) as (model, server):
        await gather(model, asking())
        await gather(model, asking())
    assert ["thinking" in body for body in server.bodies] == [True, False, False]
    assert all("cache_control" in body for body in server.bodies)


async def test_usage_and_cost_count_what_the_cache_gave() -> None:
    usage = {
        "input_tokens": 1_000_000,
        "output_tokens": 100_000,
        "cache_read_input_tokens": 2_000_000,
        "cache_creation_input_tokens": None,
    }
    async with model_at([Script((Text("Done."),), usage=usage)]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.usage == Usage(input=1_000_000, output=100_000, cache_read=2_000_000)
    assert reply.cost_usd == pytest.approx(3.0 + 1.5 + 0.6)


async def test_a_price_nobody_knows_is_no_price() -> None:
    async with MessagesServer([Script((Text("Done."),))]) as server:
        model = AnthropicModel("some-local-model", base_url=server.url)
        _, reply = await gather(model, asking())
        await model.close()
    assert reply.cost_usd is None


async def test_blocks_nobody_knows_go_back_as_they_came() -> None:
    hidden = {"type": "redacted_thinking", "data": "xyz"}
    new = {"type": "hologram", "depth": 3, "layers": [{"n": 1}]}
    done = Script((Other(hidden), Other(new), Text("Look.")))
    async with model_at([done, done]) as (model, server):
        _, reply = await gather(model, asking())
        again = UserTurn(texts=("go on",))
        await gather(model, asking(AssistantTurn(reply.blocks), again))
        said = server.bodies[-1]["messages"][1]["content"]
    assert reply.blocks == (
        OpaqueBlock(data=hidden),
        OpaqueBlock(data=new),
        TextBlock(text="Look."),
    )
    assert said == [hidden, new, {"type": "text", "text": "Look."}]


async def test_ids_of_earlier_replies_are_not_used_again() -> None:
    script = Script((Call("list_files", call_id="call_0"),), stop="tool_use")
    async with model_at([script, script]) as (model, _):
        _, first = await gather(model, asking())
        _, second = await gather(model, asking(AssistantTurn(first.blocks)))
    assert [b.call_id for b in second.blocks if isinstance(b, ToolUse)] == ["call_0-2"]


async def test_a_refusal_says_why() -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "This looks like an attack."}
    async with model_at([Script(stop="refusal", details=details)]) as (model, _):
        _, reply = await gather(model, asking())
    assert (reply.stop, reply.detail) == ("refusal", "cyber: This looks like an attack.")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("end_turn", "end_turn"),
        ("stop_sequence", "stop_sequence"),
        ("pause_turn", "pause_turn"),
        ("max_tokens", "max_tokens"),
        ("model_context_window_exceeded", "context_full"),
        ("bored", "bored"),
    ],
)
async def test_stop_reasons_are_the_ports_own_words(theirs: str, ours: str) -> None:
    async with model_at([Script((Text("So."),), stop=theirs)]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.stop == ours


async def test_one_connection_serves_many_steps() -> None:
    async with model_at(lambda _: Script((Text("Done."),))) as (model, server):
        for _ in range(5):
            await gather(model, asking())
    assert server.connections == 1


async def test_the_script_for_benches_reads_and_ends_at_a_server_in_a_thread() -> None:
    tool = ToolSpec("read_file", "", {"type": "object", "required": ["path"]})
    with serving(steps(2)) as server:
        model = AnthropicModel("m", base_url=server.url)
        turns: list[AssistantTurn] = []
        stops: list[str] = []
        for _ in range(3):
            request = ModelRequest("", (*GOAL, *turns), (tool,))
            deltas, reply = await gather(model, request)
            assert len(deltas) == 9  # the first says what it takes
            stops.append(reply.stop)
            turns.append(AssistantTurn(reply.blocks))
        await model.close()
    assert stops == ["tool_use", "tool_use", "end_turn"]
    assert turns[1].blocks[1] == ToolUse("toolu_2", "read_file", {"path": "README.md"})
