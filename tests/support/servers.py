"""MCP servers that a test sets: what they are, and what was asked of them."""

from collections.abc import Callable, Mapping, Sequence

from loopdeck.errors import ToolError
from loopdeck.ports.servers import Prompt, Resource, ServerView, ToolView
from loopdeck.session.values import Category

EVIL = "\x1b]52;c;b3duZWQ=\x07[@click=app.quit]x[/]\u202e"

GIT = ServerView(
    "git",
    "ready",
    "stdio 2026-07-28",
    tools=12,
    calls=31,
    running=1,
    median_ms=42.0,
    last_ms=1_240.0,
)
DOCS = ServerView(
    "docs",
    "resting",
    "http 2025-11-25",
    tools=3,
    calls=4,
    failed=1,
    median_ms=310.0,
    last_ms=290.0,
    restarts=2,
    again_s=7.6,
    trouble="It ended in the middle of a call.",
    said=f"ready on port 4100\nTraceback (most recent call last):\nKeyError: {EVIL}",
)
TIME = ServerView("time", "ready", "stdio 2026-07-28", tools=2)


class FakeServers:
    """Answers with what it holds; a resource or a prompt that it has not got is an error."""

    def __init__(self, *views: ServerView) -> None:
        self.known = list(views or (GIT, DOCS, TIME))
        self.restarted: list[str] = []
        self.listeners: list[Callable[[str], None]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.texts = {("docs", "notes://plan"): "Ship it on Friday."}

    def views(self) -> Sequence[ServerView]:
        """What it holds."""
        return tuple(self.known)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Remember who listens."""
        self.listeners.append(tell)

    def tools(self, server: str) -> Sequence[ToolView]:
        """The same three of each server."""
        return [
            ToolView(f"mcp__{server}__log", Category.READ, "accepted", "Shows the history."),
            ToolView(f"mcp__{server}__reset", Category.DESTRUCTIVE, "changed", f"Resets. {EVIL}"),
            ToolView(f"mcp__{server}__push", Category.NETWORK, "new", "Sends commits."),
        ]

    def resources(self) -> Sequence[Resource]:
        """A note, and a form of more of them."""
        return [
            Resource("docs", "notes://plan", "the plan", "text/plain"),
            Resource("docs", "notes://{day}", "one day", "text/plain", template=True),
        ]

    def prompts(self) -> Sequence[Prompt]:
        """One that needs a word."""
        return [Prompt("docs", "sum_up", "Sums a topic up.", ("topic",), ("tone",))]

    def restart(self, server: str) -> None:
        """Remember it."""
        self.restarted.append(server)

    async def read(self, server: str, uri: str) -> str:
        """The text that stands there."""
        if (server, uri) not in self.texts:
            raise ToolError(f"The MCP server {server} says: there is no {uri}")
        return self.texts[server, uri]

    async def prompt(self, server: str, name: str, args: Mapping[str, str]) -> str:
        """Words with what was given."""
        self.asked.append((server, name, dict(args)))
        return f"Sum up {args['topic']}.\n{EVIL}"
