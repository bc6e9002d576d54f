"""Everything a model server can do wrong, and the sentence a person gets for it."""

import asyncio
import socket
import time

import pytest

from loopdeck.errors import ContextFull, ModelError, ModelRejected, ModelUnavailable
from loopdeck.models.anthropic import AnthropicModel
from loopdeck.ports import ToolUse
from loopdeck.session.values import TextBlock
from tests.models.conformance import asking, gather
from tests.models.test_anthropic import model_at
from tests.support.message_script import (
    Answer,
    Call,
    Fault,
    FaultKind,
    HttpFault,
    NoAnswer,
    Other,
    Script,
    Text,
)
from tests.support.messages_server import MessagesServer

BLOCKS = (Text("I look."), Call("read_file", {"path": "a"}))


async def error_of(answer: Answer) -> ModelError:
    """The error that an answer leads to; the server must have been asked exactly once."""
    async with model_at([answer]) as (model, server):
        with pytest.raises(ModelError) as caught:
            await gather(model, asking())
    assert len(server.requests) == 1
    text = f"{caught.value} {caught.value.hint}"
    assert str(caught.value).endswith(".")
    assert "Error(" not in text
    assert "{'" not in text
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (429, "rate_limit_error", "rate limit"),
        (529, "overloaded_error", "overloaded"),
        (503, "api_error", "overloaded"),
        (500, "api_error", "problem of its own"),
        (501, "api_error", "problem of its own"),
        (504, "timeout_error", "too long to answer"),
        (408, "timeout_error", "too long to answer"),
    ],
)
async def test_what_may_pass_is_worth_another_try(status: int, kind: str, words: str) -> None:
    error = await error_of(HttpFault(status, kind, headers={"x-should-retry": "true"}))
    assert isinstance(error, ModelUnavailable)
    assert words in str(error)
    assert error.wait_s is None


@pytest.mark.parametrize(
    ("status", "kind", "message", "words", "hint"),
    [
        (400, "invalid_request_error", "max_tokens: too big", "max_tokens: too big", "model"),
        (400, "invalid_request_error", "prompt is too long: 9 > 8", "too long for", "context"),
        (413, "request_too_large", "", "too long for", "context"),
        (401, "authentication_error", "invalid x-api-key", "key", "ANTHROPIC_API_KEY"),
        (402, "billing_error", "no credit", "paid", "billing"),
        (403, "permission_error", "not yours", "does not let", "--model"),
        (404, "not_found_error", "model: x", "knows no model “test-model”", "name"),
        (422, "invalid_request_error", "odd", "odd", "Messages API"),
    ],
)
async def test_what_cannot_pass_says_what_to_change(
    status: int, kind: str, message: str, words: str, hint: str
) -> None:
    error = await error_of(HttpFault(status, kind, message))
    assert isinstance(error, ModelRejected)
    assert isinstance(error, ContextFull) == ("too long" in words)
    assert words in str(error)
    assert hint in error.hint


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.2"}, 0.2),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 10:00:30 GMT",
                "date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
async def test_the_pause_the_server_asks_for_is_passed_on(
    headers: dict[str, str], wait: float | None
) -> None:
    error = await error_of(HttpFault(429, "rate_limit_error", headers=headers))
    assert isinstance(error, ModelUnavailable)
    assert error.wait_s == wait


async def test_an_html_page_for_an_error_is_not_quoted() -> None:
    error = await error_of(HttpFault(502, body=b"<html><h1>Bad gateway</h1></html>"))
    assert isinstance(error, ModelUnavailable)
    assert "html" not in str(error)


async def test_long_and_wild_words_of_a_server_are_quoted_in_one_short_line() -> None:
    error = await error_of(HttpFault(400, "invalid_request_error", "bad\n\nthing " * 500))
    assert "\n" not in str(error)
    assert len(str(error)) < 500


@pytest.mark.parametrize("body", [b'{"error": "no such model"}', b'{"detail": "no such model"}'])
async def test_other_shapes_of_errors_are_understood(body: bytes) -> None:
    error = await error_of(HttpFault(404, body=body))
    assert "no such model" in str(error)


async def test_a_page_instead_of_a_stream_cannot_be_read() -> None:
    error = await error_of(HttpFault(200, body=b"<html>Hello</html>"))
    assert isinstance(error, ModelUnavailable)
    assert "cannot be read" in str(error)


@pytest.mark.parametrize("after", [0, 1, 3, 7, 11])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("cut", ""),
        ("drop", "cut off"),
        ("reset", "cut off"),
        ("error", "overloaded"),
        ("garbage", "cannot be read"),
    ],
)
async def test_a_fault_in_the_middle_of_a_stream_may_pass(
    kind: FaultKind, words: str, after: int
) -> None:
    fault = Fault(kind, after=after, extra=25)
    error = await error_of(Script(BLOCKS, stop="tool_use", fault=fault))
    assert isinstance(error, ModelUnavailable)
    assert words in str(error)


@pytest.mark.parametrize(
    ("kind", "error_class"),
    [
        ("overloaded_error", ModelUnavailable),
        ("rate_limit_error", ModelUnavailable),
        ("api_error", ModelUnavailable),
        ("brand_new_error", ModelUnavailable),
        ("invalid_request_error", ModelRejected),
        ("authentication_error", ModelRejected),
    ],
)
async def test_an_error_inside_a_stream_counts_like_its_status(
    kind: str, error_class: type[ModelError]
) -> None:
    error = await error_of(Script(BLOCKS, fault=Fault("error", after=3, error_type=kind)))
    assert type(error) is error_class


async def test_a_connection_dropped_before_the_first_byte_may_pass() -> None:
    error = await error_of(NoAnswer())
    assert isinstance(error, ModelUnavailable)
    assert "hung up without an answer" in str(error)


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    model = AnthropicModel("m", base_url=f"http://127.0.0.1:{port}")
    with pytest.raises(ModelUnavailable, match="cannot be reached") as caught:
        await gather(model, asking())
    await model.close()
    assert "ANTHROPIC_BASE_URL" in caught.value.hint


@pytest.mark.parametrize("kind", ["stall", "pings"])
@pytest.mark.parametrize("after", [0, 4])
async def test_silence_is_noticed_even_when_the_server_pings(kind: FaultKind, after: int) -> None:
    fault = Fault(kind, after=after)
    async with MessagesServer([Script(BLOCKS, fault=fault)]) as server:
        model = AnthropicModel("m", base_url=server.url, progress_timeout_s=0.15)
        await model.warm_up()
        begin = time.monotonic()
        with pytest.raises(ModelUnavailable, match=r"nothing new for 0\.15 seconds"):
            await gather(model, asking())
        assert 0.1 < time.monotonic() - begin < 5
        async with asyncio.timeout(5):
            await server.hung_up.wait()
        await model.close()


async def test_a_slow_stream_that_goes_on_is_waited_for() -> None:
    async with MessagesServer([Script((Text("abcdefghij", pieces=10),), delay_s=0.05)]) as server:
        model = AnthropicModel("m", base_url=server.url, progress_timeout_s=0.3)
        _, reply = await gather(model, asking())
        await model.close()
    assert reply.blocks == (TextBlock(text="abcdefghij"),)


@pytest.mark.parametrize(
    "raw",
    [
        '{"path": ',
        "[1, 2]",
        '"text"',
        "null",
        "{nope}",
        '{"n": NaN}',
        '{"a":' * 100 + "1" + "}" * 100,
        "[" * 100_000,
    ],
    ids=range(8),
)
async def test_arguments_that_are_no_object_are_the_fault_of_their_call(raw: str) -> None:
    script = Script((Text("So."), Call("read_file", raw=raw)), stop="tool_use")
    async with model_at([script]) as (model, _):
        _, reply = await gather(model, asking())
    text, call = reply.blocks
    assert text == TextBlock(text="So.")
    assert isinstance(call, ToolUse)
    assert call.args == {}
    assert "malformed and did not run" in call.fault


async def test_a_call_cut_by_the_output_limit_is_dropped_and_a_whole_one_is_kept() -> None:
    whole = Call("read_file", {"path": "a"}, call_id="c1")
    cut = Call("write_file", raw='{"path": "b", "text": "half of', call_id="c2")
    async with model_at([Script((Text("So."), whole, cut), stop="max_tokens")]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.stop == "max_tokens"
    assert reply.blocks == (TextBlock(text="So."), ToolUse("c1", "read_file", {"path": "a"}))


async def test_a_call_cut_before_its_arguments_began_is_dropped() -> None:
    blocks = (Text("So."), Call("delete_file", raw=""))
    async with model_at([Script(blocks, stop="max_tokens")]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.blocks == (TextBlock(text="So."),)


@pytest.mark.parametrize("given", [("c", "c", "c"), ("", "", ""), ("a b", "a\x1bb", "a_b")])
async def test_ids_that_are_empty_or_doubled_become_unique(given: tuple[str, ...]) -> None:
    calls = tuple(Call("list_files", call_id=each) for each in given)
    async with model_at([Script(calls, stop="tool_use")]) as (model, _):
        _, reply = await gather(model, asking())
    ids = [block.call_id for block in reply.blocks if isinstance(block, ToolUse)]
    assert len(set(ids)) == 3
    assert all(each.isascii() and each.isprintable() and " " not in each for each in ids)


async def test_fifty_calls_at_once_are_fifty_calls() -> None:
    calls = tuple(Call("list_files", call_id=f"c{n}") for n in range(50))
    async with model_at([Script(calls, stop="tool_use")]) as (model, _):
        _, reply = await gather(model, asking())
    assert [block.call_id for block in reply.blocks if isinstance(block, ToolUse)] == [
        f"c{n}" for n in range(50)
    ]


async def test_usage_that_is_missing_or_null_counts_as_nothing() -> None:
    async with model_at([Script((Text("So."),), usage=None)]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.usage.total <= 2
    nothing = {"input_tokens": None, "output_tokens": None}
    async with model_at([Script((Text("So."),), usage=nothing)]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.usage.total == 0
    assert reply.cost_usd is None


async def test_a_call_whose_start_holds_all_of_it_is_whole() -> None:
    start = {"type": "tool_use", "id": "c1", "name": "read_file", "input": {"path": "a"}}
    async with model_at([Script((Other(start),), stop="tool_use")]) as (model, _):
        _, reply = await gather(model, asking())
    assert reply.blocks == (ToolUse("c1", "read_file", {"path": "a"}),)
