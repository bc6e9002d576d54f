"""The vendors' own searches of the web: asked for, read, sent back, counted, and done without."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.prices import Price, PriceBook
from loopdeck.models.searching import (
    NONE,
    in_gemini,
    in_messages,
    in_responses,
    lacks_search,
    search,
)
from loopdeck.models.vendors import GEMINI
from loopdeck.ports import AssistantTurn, Model, ModelRequest, Search, ToolSpec, Turn, UserTurn
from loopdeck.session.values import JsonObject, OpaqueBlock
from tests.models.conformance import GOAL, gather
from tests.models.test_anthropic import model_at
from tests.models.test_vendors import addressed_at, gemini_at, openai_at, vendor_at
from tests.support.dialects import Gemini, data
from tests.support.message_script import Answers, HttpFault, Other, Script, Text
from tests.support.messages_server import MessagesServer

TOOL = ToolSpec("read_file", "Reads a file.", {"type": "object", "properties": {}})
URL = "https://sheds.example/paint"
ASKED: JsonObject = {
    "type": "server_tool_use",
    "id": "srvtoolu_1",
    "name": "web_search",
    "input": {"query": "paint for sheds"},
}
HIT: JsonObject = {"type": "web_search_result", "title": "Paint", "url": URL}
FOUND: JsonObject = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{**HIT, "encrypted_content": "sealed", "page_age": None}],
}
CALL: JsonObject = {
    "type": "web_search_call",
    "id": "ws_1",
    "status": "completed",
    "action": {
        "type": "search",
        "query": "paint for sheds",
        "sources": [{"type": "url", "url": URL}],
    },
}
MESSAGE: JsonObject = {
    "type": "message",
    "id": "m9",
    "role": "assistant",
    "content": [
        {
            "type": "output_text",
            "text": "Blue.",
            "annotations": [{"type": "url_citation", "url": URL, "title": "Paint"}],
        }
    ],
}
GROUNDS: JsonObject = {
    "webSearchQueries": ["paint for sheds"],
    "groundingChunks": [{"web": {"uri": URL, "title": "Paint"}}],
}
SEARCHED = Search("paint for sheds", f"1. Paint\n   {URL}")
Build = Callable[[Answers], AbstractAsyncContextManager[tuple[Model, MessagesServer]]]


class Grounded(Gemini):
    """Gemini, where each reply stands on a search."""

    def frames(self, script: Script) -> list[bytes]:
        *most, last = super().frames(script)
        return [*most, data({"candidates": [{"index": 0, "groundingMetadata": GROUNDS}]}), last]


def grounded_at(answers: Answers) -> AbstractAsyncContextManager[tuple[Model, MessagesServer]]:
    return vendor_at(GEMINI, Grounded(), answers)


def asking(*turns: Turn) -> ModelRequest:
    return ModelRequest("Be brief.", (*GOAL, *turns), (TOOL,), search=True)


VENDORS: dict[str, tuple[Build, Script]] = {
    "anthropic": (model_at, Script((Other(ASKED), Other(FOUND), Text("Blue.")))),
    "openai": (openai_at, Script((Other(CALL), Other(MESSAGE)))),
    "gemini": (grounded_at, Script((Text("Blue."),))),
}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_search_is_asked_for_read_and_goes_back(vendor: str) -> None:
    build, script = VENDORS[vendor]
    async with build([script, script]) as (model, server):
        _, reply = await gather(model, asking())
        assert reply.searches == (SEARCHED,)
        first = server.requests[0].body
        names = [
            tool.get("name") or tool.get("type") for tool in server.speaks.plain(first)["tools"]
        ]
        assert names == ["read_file", "web_search"]
        more = (AssistantTurn(reply.blocks, model.name), UserTurn(texts=("go on",)))
        await gather(model, replace(asking(*more), search=False))
        second = server.requests[1].body
        assert len(server.speaks.plain(second)["tools"]) == 1
        said = server.speaks.plain(second)["messages"][1]["content"]
        kept = [block for block in (ASKED, FOUND, CALL) if block in said]
        assert kept == {"anthropic": [ASKED, FOUND], "openai": [CALL]}.get(vendor, [])


async def test_what_stands_beside_the_search_is_what_each_vendor_wants() -> None:
    async with openai_at([Script((Text("x"),))]) as (model, server):
        await gather(model, asking())
        include = server.requests[0].body["include"]
        assert include == ["web_search_call.action.sources", "reasoning.encrypted_content"]
    async with gemini_at([Script((Text("x"),))] * 2) as (model, server):
        await gather(model, asking())
        await gather(model, replace(asking(), tools=()))
        both, alone = (request.body for request in server.requests)
        assert both["toolConfig"] == {"includeServerSideToolInvocations": True}
        assert alone["tools"] == [{"googleSearch": {}}]
        assert "toolConfig" not in alone


REFUSALS = {
    "anthropic": "tools.1: Input tag 'web_search_20250305' does not match any of the expected tags",
    "openai": "Hosted tool 'web_search' is not supported with test-model.",
    "gemini": "Built-in tools ({google_search}) and Function Calling cannot be combined.",
}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_server_without_a_search_is_told_of_once_and_used_without(vendor: str) -> None:
    build = {"anthropic": model_at, "openai": openai_at, "gemini": gemini_at}[vendor]
    no = HttpFault(400, "invalid_request_error", REFUSALS[vendor])
    plain = Script((Text("Blue."),))
    async with build([no, plain, plain]) as (model, server):
        assert (await gather(model, asking()))[1].detail == NONE
        assert (await gather(model, asking()))[1].detail == ""
        tools = [len(server.speaks.plain(each.body)["tools"]) for each in server.requests]
        assert tools == [2, 1, 1]


async def test_a_protocol_without_a_search_says_so_once() -> None:
    async with addressed_at([Script((Text("Blue."),))] * 2) as (model, server):
        assert (await gather(model, asking()))[1].detail == NONE
        assert (await gather(model, asking()))[1].detail == ""
        assert len(server.requests[0].body["tools"]) == 1


async def test_searches_are_counted_in_the_cost_where_the_reply_tells_them() -> None:
    usage = {"input_tokens": 0, "output_tokens": 1_000}
    told = Script((Other(ASKED), Other(FOUND)), usage=usage)
    prices = PriceBook({"test-model": Price(3.0, 15.0)}, search_usd=0.5)
    async with MessagesServer([told]) as server:
        model = AnthropicModel("test-model", base_url=server.url, prices=prices)
        assert (await gather(model, asking()))[1].cost_usd == pytest.approx(0.515)
        await model.close()
    assert prices.with_searches(None, 3) is None


def test_a_reply_that_paused_between_a_search_and_its_result_keeps_its_words() -> None:
    asked: dict[str, str] = {}
    assert in_messages([OpaqueBlock(data=ASKED)], asked) == ()
    assert in_messages([OpaqueBlock(data=FOUND)], asked) == (SEARCHED,)
    assert asked == {}
    (again,) = in_messages([OpaqueBlock(data=FOUND)], asked)
    assert "not told" in again.query


def test_a_search_that_failed_says_why() -> None:
    content = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    blocks = [OpaqueBlock(data=ASKED), OpaqueBlock(data={**FOUND, "content": content})]
    assert in_messages(blocks, {}) == (
        Search("paint for sheds", "The search failed: max_uses_exceeded.", ok=False),
    )
    assert not in_responses([{**CALL, "status": "failed"}])[0].ok


def test_pages_that_a_search_opened_are_told_as_that() -> None:
    opened = {**CALL, "action": {"type": "open_page", "url": URL}}
    looked = {**CALL, "action": {"type": "find_in_page", "url": URL, "pattern": "blue"}}
    found = in_responses([opened, looked, MESSAGE])
    assert [each.query for each in found] == [f"open {URL}", f"find “blue” in {URL}"]
    assert found[1].found == SEARCHED.found  # no sources are told, so what is cited is


def test_queries_that_share_their_pages_say_so() -> None:
    first, last = in_gemini([{**GROUNDS, "webSearchQueries": ["a", "b"]}])
    assert (first.query, last.query) == ("a", "b")
    assert "last search" in first.found
    assert last.found == SEARCHED.found


@pytest.mark.parametrize(
    "nonsense",
    [{}, {"webSearchQueries": 3}, {"groundingChunks": [1, {"web": 2}]}, {"webSearchQueries": [1]}],
)
def test_nonsense_is_no_search_that_breaks_anything(nonsense: JsonObject) -> None:
    assert all(isinstance(each, Search) for each in in_gemini([nonsense]))
    blocks = [OpaqueBlock(data={"type": "web_search_tool_result", "content": nonsense})]
    assert all(isinstance(each, Search) for each in in_messages(blocks, {}))
    assert all(isinstance(each, Search) for each in in_responses([{**CALL, "action": nonsense}]))


def test_what_was_found_keeps_to_lines_and_lengths() -> None:
    made = search("q" * 5_000, [("T\n1. Fake", URL), *((f"t{n}", f"u{n}") for n in range(50))])
    assert len(made.query) < 1_100
    assert made.found.splitlines()[0] == "1. T 1. Fake"
    assert made.found.endswith("[and 31 more]")


def test_a_name_tells_whether_there_can_be_no_search() -> None:
    names = ("claude-x", "openai:x", "gemini:x", "http://h/v1/responses#x", "scripted:demo")
    assert not any(map(lacks_search, names))
    assert all(map(lacks_search, ("local:x.gguf", "http://h:1#x", "http://h/chat/completions#x")))
