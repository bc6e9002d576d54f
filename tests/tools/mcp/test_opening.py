"""The real client with servers of the protocol's own package, in both eras of the protocol."""

import base64
from pathlib import Path

from mcp.client._memory import InMemoryTransport
from mcp.server import MCPServer
from mcp.types import ImageContent, TextContent, ToolAnnotations

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.asking import Elicited
from loopdeck.tools.mcp.opening import talking
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.talk import Ears


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

    return server


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
