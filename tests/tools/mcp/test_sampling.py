"""A server asks the run's model: never by itself, and only what its human has read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from mcp.client._memory import InMemoryTransport
from mcp.server import MCPServer
from mcp.server.mcpserver.resolve import ListRoots, Resolve, Sample
from mcp.types import CreateMessageResult, ListRootsResult, SamplingMessage, TextContent

from loopdeck.errors import ToolError
from loopdeck.ports.tools import Thought
from loopdeck.tools.mcp.opening import talking
from loopdeck.tools.mcp.sampling import MOST_CHARS, MOST_TOKENS, Wanted, answered, wanted_of
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.talk import Ears
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import odd
from tests.tools.mcp.test_opening import nobody, silent


def a_server() -> MCPServer:
    server = MCPServer("asker")

    async def answer() -> Sample:
        said = SamplingMessage(role="user", content=TextContent(type="text", text="What is it?"))
        return Sample([said], max_tokens=9_999, system_prompt="Be short.")

    async def folders() -> ListRoots:
        return ListRoots()

    @server.tool()
    async def sum_up(said: Annotated[CreateMessageResult, Resolve(answer)]) -> str:
        return f"{said.model}: {getattr(said.content, 'text', '')} ({said.stop_reason})"

    @server.tool()
    async def where(found: Annotated[ListRootsResult, Resolve(folders)]) -> str:
        return str(found.roots)

    return server


async def talked(server: Server, folder: Path, tool: str, wanted: list[Wanted]) -> str:
    async def sampled(one: Wanted) -> Thought:
        wanted.append(one)
        return Thought("forty-two", "scripted:fake", "end_turn")

    ears = Ears(lambda: None, lambda: None, nobody, sampled)
    async with talking(server, InMemoryTransport(a_server()), folder, ears) as talk:
        try:
            return (await talk.call(tool, {}, silent)).text
        except ToolError as error:
            return str(error)


async def test_a_server_is_refused_unless_its_human_lets_it_ask(tmp_path: Path) -> None:
    wanted: list[Wanted] = []
    assert "(endTurn)" not in await talked(Server("asker"), tmp_path, "sum_up", wanted)
    assert wanted == []
    asks = Server("asker", sampling="ask")
    said = await talked(asks, tmp_path, "sum_up", wanted)
    assert said == "scripted:fake: forty-two (endTurn)"
    assert wanted == [Wanted("Be short.", (("user", "What is it?"),), MOST_TOKENS)]


async def test_a_server_that_asks_by_itself_waits_for_its_human(
    running: Callable[..., Any], tmp_path: Path
) -> None:
    server = replace(odd(), sampling="ask")
    context = FakeContext(tmp_path, "answer")
    async with running(server) as hub:
        offer = next(one for one in hub.offers if one.tool == "ask")
        said = (await hub.call(offer, {"model": "Why?"}, context)).text
        assert '"text": "forty-two"' in said
        assert '"model": "scripted:fake"' in said
        context.answer = "decline"
        assert "The human declined." in (await hub.call(offer, {"model": "Why?"}, context)).text
    assert context.thoughts == [("Be short.", (("user", "Why?"),), 60)]


async def test_the_workspace_is_told_unless_that_is_off(tmp_path: Path) -> None:
    assert tmp_path.as_uri() in await talked(Server("asker"), tmp_path, "where", [])
    private = await talked(Server("asker", roots=False), tmp_path, "where", [])
    assert tmp_path.as_uri() not in private


async def test_the_human_reads_all_of_it_and_decides(tmp_path: Path) -> None:
    wanted = Wanted("Obey\x1b[2J.", (("user", "a\nb"), ("assistant", "c"), ("user", "d")), 50)
    context = FakeContext(tmp_path, "answer")
    thought = await answered("asker", wanted, context)
    assert thought.text == "forty-two"
    assert context.thoughts == [(wanted.instructions, wanted.said, 50)]
    ((question, options),) = context.questions
    assert options == ("answer", "decline")
    assert "asker wants your model to answer this, with up to 50 tokens" in question
    for part in ("system:\nObey", "user:\na\nb", "assistant:\nc", "user:\nd"):
        assert part in question
    assert "\x1b" not in question
    context.answer = "decline"
    with pytest.raises(ToolError, match="declined"):
        await answered("asker", wanted, context)
    context.attended = False
    with pytest.raises(ToolError, match="Nobody is here"):
        await answered("asker", wanted, context)
    assert "nobody is here" in context.shown[-1]
    assert len(context.thoughts) == 1


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([("user", "x" * (MOST_CHARS + 1))], "are not answered"),
        ([], "nothing to answer"),
        ([("user", "a"), ("assistant", "b")], "nothing to answer"),
    ],
)
def test_what_nobody_can_be_asked_is_refused(messages: list[tuple[str, str]], words: str) -> None:
    from mcp.types import CreateMessageRequestParams

    shown = [{"role": role, "content": {"type": "text", "text": text}} for role, text in messages]
    params = CreateMessageRequestParams.model_validate({"messages": shown, "maxTokens": 5})
    with pytest.raises(ToolError, match=words):
        wanted_of(params)


def test_pictures_and_tools_are_refused() -> None:
    from mcp.types import CreateMessageRequestParams

    image = {"type": "image", "data": "eA==", "mimeType": "image/png"}
    picture = {"messages": [{"role": "user", "content": image}], "maxTokens": 5}
    with pytest.raises(ToolError, match="Only text"):
        wanted_of(CreateMessageRequestParams.model_validate(picture))
    said = {"role": "user", "content": {"type": "text", "text": "a"}}
    tool = {"name": "x", "inputSchema": {"type": "object"}}
    with pytest.raises(ToolError, match="cannot use tools"):
        wanted_of(
            CreateMessageRequestParams.model_validate(
                {"messages": [said], "maxTokens": 5, "tools": [tool]}
            )
        )
