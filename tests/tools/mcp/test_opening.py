"""The real client with servers of the protocol's own package, in both eras of the protocol."""

import base64
from pathlib import Path
from typing import Annotated

import pytest
from mcp.client._memory import InMemoryTransport
from mcp.server import MCPServer
from mcp.server.elicitation import ElicitationResult
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.types import ImageContent, TextContent, ToolAnnotations
from pydantic import BaseModel

from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.asking import Elicited, fields_of
from loopdeck.tools.mcp.opening import talking
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.talk import Ears


class Booking(BaseModel):
    """What a table needs."""

    people: int
    outside: bool = False


def a_server() -> MCPServer:
    server = MCPServer("shop")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    def total(prices: list[int]) -> dict[str, int]:
        """Add prices."""
        return {"total": sum(prices)}

    @server.tool()
    def picture() -> list[TextContent | ImageContent]:
        data = base64.b64encode(b"x" * 3_000).decode()
        image = ImageContent(type="image", data=data, mime_type="image/png")
        return [TextContent(type="text", text="Look:"), image]

    @server.tool()
    def fail() -> str:
        raise ValueError("no stock")

    _with_things(server)
    return server


def _with_things(server: MCPServer) -> None:
    """What is no plain tool: something to read, a prompt, a tool that asks."""

    @server.resource("notes://plan", mime_type="text/plain")
    def plan() -> str:
        """What is planned."""
        return "Ship it on Friday."

    @server.resource("notes://{day}")
    def day(day: str) -> str:
        return f"nothing on {day}"

    @server.prompt()
    def sum_up(topic: str, tone: str = "dry") -> str:
        """Sums up."""
        return f"Sum up {topic}, {tone}."

    async def people() -> Elicit[Booking]:
        return Elicit("For how many?", Booking)

    @server.tool()
    async def book(said: Annotated[ElicitationResult[Booking], Resolve(people)]) -> str:
        return f"{said.action}: {getattr(said, 'data', None)}"


async def nobody(_message: str, _schema: JsonObject, _address: str) -> Elicited:
    return Elicited()


async def silent(progress: float, total: float | None, message: str | None) -> None:
    del progress, total, message


async def test_what_a_server_offers_and_answers_comes_as_text(tmp_path: Path) -> None:
    ears = Ears(lambda: None, lambda: None, nobody)
    async with talking(Server("shop"), InMemoryTransport(a_server()), tmp_path, ears) as talk:
        offers = {offer.tool: offer for offer in await talk.offers()}
        assert offers["total"].hints.reads is True
        assert offers["picture"].hints.reads is None
        assert offers["total"].schema_["type"] == "object"
        answer = await talk.call("total", {"prices": [1, 2]}, silent)
        assert answer.ok
        assert '"total": 3' in answer.text
        shown = await talk.call("picture", {}, silent)
        assert shown.text == "Look:\n[image, image/png, 3.0 kB: left out]"
        failed = await talk.call("fail", {}, silent)
        assert not failed.ok
        assert "fail" in failed.text


async def test_what_can_be_read_and_begun_with_is_listed_and_had(tmp_path: Path) -> None:
    ears = Ears(lambda: None, lambda: None, nobody)
    async with talking(Server("shop"), InMemoryTransport(a_server()), tmp_path, ears) as talk:
        found = await talk.things()
        named = {one.uri: one for one in found.resources}
        assert named["notes://plan"].kind == "text/plain"
        assert named["notes://{day}"].template
        (prompt,) = found.prompts
        assert (prompt.name, prompt.needs, prompt.takes) == ("sum_up", ("topic",), ("tone",))
        assert (await talk.read("notes://plan")).text == "Ship it on Friday."
        assert (await talk.read("notes://monday")).text == "nothing on monday"
        assert (await talk.prompt("sum_up", {"topic": "cats"})).text == "Sum up cats, dry."
        with pytest.raises(ToolError, match="The MCP server shop says"):
            await talk.read("other://x")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Elicited("accept", {"people": 3}), "accept: people=3 outside=False"),
        (Elicited("decline"), "decline: None"),
        (Elicited("cancel"), "cancel: None"),
    ],
)
async def test_a_server_hears_what_the_human_answered(
    tmp_path: Path, answer: Elicited, told: str
) -> None:
    asked: list[JsonObject] = []

    async def human(_message: str, schema: JsonObject, _address: str) -> Elicited:
        asked.append(schema)
        return answer

    ears = Ears(lambda: None, lambda: None, human)
    async with talking(Server("shop"), InMemoryTransport(a_server()), tmp_path, ears) as talk:
        assert (await talk.call("book", {}, silent)).text == told
    fields = fields_of(asked[0])
    assert [field.name for field in fields or ()] == ["people", "outside"]
