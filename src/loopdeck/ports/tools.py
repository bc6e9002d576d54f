"""The verbs an agent may use: described, prepared, judged, run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from loopdeck.session.forms import FormField
from loopdeck.session.values import Assessment, Category, JsonObject, PlanItem, Preview, Usage


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A verb as the model sees it; `mildest` is the least it can do, for levels that offer few."""

    name: str
    description: str
    schema: JsonObject
    mildest: Category = Category.READ
    parallel: bool = False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """How a call ended: `output` goes to the model, the rest to the human.

    `blocked` is what a sandbox kept the call from, in words; the output says it too. `usage` is
    what it took of the run's own model, with its price where that is known. `service` names what
    the call left running, as it had declared.
    """

    ok: bool
    output: str
    diff: str = ""
    files: tuple[str, ...] = ()
    exit_code: int | None = None
    full_output: str = ""
    blocked: str = ""
    usage: Usage | None = None
    cost_usd: float | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Thought:
    """What the run's own model answered a tool; `by` is its name, `stop` why it ended there."""

    text: str
    by: str
    stop: str


@dataclass(frozen=True, slots=True)
class Spool:
    """A private folder for whole outputs, which exists, and the bytes one more may take there."""

    folder: Path
    room: int


class Guard(Protocol):
    """Takes the secrets out of a text that comes in pieces, wherever the pieces are cut."""

    def add(self, text: str) -> str:
        """Take the next piece; returns what is certain by now."""
        ...

    def finish(self) -> str:
        """The rest: nothing more will come."""
        ...


class ToolContext(Protocol):
    """What a running tool may do beside its own work."""

    @property
    def spool(self) -> Spool | None:
        """Where output goes that is too long for the log. Raises `OSError`.

        None where nothing of this call may stay on the disk.
        """
        ...

    def guard(self) -> Guard | None:
        """What output has to pass before anything is written; None where nothing is written."""
        ...

    async def output(self, text: str, stream: Literal["stdout", "stderr"] = "stdout") -> None:
        """Show output while the tool runs."""
        ...

    @property
    def attended(self) -> bool:
        """False where nobody is here to be asked."""
        ...

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """Call the human and wait for the answer."""
        ...

    async def think(
        self, instructions: str, said: Sequence[tuple[Literal["user", "assistant"], str]], most: int
    ) -> Thought:
        """Have the run's own model answer in up to `most` tokens, which count for the run.

        Raises `ToolError` where the run has none left, or the model does not answer.
        """
        ...

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """Replace the agent's plan."""
        ...


class Action(Protocol):
    """A call whose arguments are right: what it is about to do, and doing it."""

    def assess(self) -> Assessment:
        """How bad it can get. Touches the disk only to resolve paths."""
        ...

    def preview(self) -> Preview | None:
        """What a human should see before answering."""
        ...

    def binding(self) -> JsonObject:
        """What decides the effect beside the arguments: real paths, content of the base file."""
        ...

    async def run(self, context: ToolContext) -> ToolResult:
        """Do it. Raises `ToolError` for what the model should hear; cancelling stops it."""
        ...


class Watch(Protocol):
    """Sees files change while nothing happens in the session itself."""

    async def changed(self, paths: Sequence[str]) -> None:
        """Return when one of the paths is no longer as it was at the time of the call."""
        ...


class Toolbox(Protocol):
    """The verbs an agent may use in one workspace."""

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool."""
        ...

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """Validate a call. Raises `ToolError` for an unknown tool or wrong arguments."""
        ...
