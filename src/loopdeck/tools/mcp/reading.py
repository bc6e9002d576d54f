"""`list_resources` and `read_resource`: what servers have to read, as calls like any other."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.ports import Action, ToolContext, ToolResult, ToolSpec
from loopdeck.ports.servers import Resource
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, Reason
from loopdeck.tools.arguments import Arguments, schema_of
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.reaching import facts_of
from loopdeck.tools.mcp.results import kept
from loopdeck.tools.mcp.servers import Server
from loopdeck.tools.mcp.things import MOST_URI

LIST, READ = "list_resources", "read_resource"
MOST_LISTED = 200


class ListResourcesArgs(Arguments):
    """What `list_resources` takes."""

    server: str = Field(default="", max_length=32, description="Only what this MCP server has.")
    words: str = Field(default="", max_length=200, description="Only what says all of these words.")


class ReadResourceArgs(Arguments):
    """What `read_resource` takes."""

    server: str = Field(min_length=1, max_length=32, description="The MCP server that has it.")
    uri: str = Field(
        min_length=1, max_length=MOST_URI, description="Its address, {names} filled in."
    )


def reading_specs(hub: Hub) -> tuple[ToolSpec, ...]:
    """Both tools, where there is anything to read."""
    having = sorted({one.server for one in hub.things.resources})
    if not having:
        return ()
    listing = f"List what can be read of MCP servers. These have something: {', '.join(having)}."
    return (
        ToolSpec(LIST, listing, schema_of(ListResourcesArgs)),
        ToolSpec(
            READ, "Read a resource of an MCP server.", schema_of(ReadResourceArgs), parallel=True
        ),
    )


def prepared(tool: str, args: JsonObject, hub: Hub, workspace: Path) -> Action:
    """A call of one of the two. Raises `ToolError`."""
    if tool == LIST:
        return ListResources(ListResourcesArgs.parse(tool, args), hub)
    wanted = ReadResourceArgs.parse(tool, args)
    server = hub.named(wanted.server)
    if server is None:
        raise ToolError(f"There is no MCP server {wanted.server!r}. Nothing was read.")
    return ReadResource(wanted, server, hub, workspace)


@dataclass(frozen=True, slots=True)
class ListResources:
    """A look at what the servers said they have. It talks to none of them."""

    args: ListResourcesArgs
    hub: Hub

    def assess(self) -> Assessment:
        """Touches nothing; its words are the servers' own."""
        return Assessment(category=Category.READ)

    def preview(self) -> Preview | None:
        """Nothing that is not in the arguments."""
        return None

    def binding(self) -> JsonObject:
        """Nothing beside the arguments decides."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """A line each."""
        words = self.args.words.lower().split()
        lines = [_line(one) for one in self.hub.things.resources if self._fits(one, words)]
        if not lines:
            raise ToolError("There is nothing of that kind to read.")
        rest = len(lines) - MOST_LISTED
        more = [f"[{rest} more: say more words]"] if rest > 0 else []
        return ToolResult(ok=True, output="\n".join((*lines[:MOST_LISTED], *more)))

    def _fits(self, one: Resource, words: list[str]) -> bool:
        if self.args.server and one.server != self.args.server:
            return False
        text = f"{one.uri} {one.words}".lower()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class ReadResource:
    """One resource, read from its server."""

    args: ReadResourceArgs
    server: Server
    hub: Hub
    workspace: Path

    def assess(self) -> Assessment:
        """A read of outside content; of a server that is trusted and local it is no more."""
        trusted, name = self.server.trusted, self.server.name
        out = bool(self.server.host) or not trusted
        facts = facts_of(self.server, {"uri": self.args.uri}, self.workspace, out=out)
        who = f"the MCP server {name}" + ("" if trusted else ", for which nobody vouches")
        reason = Reason(text=f"reads what {who} has: its words are outside content")
        category = Category.NETWORK if out else Category.READ
        return Assessment(category=category, reasons=(reason,), facts=facts)

    def preview(self) -> Preview:
        """The address."""
        note = f"a resource of the MCP server {self.server.name}"
        return Preview(kind="text", text=self.args.uri, title=READ, note=note)

    def binding(self) -> JsonObject:
        """Which server it is."""
        return {"the MCP server": self.server.identity}

    async def run(self, context: ToolContext) -> ToolResult:
        """What stands there. What is too long for the log goes to a file."""
        text = await self.hub.ask(self.server.name, lambda talk: talk.read(self.args.uri))
        return kept(text, context, ok=True)


def _line(one: Resource) -> str:
    form = " (a form: fill in what stands in braces)" if one.template else ""
    kind = f" [{one.kind}]" if one.kind else ""
    return f"{one.server} {one.uri}{kind}{form}: {one.words}"
