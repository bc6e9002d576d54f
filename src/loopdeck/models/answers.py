"""The events of one answer, gathered into a reply: nothing of it is trusted, nothing is lost."""

from collections.abc import Container
from dataclasses import dataclass, field

from loopdeck.models.arguments import parse_arguments, tidy
from loopdeck.models.calls import Calls, count_of, object_of, text_of
from loopdeck.models.faults import Server, cut_off, unreadable
from loopdeck.ports import Delta, Reply, ReplyBlock
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock, Usage

STOPS = {"model_context_window_exceeded": "context_full"}
DELTA_TEXT = {"text_delta": ("text", "text"), "thinking_delta": ("thinking", "thinking")}
PROGRESS = frozenset(
    {
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    }
)
USAGE = {
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cache_read",
    "cache_creation_input_tokens": "cache_write",
}
HERE = Server("The model server")


@dataclass
class _Block:
    """A block as far as it has come; pieces are joined once, so a long one stays cheap."""

    start: JsonObject
    pieces: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    done: bool = False

    @property
    def kind(self) -> str:
        return text_of(self.start, "type")

    def take(self, delta: JsonObject) -> None:
        for key, value in delta.items():
            if key == "type":
                continue
            if isinstance(value, str):
                self.pieces.setdefault(key, []).append(value)
            else:
                self.start[key] = value

    def text(self, key: str) -> str:
        return tidy(text_of(self.start, key) + "".join(self.pieces.get(key, ())))

    def opaque(self) -> OpaqueBlock:
        data = self.start | {key: self.text(key) for key in self.pieces if key != "partial_json"}
        try:
            if "partial_json" in self.pieces:
                data["input"] = parse_arguments(self.text("partial_json"))
            return OpaqueBlock(data=parse_arguments(data))
        except ValueError as error:
            raise unreadable(HERE) from error


class Answer:
    """Takes in the events of one answer, in order. Raises `ModelUnavailable` for nonsense."""

    def __init__(self, earlier_ids: Container[str] = ()) -> None:
        self.started = False
        self.finished = False
        self._calls = Calls(earlier_ids)
        self._blocks: list[_Block] = []
        self._usage: dict[str, int] = {}
        self._stop = ""
        self._detail = ""
        self.searched: int | None = None  # how many searches the server counts, if it says so

    @property
    def usage(self) -> Usage:
        """What the server has told so far."""
        return Usage.model_validate(self._usage)

    def take(self, event: JsonObject) -> Delta | None:
        """One event; what it adds to the screen, if anything."""
        kind = event.get("type")
        if kind == "message_start":
            self.started = True
            self._count(object_of(object_of(event, "message"), "usage"))
            return Delta("text", "", self.usage)
        if kind in PROGRESS and not self.started:
            raise unreadable(HERE)
        match kind:
            case "content_block_start":
                self._begin(event)
            case "content_block_delta":
                return self._extend(event)
            case "content_block_stop":
                self._at(event).done = True
            case "message_delta":
                self._end(event)
            case "message_stop":
                self.finished = True
            case _:
                pass  # an event of a newer server
        return None

    def reply(self) -> Reply:
        """The complete reply; its cost is for the caller to add."""
        if not self.finished or not self._stop:
            raise cut_off()
        blocks = tuple(made for block in self._blocks for made in self._made(block))
        return Reply(blocks, self._stop, self.usage, detail=self._detail)

    def _begin(self, event: JsonObject) -> None:
        if event.get("index") != len(self._blocks):
            raise unreadable(HERE)
        self._blocks.append(_Block(dict(object_of(event, "content_block"))))

    def _extend(self, event: JsonObject) -> Delta | None:
        delta = object_of(event, "delta")
        block = self._at(event)
        block.take(delta)
        key, kind = DELTA_TEXT.get(text_of(delta, "type"), ("", ""))
        text = text_of(delta, key)
        if not text or kind != block.kind:
            return None
        return Delta("text" if kind == "text" else "thinking", tidy(text))

    def _at(self, event: JsonObject) -> _Block:
        index = event.get("index")
        if not isinstance(index, int) or not 0 <= index < len(self._blocks):
            raise unreadable(HERE)
        return self._blocks[index]

    def _end(self, event: JsonObject) -> None:
        self._count(object_of(event, "usage"))
        delta = object_of(event, "delta")
        stop = text_of(delta, "stop_reason")
        self._stop = STOPS.get(stop, tidy(stop)) or self._stop
        details = object_of(delta, "stop_details")
        words = (text_of(details, "category"), text_of(details, "explanation"))
        self._detail = tidy(": ".join(filter(None, words))) or self._detail

    def _count(self, usage: JsonObject) -> None:
        # Counts are running totals: a later one replaces, a missing one leaves what was said.
        for theirs, ours in USAGE.items():
            if (count := count_of(usage, theirs)) is not None:
                self._usage[ours] = count
        made = count_of(object_of(usage, "server_tool_use"), "web_search_requests")
        self.searched = self.searched if made is None else made

    def _made(self, block: _Block) -> list[ReplyBlock]:
        match block.kind:
            case "text":
                return [TextBlock(text=text)] if (text := block.text("text")) else []
            case "thinking":
                made = ThinkingBlock(text=block.text("thinking"), signature=block.text("signature"))
                return [made] if made.text or made.signature else []
            case "tool_use":
                return self._call(block)
            case _:
                return [block.opaque()] if block.done else []

    def _call(self, block: _Block) -> list[ReplyBlock]:
        raw: object = block.text("partial_json") or block.start.get("input") or {}
        return list(
            self._calls.made(
                block.text("name"), block.text("id"), raw, whole=block.done, stop=self._stop
            )
        )
