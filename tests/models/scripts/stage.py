"""A small loop around a scripted model: real tools, a human made of functions, no harness."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from loopdeck.cli.demo import Demo, prepare
from loopdeck.errors import ToolError
from loopdeck.models.scripted import scripted_model
from loopdeck.ports import (
    AssistantTurn,
    CallResult,
    Guard,
    ModelRequest,
    Reply,
    ToolResult,
    ToolSpec,
    ToolUse,
    Turn,
    UserTurn,
)
from loopdeck.ports.tools import Spool, Thought
from loopdeck.session.forms import FormField
from loopdeck.session.values import JsonObject, PlanItem, TextBlock
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.clock import FakeClock

ASKS = ("write_file", "edit_file", "delete_file", "shell")
TOOLS = (ToolSpec("read_file", "Reads a file.", {}),)
LONGEST = 30  # steps; a script that needs more is lost


@dataclass(frozen=True, slots=True)
class No:
    """A denial; `by` is who says it."""

    reason: str = ""
    by: str = "your human"


Answer = No | JsonObject | None
Human = Callable[[ToolUse], Answer]


def agree(use: ToolUse) -> Answer:
    """Says yes to everything."""
    del use


@dataclass(frozen=True, slots=True)
class Quiet:
    """A tool context that shows nothing; the human is never asked from within a tool."""

    spool: Spool

    def guard(self) -> Guard | None:
        """No secrets here."""
        return None

    async def output(self, text: str, stream: Literal["stdout", "stderr"] = "stdout") -> None:
        """Goes nowhere."""

    attended = True

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """No script asks."""
        raise AssertionError(question)

    async def think(
        self, instructions: str, said: Sequence[tuple[Literal["user", "assistant"], str]], most: int
    ) -> Thought:
        """No script does."""
        raise AssertionError(instructions)

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """Goes nowhere."""


@dataclass(slots=True)
class Stage:
    """Plays a session of one script to its end. `before` runs ahead of every model call."""

    demo: Demo
    spool: Path
    human: Human = agree
    before: Callable[["Stage"], None] = lambda _: None
    turns: list[Turn] = field(default_factory=list[Turn])
    replies: list[Reply] = field(default_factory=list[Reply])
    words: list[str] = field(default_factory=list[str])
    checked: bool = False

    @property
    def calls(self) -> list[ToolUse]:
        """Every call that was proposed."""
        return [use for reply in self.replies for use in uses(reply)]

    @property
    def texts(self) -> list[str]:
        """What the model said, a text a reply."""
        return [text(reply) for reply in self.replies]

    @property
    def call_ids(self) -> list[str]:
        """The id of every call."""
        return [use.call_id for use in self.calls]

    def file(self, name: str) -> str:
        """A file of the workspace."""
        return (self.demo.workspace / name).read_text("utf-8")

    def drafts(self) -> list[str]:
        """The names of the drafts."""
        folder = self.demo.workspace / "drafts"
        return sorted(path.name for path in folder.glob("*.md")) if folder.exists() else []

    def calls_of(self, reply: Reply) -> list[ToolUse]:
        """The calls of one reply."""
        return uses(reply)

    def args_of(self, tool: str) -> list[JsonObject]:
        """The arguments of every call of a tool."""
        return [use.args for use in self.calls if use.tool == tool]

    @property
    def plan(self) -> dict[str, str]:
        """The plan as it stood at the end: each item with its state."""
        items = self.args_of("update_plan")[-1]["items"]
        return {str(item["text"]): str(item["state"]) for item in items}

    async def play(self, *, checks: int = 3) -> None:
        """Until the script is done and the check passes, or was tried `checks` times."""
        self.turns = [UserTurn(texts=(self.demo.goal,))]
        for _ in range(LONGEST):
            self.before(self)
            reply = await ask(self.demo.model, self.turns)
            self.replies.append(reply)
            results = tuple([await self._carry_out(use) for use in uses(reply)])
            self.turns.append(AssistantTurn(reply.blocks))
            if not results:
                failed = await self._check()
                checks -= 1
                if not failed or not checks:
                    return
                self.words.append(failed)
            self.turns.append(UserTurn(results, tuple(self.words)))
            self.words.clear()
        raise AssertionError("the script does not come to an end")

    async def _check(self) -> str:
        result = await self._run("shell", {"command": self.demo.check})
        self.checked = result.ok
        if self.checked:
            return ""
        return f"The check failed (exit code 1). Its output:\n{result.output}\nThe goal is met when"

    async def _carry_out(self, use: ToolUse) -> CallResult:
        answer = self.human(use) if use.tool in ASKS else None
        if isinstance(answer, No):
            reason = f": {answer.reason}" if answer.reason else ""
            said = f"Denied by {answer.by}{reason}. Nothing ran; do not try the same call again."
            return CallResult(use.call_id, said, is_error=True)
        result = await self._run(use.tool, use.args if answer is None else answer)
        output = result.output
        if answer is not None:
            ran = json.dumps(answer, ensure_ascii=False)
            output = f"The human changed the arguments; what ran was: {ran}\n{output}"
        return CallResult(use.call_id, output, is_error=not result.ok)

    async def _run(self, tool: str, args: JsonObject) -> ToolResult:
        try:
            action = BuiltinToolbox(self.demo.workspace).prepare(tool, args)
            return await action.run(Quiet(Spool(self.spool, 1_000_000)))
        except ToolError as error:
            return ToolResult(ok=False, output=str(error))


def stage(name: str, parent: Path, human: Human = agree) -> Stage:
    """A stage with a fresh workspace."""
    spool = parent / "spool"
    spool.mkdir(exist_ok=True)
    return Stage(prepare(name, parent), spool, human)


def uses(reply: Reply) -> list[ToolUse]:
    """The calls of a reply."""
    return [block for block in reply.blocks if isinstance(block, ToolUse)]


def text(reply: Reply) -> str:
    """The words of a reply."""
    return "".join(block.text for block in reply.blocks if isinstance(block, TextBlock))


async def ask(model: str, turns: list[Turn], *, tools: tuple[ToolSpec, ...] = TOOLS) -> Reply:
    """One reply of a model that knows nothing but these turns."""
    fresh = scripted_model(model, clock=FakeClock(), pace=0)
    parts = [part async for part in fresh.stream(ModelRequest("", list(turns), tools))]
    assert isinstance(parts[-1], Reply)
    return parts[-1]
