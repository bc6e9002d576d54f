"""What the fake Messages server answers: replies in blocks, and everything that can go wrong."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from loopdeck.session.values import JsonObject


@dataclass(frozen=True)
class Text:
    """Words, sent in `pieces` deltas."""

    text: str
    pieces: int = 2


@dataclass(frozen=True)
class Thinking:
    """Reasoning with its signature."""

    text: str
    signature: str = "sig-1"
    pieces: int = 2


@dataclass(frozen=True)
class Call:
    """A tool call; `raw` replaces the JSON of the arguments."""

    tool: str
    args: JsonObject = field(default_factory=dict[str, object])
    call_id: str = "call-1"
    pieces: int = 3
    raw: str | None = None


@dataclass(frozen=True)
class Other:
    """A block sent whole in its start frame, whatever it is."""

    block: JsonObject


BlockScript = Text | Thinking | Call | Other


FaultKind = Literal["cut", "drop", "reset", "stall", "pings", "error", "garbage"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong after `after` frames were sent; `cut` may leave `extra` bytes of the next.

    `cut` ends the body as if it were whole, `drop` closes the connection in the middle of it,
    `reset` aborts it, `stall` says nothing more, `pings` sends pings only, `error` sends an error
    event, `garbage` a data line that is not JSON.
    """

    kind: FaultKind
    after: int
    extra: int = 0
    error_type: str = "overloaded_error"


@dataclass(frozen=True)
class Script:
    """One reply over a stream. `usage=None` leaves the usage of the end out."""

    blocks: tuple[BlockScript, ...] = ()
    stop: str | None = "end_turn"
    usage: Mapping[str, int | None] | None = field(
        default_factory=lambda: {"input_tokens": 100, "output_tokens": 20}
    )
    details: JsonObject | None = None
    fault: Fault | None = None
    delay_s: float = 0.0

    def frames(self) -> list[bytes]:
        """The whole reply as frames of an event stream."""
        usage = {"input_tokens": 1, "output_tokens": 1} | dict(self.usage or {})
        head: JsonObject = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "fake",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        end: JsonObject = {"delta": {"stop_reason": self.stop, "stop_sequence": None}}
        if self.details is not None:
            end["delta"]["stop_details"] = self.details
        if self.usage is not None:
            end["usage"] = dict(self.usage)
        frames = [frame("message_start", {"message": head})]
        for index, block in enumerate(self.blocks):
            frames += block_frames(index, block)
        return [*frames, frame("message_delta", end), frame("message_stop", {})]

    def upto(self, block: int) -> int:
        """How many frames there are up to the end of a block, counted from 0."""
        parts = [block_frames(i, each) for i, each in enumerate(self.blocks[: block + 1])]
        return 1 + sum(map(len, parts))


@dataclass(frozen=True)
class HttpFault:
    """An answer that is no stream. `body` replaces the JSON of the error."""

    status: int
    error_type: str = "api_error"
    message: str = "something went wrong"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None

    def payload(self) -> bytes:
        """The body that is sent."""
        if self.body is not None:
            return self.body
        error = {"type": self.error_type, "message": self.message}
        return json.dumps({"type": "error", "error": error}).encode()


@dataclass(frozen=True)
class NoAnswer:
    """The connection is dropped before a single byte."""


Answer = Script | HttpFault | NoAnswer
Answers = Sequence[Answer] | Callable[[JsonObject], Answer]


def frame(name: str, data: JsonObject) -> bytes:
    """One event as it goes over the wire."""
    return f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n".encode()


def block_frames(index: int, block: BlockScript) -> list[bytes]:
    """The frames of one block: start, deltas, stop."""
    start, deltas = _parts(block)
    return [
        frame("content_block_start", {"index": index, "content_block": start}),
        *(frame("content_block_delta", {"index": index, "delta": delta}) for delta in deltas),
        frame("content_block_stop", {"index": index}),
    ]


def _parts(block: BlockScript) -> tuple[JsonObject, list[JsonObject]]:
    match block:
        case Text():
            pieces = split(block.text, block.pieces)
            return {"type": "text", "text": ""}, [
                {"type": "text_delta", "text": piece} for piece in pieces
            ]
        case Thinking():
            pieces = split(block.text, block.pieces)
            deltas: list[JsonObject] = [
                {"type": "thinking_delta", "thinking": piece} for piece in pieces
            ]
            if block.signature:
                deltas.append({"type": "signature_delta", "signature": block.signature})
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas
        case Call():
            raw = json.dumps(block.args) if block.raw is None else block.raw
            start: JsonObject = {"type": "tool_use", "id": block.call_id, "name": block.tool}
            return start | {"input": {}}, [
                {"type": "input_json_delta", "partial_json": piece}
                for piece in split(raw, block.pieces)
            ]
        case Other():
            return block.block, []
        case _:
            assert_never(block)


def split(text: str, pieces: int) -> Iterator[str]:
    """The text in about equal parts."""
    size = max(1, -(-len(text) // max(1, pieces)))
    return (text[at : at + size] for at in range(0, len(text), size))


ARGUMENTS = {"path": ".", "query": "Loopdeck", "pattern": "Loopdeck", "text": "Loopdeck"}
READS = ("list_files", "read_file", "search_text")


def steps(count: int, *, delay_s: float = 0.0) -> Callable[[JsonObject], Answer]:
    """An agent that reads its workspace for `count` steps and then says it is done."""

    def answer(request: JsonObject) -> Answer:
        done = sum(turn["role"] == "assistant" for turn in request["messages"])
        if done >= count:
            return Script((Text("All of it is read. Done.", pieces=8),), delay_s=delay_s)
        text = Text(f"Step {done + 1}: I look at the workspace before I say anything.", pieces=8)
        call = Call(*reading(done, request.get("tools", [])), call_id=f"toolu_{done + 1}")
        return Script((text, call), stop="tool_use", delay_s=delay_s)

    return answer


def reading(turn: int, tools: Sequence[JsonObject]) -> tuple[str, JsonObject]:
    """A read of the workspace, with the arguments that the offered tool demands."""
    name = READS[turn % len(READS)]
    demanded = [t["input_schema"].get("required", []) for t in tools if t["name"] == name]
    args: JsonObject = {key: ARGUMENTS.get(key, "") for keys in demanded for key in keys}
    if name == "read_file":
        args["path"] = "README.md"
    return name, args


def script_named(name: str, *, delay_s: float = 0.0) -> Callable[[JsonObject], Answer]:
    """The script of a command line: `steps:N`."""
    kind, _, count = name.partition(":")
    if kind != "steps" or not count.isdigit():
        raise ValueError(f"No script is called {name!r}: say steps:N.")
    return steps(int(count), delay_s=delay_s)
