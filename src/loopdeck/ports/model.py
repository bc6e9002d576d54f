"""The model that thinks: a request in, a stream of deltas and one reply out."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from loopdeck.ports.tools import ToolSpec
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock, Usage


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call as the model wrote it; one with a `fault` could not be read, and cannot run."""

    call_id: str
    tool: str
    args: JsonObject
    fault: str = ""


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
    """One reply of a model as it goes back; `by` is the model's name, empty if nobody knows it."""

    blocks: tuple[ReplyBlock, ...]
    by: str = field(default="", compare=False)


Turn = UserTurn | AssistantTurn


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Everything one model call needs; with `search` its maker may search the web for it."""

    instructions: str
    turns: Sequence[Turn]
    tools: Sequence[ToolSpec] = ()
    max_tokens: int = 16_000
    search: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply as it streams in.

    One with `usage` says what the server has told so far of what the reply takes, all in all, for
    the case that it is cut; it may have no text.
    """

    kind: Literal["text", "thinking"]
    text: str
    usage: Usage | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the web that the model's own maker made: its words, and what was `found`."""

    query: str
    found: str
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply.

    `stop` is `end_turn`, `tool_use`, `max_tokens`, `stop_sequence`, `pause_turn`, `refusal`,
    `context_full`, or the vendor's own word where it is none of these. Calls may run only on
    `tool_use`. `detail` explains a refusal, or says what the server could not do. `window` is how
    many tokens the model takes in all; 0 where that is not known.
    """

    blocks: tuple[ReplyBlock, ...]
    stop: str
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    detail: str = ""
    window: int = 0
    searches: tuple[Search, ...] = ()


class Model(Protocol):
    """A model that thinks. `name` is what the user typed."""

    @property
    def name(self) -> str:
        """The name the session records."""
        ...

    async def warm_up(self) -> None:
        """Load what the first request would have to wait for; may be called while it runs."""
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """Deltas, then exactly one `Reply`, last.

        Raises `ModelUnavailable` for what may pass (a cut stream included) and `ModelRejected`
        for what will not. Cancelling closes the connection.
        """
        ...
