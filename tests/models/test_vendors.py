"""Every other protocol, through the real adapters: the same rules as for the Messages API."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from loopdeck.errors import ModelRejected, ModelUnavailable, UnknownModel
from loopdeck.models.addressed import AddressedModel
from loopdeck.models.prices import PriceBook
from loopdeck.models.served import ServedModel
from loopdeck.models.vendor_wire import dialect_of, wire_to
from loopdeck.models.vendors import GEMINI, OPENAI, Vendor
from loopdeck.ports import (
    AssistantTurn,
    CallResult,
    Model,
    ModelRequest,
    ToolSpec,
    ToolUse,
    UserTurn,
)
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock
from tests.models.conformance import GOAL, Build, ServerRules, asking, gather
from tests.support.dialects import Chat, Dialect, Gemini, Responses
from tests.support.message_script import Answers, Call, HttpFault, Other, Script, Text, Thinking
from tests.support.messages_server import MessagesServer

BLOCKS = (Thinking("Hm, the shed."), Text("I look.", pieces=4), Call("list_files"))
TOOL = ToolSpec("read_file", "Reads a file.", {"type": "object", "properties": {}})


@asynccontextmanager
async def vendor_at(
    vendor: Vendor, speaks: Dialect, answers: Answers, *, patience_s: float = 120.0
) -> AsyncGenerator[tuple[ServedModel, MessagesServer]]:
    """A vendor's model and its server, both closed at the end."""
    async with MessagesServer(answers, speaks=speaks) as server:
        url = server.url if vendor is GEMINI else f"{server.url}/v1"
        model = ServedModel(
            f"{vendor.prefix}test-model",
            "test-model",
            wire_to(vendor, url, "key-1", patience_s),
            dialect_of(vendor, thinking=True),
            prices=PriceBook(),
        )
        try:
            yield model, server
        finally:
            await model.close()


@asynccontextmanager
async def addressed_at(
    answers: Answers, *, patience_s: float = 120.0
) -> AsyncGenerator[tuple[AddressedModel, MessagesServer]]:
    """A model that is named by the address of a server for Chat Completions."""
    async with MessagesServer(answers, speaks=Chat()) as server:
        name = f"{server.url}/v1/chat/completions#test-model"
        model = AddressedModel(name, progress_timeout_s=patience_s)
        try:
            yield model, server
        finally:
            await model.close()


openai_at = partial(vendor_at, OPENAI, Responses())
gemini_at = partial(vendor_at, GEMINI, Gemini())


class Rules(ServerRules):
    """The rules with what every one of these has in common."""

    at: Build

    @pytest.fixture
    async def model(self) -> AsyncIterator[Model]:
        async with self.at([Script(BLOCKS, stop="tool_use")] * 2) as (model, _):
            yield model

    @pytest.fixture
    def ask(self) -> ModelRequest:
        return asking()

    @pytest.fixture
    def build(self) -> Build:
        return self.at


class TestResponses(Rules):
    at = staticmethod(openai_at)

    @pytest.fixture
    def build_impatient(self) -> Build:
        return partial(openai_at, patience_s=0.15)


class TestGemini(Rules):
    at = staticmethod(gemini_at)

    @pytest.fixture
    def build_impatient(self) -> Build:
        return partial(gemini_at, patience_s=0.15)


class TestChat(Rules):
    at = staticmethod(addressed_at)

    @pytest.fixture
    def build_impatient(self) -> Build:
        return partial(addressed_at, patience_s=0.15)


async def test_the_responses_api_keeps_nothing_on_the_server() -> None:
    async with openai_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, ModelRequest("Be brief.", GOAL, (TOOL,), max_tokens=99))
        (request,) = server.requests
    assert request.headers["authorization"] == "Bearer key-1"
    assert request.body == {
        "model": "test-model",
        "max_output_tokens": 99,
        "stream": True,
        "store": False,
        "instructions": "Be brief.",
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"summary": "auto"},
        "tools": [
            {
                "type": "function",
                "name": "read_file",
                "description": "Reads a file.",
                "parameters": TOOL.schema,
                "strict": False,
            }
        ],
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "tidy the shed"}]}],
    }


async def test_gemini_is_asked_with_its_own_header_and_full_schemas() -> None:
    async with gemini_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, ModelRequest("Be brief.", GOAL, (TOOL,), max_tokens=99))
        (request,) = server.requests
    assert request.path == "/v1beta/models/test-model:streamGenerateContent?alt=sse"
    assert request.headers["x-goog-api-key"] == "key-1"
    declared = {
        "name": "read_file",
        "description": "Reads a file.",
        "parametersJsonSchema": TOOL.schema,
    }
    assert request.body == {
        "generationConfig": {"maxOutputTokens": 99, "thinkingConfig": {"includeThoughts": True}},
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "tools": [{"functionDeclarations": [declared]}],
        "contents": [{"role": "user", "parts": [{"text": "tidy the shed"}]}],
    }


async def test_a_chat_server_gets_the_instructions_as_its_first_message() -> None:
    async with addressed_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, ModelRequest("Be brief.", GOAL, (TOOL,)))
        (request,) = server.requests
    assert "authorization" not in request.headers
    assert request.body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert request.body["messages"][1] == {"role": "user", "content": "tidy the shed"}
    assert request.body["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Unsupported parameter: 'reasoning.summary' is not supported with this model.", "include"),
        ("Value not supported: include", "reasoning"),
    ],
)
async def test_what_a_model_does_not_know_is_left_out_from_then_on(said: str, left: str) -> None:
    done = Script((Text("Done."),))
    async with openai_at([HttpFault(400, "x", said), done, done]) as (model, server):
        await gather(model, asking())
        await gather(model, asking())
    assert [{"include", "reasoning"} & set(body) for body in server.bodies] == [
        {"include", "reasoning"},
        {left},
        {left},
    ]


async def test_sealed_reasoning_keeps_its_id_and_items_nobody_knows_go_back() -> None:
    unknown = {"type": "web_search_call", "id": "ws1", "action": {"query": "sheds"}}
    script = Script((Thinking("Hm.", "sealed"), Other(unknown), Text("So.")))
    async with openai_at([script, script]) as (model, server):
        _, reply = await gather(model, asking())
        await gather(model, asking(AssistantTurn(reply.blocks), UserTurn((), ("go on",))))
    assert reply.blocks == (
        ThinkingBlock(text="Hm.", signature="rs0 sealed"),
        OpaqueBlock(data=unknown),
        TextBlock(text="So."),
    )
    assert server.bodies[-1]["input"][1:3] == [
        {
            "type": "reasoning",
            "id": "rs0",
            "summary": [{"type": "summary_text", "text": "Hm."}],
            "encrypted_content": "sealed",
        },
        unknown,
    ]


async def test_geminis_signatures_go_back_on_the_parts_they_came_on() -> None:
    code = {"executableCode": {"language": "PYTHON", "code": "1"}}
    call = {"functionCall": {"name": "f", "args": {"n": 1}, "id": "c1"}, "thoughtSignature": "s2"}
    second: JsonObject = {"functionCall": {"name": "g", "args": {}, "id": "c2"}}
    end = {"text": "", "thoughtSignature": "s3"}
    blocks = (Text("I look.", 1), Other(code), Other(call), Other(second), Other(end))
    script = Script(blocks, stop="tool_use")
    async with gemini_at([script, Script((Text("Done."),))]) as (model, server):
        _, reply = await gather(model, asking())
        results = (CallResult("c1", "one"), CallResult("c2", "two", is_error=True))
        await gather(model, asking(AssistantTurn(reply.blocks), UserTurn(results)))
    _, said, told = server.bodies[-1]["contents"]
    assert said["parts"] == [{"text": "I look."}, code, call, second, end]
    assert [part["functionResponse"] for part in told["parts"]] == [
        {"id": "c1", "name": "f", "response": {"output": "one"}},
        {"id": "c2", "name": "g", "response": {"error": "two"}},
    ]


async def test_gemini_takes_the_calls_of_another_model_without_a_signature() -> None:
    uses = (ToolUse("c1", "f", {}), ToolUse("c2", "g", {}))
    turn = AssistantTurn((ThinkingBlock(text="Hm.", signature="sig"), *uses), "claude-x")
    results = UserTurn((CallResult("c1", "one"), CallResult("c2", "two")))
    async with gemini_at([Script((Text("Done."),))]) as (model, server):
        await gather(model, asking(turn, results))
    parts = server.bodies[-1]["contents"][1]["parts"]
    assert [part.get("thoughtSignature") for part in parts] == [
        "skip_thought_signature_validator",
        None,
    ]


async def test_a_blocked_prompt_is_a_refusal_and_says_why() -> None:
    frame = json.dumps({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    async with gemini_at([HttpFault(200, body=f"data: {frame}\n\n".encode())]) as (model, _):
        _, reply = await gather(model, asking())
    assert (reply.stop, reply.detail) == ("refusal", "PROHIBITED_CONTENT")


async def test_the_pause_that_gemini_asks_for_is_passed_on() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}}
    async with gemini_at([HttpFault(429, body=json.dumps(body).encode())]) as (model, _):
        with pytest.raises(ModelUnavailable, match="rate limit") as caught:
            await gather(model, asking())
    assert caught.value.wait_s == 34.5


@pytest.mark.parametrize(
    ("at", "status", "error", "words"),
    [
        (openai_at, 429, {"code": "insufficient_quota", "message": "quota"}, "paid first"),
        (openai_at, 400, {"code": "context_length_exceeded", "message": "x"}, "too long"),
        (gemini_at, 400, {"details": [{"reason": "API_KEY_INVALID"}]}, "accept the key"),
    ],
)
async def test_what_is_really_wrong_is_said_whatever_the_status(
    at: Build, status: int, error: JsonObject, words: str
) -> None:
    fault = HttpFault(status, body=json.dumps({"error": error}).encode())
    async with at([fault]) as (model, _):
        with pytest.raises(ModelRejected, match=words):
            await gather(model, asking())


async def test_a_call_that_a_server_sends_at_once_and_ends_with_stop_is_a_call() -> None:
    call = {"id": "c1", "function": {"name": "f", "arguments": {"n": 1}}}
    other = {"id": "c2", "function": {"name": "g", "arguments": ""}}
    script = Script((Other({"tool_calls": [call, other]}),), stop="end_turn")
    async with addressed_at([script]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.stop == "tool_use"
    assert reply.blocks == (ToolUse("c1", "f", {"n": 1}), ToolUse("c2", "g", {}))


async def test_a_server_at_an_address_may_speak_the_messages_api() -> None:
    async with MessagesServer([Script((Text("Done."),))] * 2) as server:
        model = AddressedModel(f"{server.url}#some-model", key="k")
        for _ in range(2):
            await gather(model, asking())
        await model.close()
    assert [request.path for request in server.requests] == [
        "/v1/chat/completions",
        "/v1/messages",
        "/v1/messages",
    ]
    assert server.bodies[0]["model"] == "some-model"


async def test_a_server_with_one_model_needs_no_name_for_it() -> None:
    async with MessagesServer([Script((Text("Done."),))], speaks=Chat()) as server:
        model = AddressedModel(server.url)
        await gather(model, asking())
        await model.close()
    assert server.bodies[0]["model"] == "fake"


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:b#m", "http://a/?k=v#m"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnknownModel, match="not the address"):
        AddressedModel(url)
