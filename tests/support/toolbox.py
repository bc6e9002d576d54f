"""Tools whose effects a test can watch: they write into a dict instead of a disk."""

import asyncio
from collections.abc import Sequence
from typing import Literal

from loopdeck.errors import ToolError
from loopdeck.ports import Action, ToolContext, ToolResult, ToolSpec
from loopdeck.session.values import Assessment, Category, JsonObject, PlanItem, Preview

CATEGORIES = {
    "look": Category.READ,
    "put": Category.WRITE,
    "write_file": Category.WRITE,
    "wreck": Category.DESTRUCTIVE,
    "fetch": Category.NETWORK,
    "shell": Category.UNKNOWN,
    "plan": Category.READ,
    "question": Category.READ,
}


class FakeToolbox:
    """`look` reads, `put` and `write_file` write, `wreck` destroys, `shell` runs a check."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {"a": "one", "b": "two"}
        self.ran: list[str] = []
        self.running = 0
        self.most_at_once = 0
        self.exit_codes: list[int] = []
        self.gate: asyncio.Event | None = None
        self.begun = asyncio.Event()
        self.beside = {"look"}  # what may run beside others
        self.refuses: ToolError | None = None
        self.facts: JsonObject = {}  # more of what every call is judged by
        self.changed: dict[str, Category] = {}  # what a call on this key does, if not the usual
        self.bound: JsonObject = {}  # more of what every call is bound to

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool."""
        return [
            ToolSpec(name, name, {"type": "object"}, category, parallel=name in self.beside)
            for name, category in CATEGORIES.items()
        ]

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """Validate a call."""
        if tool not in CATEGORIES:
            raise ToolError(f"There is no tool {tool}.")
        if tool in ("look", "put", "write_file", "wreck") and not isinstance(args.get("key"), str):
            raise ToolError("key: a string is needed")
        return FakeAction(self, tool, args)


class FakeAction:
    """One call on the dict."""

    def __init__(self, box: FakeToolbox, tool: str, args: JsonObject) -> None:
        self.box = box
        self.tool = tool
        self.args = args

    def assess(self) -> Assessment:
        """The category of the tool."""
        category = self.box.changed.get(str(self.args.get("key")), CATEGORIES[self.tool])
        return Assessment(category=category, facts={"outside_workspace": False} | self.box.facts)

    def preview(self) -> Preview | None:
        """What is there now; a read shows nothing before it was allowed."""
        if self.tool == "look":
            return None
        return Preview(kind="text", text=self.box.files.get(str(self.args.get("key")), ""))

    def binding(self) -> JsonObject:
        """The content that the call was judged on."""
        if self.box.refuses is not None:
            raise self.box.refuses
        return {"base": self.box.files.get(str(self.args.get("key")))} | self.box.bound

    async def run(self, context: ToolContext) -> ToolResult:
        """Do it, and note how many run at once."""
        box = self.box
        box.running += 1
        box.most_at_once = max(box.most_at_once, box.running)
        box.begun.set()
        try:
            await asyncio.sleep(0)
            if box.gate is not None:
                await box.gate.wait()
            return await self._act(context)
        finally:
            box.running -= 1

    async def _asked(self, context: ToolContext) -> str:
        """What the model said, or else the human; with `sure` both."""
        text = ""
        if "muse" in self.args:
            words = str(self.args["muse"])
            said: list[tuple[Literal["user", "assistant"], str]] = [("user", words)]
            text = (await context.think("Be short.", said, 60)).text
        if not text or "sure" in self.args:
            return await context.ask("Which?", ("this", "that"))
        return text

    async def _act(self, context: ToolContext) -> ToolResult:
        key = str(self.args.get("key"))
        self.box.ran.append(f"{self.tool} {key}")
        match self.tool:
            case "look":
                if key not in self.box.files:
                    raise ToolError(f"There is no {key}.")
                return ToolResult(ok=True, output=self.box.files[key])
            case "put" | "write_file":
                self.box.files[key] = str(self.args.get("value"))
                return ToolResult(ok=True, output="written", files=(key,))
            case "wreck":
                return ToolResult(ok=self.box.files.pop(key, None) is not None, output="gone")
            case "fetch":
                return ToolResult(ok=True, output="from outside")
            case "plan":
                await context.revise_plan([PlanItem(text="first", state="doing")])
                return ToolResult(ok=True, output="noted")
            case "question":
                return ToolResult(ok=True, output=await self._asked(context))
            case _:
                code = self.box.exit_codes.pop(0) if self.box.exit_codes else 0
                return ToolResult(ok=code == 0, output=f"exit {code}", exit_code=code)
