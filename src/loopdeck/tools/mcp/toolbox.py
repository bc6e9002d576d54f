"""The tools of MCP servers beside our own, and a call of one as an action like any other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.ports import Action, Toolbox, ToolContext, ToolResult, ToolSpec
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, Reason
from loopdeck.tools.mcp.finding import FIND, Finder
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.offers import Offer, category_of
from loopdeck.tools.mcp.reaching import facts_of
from loopdeck.tools.mcp.reading import LIST, READ, prepared, reading_specs
from loopdeck.tools.mcp.results import kept

MOST_ARGS = 100_000
CHANGED = "tool_changed"
"""The fact of a call whose tool is no longer what it was when a human let it run."""


class JoinedToolbox:
    """Built-in tools first, then those of the servers; where they are many, a tool to find them."""

    def __init__(self, builtin: Toolbox, hub: Hub, workspace: Path) -> None:
        self._builtin, self._hub, self._workspace = builtin, hub, workspace
        self._finder = Finder()

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool that the model is told of now."""
        offers = self._hub.offers
        own = (*self._builtin.specs, *reading_specs(self._hub))
        if not self._finder.is_needed(offers):
            return (*own, *(self._spec(offer) for offer in offers))
        found = (self._spec(offer) for offer in self._finder.found(offers))
        return (*own, self._finder.spec(offers), *found)

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """Validate a call. Raises `ToolError` for an unknown tool or wrong arguments."""
        if tool == FIND:
            return self._finder.prepare(args, self._hub.offers)
        if tool in (LIST, READ):
            return prepared(tool, args, self._hub, self._workspace)
        if not tool.startswith(OF_SERVERS):
            return self._builtin.prepare(tool, args)
        offer = self._hub.current(tool)
        if offer is None:
            raise ToolError(f"No MCP server has a tool {tool!r} now. Nothing ran.")
        if len(json.dumps(args)) > MOST_ARGS:
            raise ToolError(f"The arguments are longer than {MOST_ARGS:,} characters.")
        return McpCall(offer, args, self._hub, self._workspace)

    def _spec(self, offer: Offer) -> ToolSpec:
        trusted = self._hub.server(offer).trusted
        category, _ = category_of(offer.hints, trusted=trusted)
        words = offer.description or offer.tool
        # Whose word does not count may say "read" of what must not run beside others.
        reads = trusted and offer.hints.reads is True
        return ToolSpec(offer.name, words, offer.schema_, mildest=category, parallel=reads)


@dataclass(frozen=True, slots=True)
class McpCall:
    """One call of one tool, as the server described it when the call was judged."""

    offer: Offer
    args: JsonObject
    hub: Hub
    workspace: Path

    def assess(self) -> Assessment:
        """The worst that is possible, unless the human trusts the server to know better."""
        server = self.hub.server(self.offer)
        category, out = category_of(self.offer.hints, trusted=server.trusted)
        facts = facts_of(server, self.args, self.workspace, out=out)
        reasons = [Reason(text=_why(category, trusted=server.trusted, server=server.name))]
        if self.hub.has_changed(self.offer):
            facts[CHANGED] = True
            reasons.append(Reason(text="what the server says of this tool is new"))
        return Assessment(category=category, reasons=tuple(reasons), facts=facts)

    def preview(self) -> Preview:
        """The arguments, and the server's own words on what they do."""
        text = json.dumps(self.args, ensure_ascii=False, indent=1)
        note = f"{self.offer.tool} of the MCP server {self.offer.server}"
        if self.hub.has_changed(self.offer):
            text = f"{text}\n\nNew words of the server on this tool:\n{self.offer.description}"
        return Preview(kind="text", text=text, title=self.offer.name, note=note)

    def binding(self) -> JsonObject:
        """The server, and its tool as it is now. Raises `ToolError` if it is no longer there."""
        now = self.hub.current(self.offer.name)
        if now is None:
            raise ToolError(f"The MCP server {self.offer.server} has no {self.offer.tool} now.")
        server = self.hub.server(self.offer)
        return {"the MCP server": server.identity, "the tool's description": now.mark}

    async def run(self, context: ToolContext) -> ToolResult:
        """Have the server do it. What is too long for the log goes to a file."""
        answer = await self.hub.call(self.offer, self.args, context)
        return kept(answer.text, context, ok=answer.ok)


def _why(category: Category, *, trusted: bool, server: str) -> str:
    if not trusted:
        return f"nobody vouches for the MCP server {server}, so the worst is assumed"
    return f"the MCP server {server}, which you trust, calls it a {category.value} action"
