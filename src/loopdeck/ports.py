"""The seams of the program on one page: what the harness and the deck ask of the world."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from loopdeck.session.commands import Command
from loopdeck.session.records import Mark, Record
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Summary
from loopdeck.session.values import (
    Assessment,
    Category,
    JsonObject,
    OpaqueBlock,
    PlanItem,
    Preview,
    TextBlock,
    ThinkingBlock,
    Usage,
)


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def wall(self) -> int:
        """UTC nanoseconds, whole microseconds."""
        ...

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a test clock returns at once and moves on."""
        ...


# --- the journal ------------------------------------------------------------------------------


class Journal(Protocol):
    """The append-only log of every session. Raises `JournalError` and its leaves."""

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write records of one session in one transaction; `state` is the fold after the last.

        Durable ones survive a power cut once this returns. Raises `SequenceConflict` when the
        first record's seq is not the head + 1.
        """
        ...

    async def read(
        self, session: str, *, after: int = 0, until: int | None = None, limit: int = 500
    ) -> list[Record]:
        """Records with `after < seq <= until`, in order, at most `limit`."""
        ...

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers, as far as they exist."""
        ...

    async def call_records(self, session: str, call_id: str) -> list[Record]:
        """Every event of one call, in order."""
        ...

    async def marks(self, session: str, *, after: int = 0) -> list[Mark]:
        """The session's index from `after` on, in order."""
        ...

    async def head(self, session: str) -> int:
        """The newest seq; 0 for a session that does not exist."""
        ...

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """A stored fold at or before `seq` to start from, if there is one."""
        ...

    async def wait(self, session: str, after: int) -> int:
        """Return the head as soon as it is beyond `after`, whoever wrote; cancel to give up."""
        ...


class Library(Protocol):
    """All sessions of one database."""

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        ...

    async def find(self, name: str) -> str:
        """The id that `name` means: an id, a unique prefix, or `last`. Raises `UnknownSession`."""
        ...

    async def delete(self, session: str) -> None:
        """Remove a session and everything of it."""
        ...

    def is_live(self, session: str) -> bool:
        """True while some process, this one included, holds the session's claim."""
        ...

    def claim(self, session: str) -> None:
        """Become the session's one writer until the process ends. Raises `SessionBusy`."""
        ...

    def release(self, session: str) -> None:
        """Stop being the session's writer."""
        ...


class Mailbox(Protocol):
    """Commands for a session, left by other processes."""

    async def post(self, session: str, command: Command) -> None:
        """Leave a command, durably."""
        ...

    async def collect(self, session: str) -> list[Command]:
        """Take every command that waits, oldest first; none is handed out twice."""
        ...


class CommandSink(Protocol):
    """Where a human's commands go. `accepts` is false where nothing can act on them."""

    @property
    def accepts(self) -> bool:
        """False for a recording."""
        ...

    async def send(self, command: Command) -> None:
        """Hand a command over. Raises `ReadOnlyError` where it cannot be."""
        ...


# --- the model --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call as the model wrote it."""

    call_id: str
    tool: str
    args: JsonObject


@dataclass(frozen=True, slots=True)
class CallResult:
    """What the model is told about a call."""

    call_id: str
    text: str
    is_error: bool = False


ReplyBlock = TextBlock | ThinkingBlock | ToolUse | OpaqueBlock


@dataclass(frozen=True, slots=True)
class UserTurn:
    """Results of the last turn's calls, in order, then what the human wrote."""

    results: tuple[CallResult, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistantTurn:
    """One reply of the model as it goes back to it."""

    blocks: tuple[ReplyBlock, ...]


Turn = UserTurn | AssistantTurn


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A verb as the model sees it; `mildest` is the least it can do, for levels that offer few."""

    name: str
    description: str
    schema: JsonObject
    mildest: Category = Category.READ
    parallel: bool = False


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Everything one model call needs."""

    instructions: str
    turns: Sequence[Turn]
    tools: Sequence[ToolSpec] = ()
    max_tokens: int = 16_000


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply as it streams in."""

    kind: Literal["text", "thinking"]
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply.

    `stop` is `end_turn`, `tool_use`, `max_tokens`, `stop_sequence`, `pause_turn`, `refusal`,
    `context_full`, or the vendor's own word where it is none of these. Calls may run only on
    `tool_use`. `detail` explains a refusal.
    """

    blocks: tuple[ReplyBlock, ...]
    stop: str
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    detail: str = ""


class Model(Protocol):
    """A model that thinks. `name` is what the user typed."""

    @property
    def name(self) -> str:
        """The name the session records."""
        ...

    def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Reply]:
        """Deltas, then exactly one `Reply`, last.

        Raises `ModelUnavailable` for what may pass (a cut stream included) and `ModelRejected`
        for what will not. Cancelling closes the connection.
        """
        ...


# --- tools ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToolResult:
    """How a call ended: `output` goes to the model, the rest to the human."""

    ok: bool
    output: str
    diff: str = ""
    files: tuple[str, ...] = ()
    exit_code: int | None = None
    full_output: str = ""


class ToolContext(Protocol):
    """What a running tool may do beside its own work."""

    @property
    def spool(self) -> Path:
        """A private folder for output too long to keep in the log; exists."""
        ...

    async def output(self, text: str, stream: Literal["stdout", "stderr"] = "stdout") -> None:
        """Show output while the tool runs."""
        ...

    async def ask(self, question: str, options: Sequence[str] = ()) -> str:
        """Call the human and wait for the answer."""
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


class Toolbox(Protocol):
    """The verbs an agent may use in one workspace."""

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool."""
        ...

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """Validate a call. Raises `ToolError` for an unknown tool or wrong arguments."""
        ...
