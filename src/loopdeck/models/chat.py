"""Chat Completions: what nearly every server for open models speaks."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from loopdeck.models.arguments import tidy
from loopdeck.models.calls import Calls, count_of, object_of, objects_of, text_of
from loopdeck.models.faults import cut_off
from loopdeck.models.history import dump, told
from loopdeck.models.served import Body
from loopdeck.models.wire import OVER
from loopdeck.ports import AssistantTurn, Delta, ModelRequest, Reply, ReplyBlock, ToolUse, Turn
from loopdeck.session.values import JsonObject, TextBlock, ThinkingBlock, Usage

STOPS = {
    "stop": "end_turn",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "length": "max_tokens",
    "content_filter": "refusal",
}
REASONING = ("reasoning_content", "reasoning")  # what servers call it, none of them in a standard


class ChatDialect:
    """Reasoning goes back only beside calls, under the name that it came with.

    Who wants it there cannot go on without it, and elsewhere nobody wants it.
    """

    searches = False
    extras: Mapping[str, JsonObject] = {
        "stream_options": {"stream_options": {"include_usage": True}}
    }

    def path(self, model: str) -> str:
        """The same for all models."""
        del model
        return "chat/completions"

    def turn(self, turn: Turn) -> list[JsonObject]:
        """A message of the model, or the results and words that it is told."""
        if isinstance(turn, AssistantTurn):
            return self._said(turn)
        results: list[JsonObject] = [
            {"role": "tool", "tool_call_id": result.call_id, "content": told(result)}
            for result in turn.results
        ]
        words = "\n\n".join(text for text in turn.texts if text.strip())
        return [*results, {"role": "user", "content": words}] if words else results

    def _said(self, turn: AssistantTurn) -> list[JsonObject]:
        text = "".join(block.text for block in turn.blocks if isinstance(block, TextBlock))
        calls: list[JsonObject] = [
            {
                "id": block.call_id,
                "type": "function",
                "function": {"name": block.tool, "arguments": dump(block.args).decode()},
            }
            for block in turn.blocks
            if isinstance(block, ToolUse)
        ]
        message: JsonObject = {"role": "assistant", "content": text}
        if not calls:
            return [message] if text.strip() else []
        for block in turn.blocks:
            if isinstance(block, ThinkingBlock) and block.signature in REASONING:
                message[block.signature] = message.get(block.signature, "") + block.text
        return [{**message, "tool_calls": calls}]

    def body(self, model: str, request: ModelRequest, most: int) -> Body:
        """The instructions go first, as a message of their own."""
        body: JsonObject = {"model": model, "max_tokens": most, "stream": True}
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.schema,
                    },
                }
                for tool in request.tools
            ]
        words = request.instructions
        head: list[JsonObject] = [{"role": "system", "content": words}] if words.strip() else []
        return Body(body, "messages", head)

    def gatherer(self, earlier_ids: Container[str]) -> "ChatAnswer":
        """What reads one answer."""
        return ChatAnswer(earlier_ids)


@dataclass
class _Call:
    """A call as far as it has come."""

    call_id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])


class ChatAnswer:
    """Gathers the chunks of one answer. The reason to stop is its end; usage may follow it."""

    def __init__(self, earlier_ids: Container[str] = ()) -> None:
        self.started = False
        self.finished = False
        self._made = Calls(earlier_ids)
        self._text: list[str] = []
        self._thinking: dict[str, list[str]] = {}
        self._calls: dict[int, _Call] = {}
        self._refusal: list[str] = []
        self._stop = ""
        self.usage = Usage()

    def take(self, event: JsonObject) -> list[Delta]:
        """One chunk."""
        if isinstance(event.get("choices"), list):
            self.started = True
        self.finished = self.finished or event is OVER
        if usage := object_of(event, "usage"):
            self.usage = usage_of(usage)
        deltas: list[Delta] = []
        for choice in objects_of(event, "choices")[:1]:
            deltas += self._add(object_of(choice, "delta"))
            self._stop = tidy(text_of(choice, "finish_reason")) or self._stop
        return deltas

    def _add(self, delta: JsonObject) -> list[Delta]:
        deltas: list[Delta] = []
        named = next((key for key in REASONING if text_of(delta, key)), "")
        if named:
            thought = text_of(delta, named)
            self._thinking.setdefault(named, []).append(thought)
            deltas.append(Delta("thinking", tidy(thought)))
        if text := text_of(delta, "content"):
            self._text.append(text)
            deltas.append(Delta("text", tidy(text)))
        self._refusal.append(text_of(delta, "refusal"))
        for part in objects_of(delta, "tool_calls"):
            self._extend(part)
        return deltas

    def _extend(self, part: JsonObject) -> None:
        given, call_id = count_of(part, "index"), text_of(part, "id")
        last = max(self._calls, default=-1)
        index = given if given is not None else last + bool(call_id or last < 0)
        call = self._calls.setdefault(index, _Call())
        function = object_of(part, "function")
        call.call_id = call.call_id or call_id
        call.name = call.name or text_of(function, "name")
        arguments = function.get("arguments")
        call.pieces.append(
            arguments
            if isinstance(arguments, str)
            else dump(arguments).decode()
            if arguments
            else ""
        )

    def reply(self) -> Reply:
        """The complete reply."""
        if not self._stop:
            raise cut_off()
        stop = STOPS.get(self._stop, self._stop)
        if stop == "end_turn" and self._calls:
            stop = "tool_use"  # some servers end so whether they call or not
        refused = tidy("".join(self._refusal))
        if refused and not self._calls:
            stop = "refusal"
        blocks = (*self._words(), *self._uses(stop))
        if stop == "tool_use" and not self._calls:
            stop = "end_turn"
        return Reply(blocks, stop, self.usage, detail=refused)

    def _words(self) -> list[ReplyBlock]:
        blocks: list[ReplyBlock] = [
            ThinkingBlock(text=tidy("".join(pieces)), signature=name)
            for name, pieces in self._thinking.items()
        ]
        if text := tidy("".join(self._text)):
            blocks.append(TextBlock(text=text))
        return blocks

    def _uses(self, stop: str) -> list[ReplyBlock]:
        return [
            use
            for _, call in sorted(self._calls.items())
            for use in self._made.made(
                call.name, call.call_id, "".join(call.pieces) or {}, whole=True, stop=stop
            )
        ]


def usage_of(usage: JsonObject) -> Usage:
    """What the cache gave is counted among the input there, and beside it here."""
    cached = count_of(object_of(usage, "prompt_tokens_details"), "cached_tokens") or 0
    return Usage(
        input=max(0, (count_of(usage, "prompt_tokens") or 0) - cached),
        output=count_of(usage, "completion_tokens") or 0,
        cache_read=cached,
    )
