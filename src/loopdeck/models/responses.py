"""The Responses API, with nothing kept on the server: reasoning comes sealed and goes back so."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from loopdeck.models.arguments import parse_arguments, tidy
from loopdeck.models.calls import Calls, count_of, object_of, objects_of, text_of
from loopdeck.models.faults import cut_off
from loopdeck.models.history import dump, told
from loopdeck.models.searching import RESPONSES_SOURCES, RESPONSES_TOOL, in_responses
from loopdeck.models.served import Body
from loopdeck.models.wire import Refusal
from loopdeck.ports import (
    AssistantTurn,
    Delta,
    ModelRequest,
    Reply,
    ReplyBlock,
    ToolUse,
    Turn,
)
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock, Usage

SEALED: JsonObject = {"include": ["reasoning.encrypted_content"]}
SUMMARY: JsonObject = {"reasoning": {"summary": "auto"}}
STOPS = {"max_output_tokens": "max_tokens", "content_filter": "refusal"}
THOUGHTS = frozenset({"response.reasoning_summary_text.delta", "response.reasoning_text.delta"})
ENDS = frozenset({"response.completed", "response.incomplete"})


class ResponsesDialect:
    """A sealed thought is kept as one with a signature: the item's id, a space, the seal."""

    searches = True

    def __init__(self, *, thinking: bool = True) -> None:
        self.extras: Mapping[str, JsonObject] = {
            "include": SEALED,
            **({"reasoning": SUMMARY} if thinking else {}),
        }

    def path(self, model: str) -> str:
        """The same for all models."""
        del model
        return "responses"

    def turn(self, turn: Turn) -> list[JsonObject]:
        """The items of a turn."""
        if isinstance(turn, AssistantTurn):
            return [item for block in turn.blocks for item in said(block)]
        results: list[JsonObject] = [
            {"type": "function_call_output", "call_id": each.call_id, "output": told(each)}
            for each in turn.results
        ]
        texts = [{"type": "input_text", "text": text} for text in turn.texts if text.strip()]
        return [*results, {"role": "user", "content": texts}] if texts else results

    def body(self, model: str, request: ModelRequest, most: int) -> Body:
        """The request without its turns."""
        body: JsonObject = {
            "model": model,
            "max_output_tokens": most,
            "stream": True,
            "store": False,
        }
        if request.instructions.strip():
            body["instructions"] = request.instructions
        if request.search:
            body["include"] = [RESPONSES_SOURCES]
        if request.tools or request.search:
            body["tools"] = [
                {
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.schema,
                    "strict": False,
                }
                for tool in request.tools
            ] + [RESPONSES_TOOL] * request.search
        return Body(body, "input")

    def gatherer(self, earlier_ids: Container[str]) -> "ResponsesAnswer":
        """What reads one answer."""
        return ResponsesAnswer(earlier_ids)


def said(block: ReplyBlock) -> list[JsonObject]:
    """A block of a reply as the item that it was."""
    match block:
        case TextBlock() if block.text.strip():
            content = [{"type": "output_text", "text": block.text}]
            return [{"type": "message", "role": "assistant", "content": content}]
        case ThinkingBlock() if block.signature:
            name, _, seal = block.signature.partition(" ")
            summary = [{"type": "summary_text", "text": block.text}] if block.text else []
            item = {"type": "reasoning", "id": name, "summary": summary}
            return [{**item, "encrypted_content": seal}] if seal else []
        case ToolUse():
            call = {"type": "function_call", "call_id": block.call_id, "name": block.tool}
            return [{**call, "arguments": dump(block.args).decode()}]
        case OpaqueBlock():
            return [block.data]
        case _:
            return []


@dataclass
class _Item:
    """A part of the answer as far as it has come."""

    start: JsonObject
    pieces: list[str] = field(default_factory=list[str])
    done: bool = False

    @property
    def kind(self) -> str:
        return text_of(self.start, "type")

    def text(self) -> str:
        return tidy("".join(self.pieces))


class ResponsesAnswer:
    """Gathers the events of one answer."""

    def __init__(self, earlier_ids: Container[str] = ()) -> None:
        self.started = False
        self.finished = False
        self._calls = Calls(earlier_ids)
        self._items: dict[int, _Item] = {}
        self._refusal: list[str] = []
        self._end: JsonObject = {}

    @property
    def usage(self) -> Usage:
        """What the server has told, which it does at the end."""
        return usage_of(object_of(self._end, "usage"))

    def take(self, event: JsonObject) -> list[Delta]:
        """One event."""
        kind = text_of(event, "type")
        self.started = self.started or kind.startswith("response.")
        item = self._items.get(count_of(event, "output_index") or 0)
        match kind:
            case "response.output_item.added":
                self._items[count_of(event, "output_index") or 0] = _Item(object_of(event, "item"))
            case "response.output_item.done":
                return self._close(event)
            case "response.refusal.delta":
                self._refusal.append(text_of(event, "delta"))
            case "response.failed" | "error":
                raise Refusal(200, {"error": _error(event)}, {})
            case _ if kind in ENDS:
                self.finished, self._end = True, object_of(event, "response")
            case _ if item is not None:
                return self._extend(item, kind, event)
            case _:
                pass
        return []

    def _extend(self, item: _Item, kind: str, event: JsonObject) -> list[Delta]:
        text = text_of(event, "delta")
        if kind == "response.reasoning_summary_part.added" and item.pieces:
            text = "\n\n"
        elif kind == "response.function_call_arguments.delta":
            item.pieces.append(text)
            return []
        elif kind != "response.output_text.delta" and kind not in THOUGHTS:
            return []
        item.pieces.append(text)
        return _shown(item, text)

    def _close(self, event: JsonObject) -> list[Delta]:
        """The end of an item, which holds all of it: what was not streamed is taken from there."""
        at, whole = count_of(event, "output_index") or 0, object_of(event, "item")
        item = self._items.setdefault(at, _Item(whole))
        item.start, item.done = whole, True
        missed = "" if item.pieces else _text_in(whole)
        if not missed:
            return []
        item.pieces.append(missed)
        return _shown(item, missed)

    def reply(self) -> Reply:
        """The complete reply."""
        if not self.finished:
            raise cut_off()
        why = text_of(object_of(self._end, "incomplete_details"), "reason")
        stop = STOPS.get(why, tidy(why)) or "end_turn"
        if stop == "end_turn" and any(i.kind == "function_call" for i in self._items.values()):
            stop = "tool_use"
        refused = tidy("".join(self._refusal))
        if refused and stop == "end_turn":
            stop = "refusal"
        items = (item for _, item in sorted(self._items.items()))
        blocks = tuple(block for item in items for block in self._made(item, stop))
        found = in_responses([item.start for _, item in sorted(self._items.items())])
        return Reply(blocks, stop, self.usage, detail=refused, searches=found)

    def _made(self, item: _Item, stop: str) -> list[ReplyBlock]:
        start = item.start
        match item.kind:
            case "message":
                return [TextBlock(text=text)] if (text := item.text()) else []
            case "reasoning":
                seal = text_of(start, "encrypted_content")
                signature = f"{text_of(start, 'id')} {seal}" if seal else ""
                made = ThinkingBlock(text=item.text(), signature=signature)
                return [made] if made.text or made.signature else []
            case "function_call":
                name, call_id = text_of(start, "name"), text_of(start, "call_id")
                raw: object = item.text() or text_of(start, "arguments") or {}
                return list(self._calls.made(name, call_id, raw, whole=item.done, stop=stop))
            case _:
                return _opaque(start) if item.done else []


def _opaque(item: JsonObject) -> list[ReplyBlock]:
    try:
        return [OpaqueBlock(data=parse_arguments(item))]
    except ValueError:
        return []


def _shown(item: _Item, text: str) -> list[Delta]:
    kinds: dict[str, Delta] = {
        "message": Delta("text", tidy(text)),
        "reasoning": Delta("thinking", tidy(text)),
    }
    return [kinds[item.kind]] if text and item.kind in kinds else []


def _text_in(item: JsonObject) -> str:
    match text_of(item, "type"):
        case "message":
            return "".join(text_of(part, "text") for part in objects_of(item, "content"))
        case "reasoning":
            return "\n\n".join(text_of(part, "text") for part in objects_of(item, "summary"))
        case _:
            return ""


def _error(event: JsonObject) -> JsonObject:
    inner = object_of(object_of(event, "response"), "error") or object_of(event, "error")
    return inner or {key: event.get(key) for key in ("code", "message", "param")}


def usage_of(usage: JsonObject) -> Usage:
    """What the cache gave is counted among the input there, and beside it here."""
    cached = count_of(object_of(usage, "input_tokens_details"), "cached_tokens") or 0
    return Usage(
        input=max(0, (count_of(usage, "input_tokens") or 0) - cached),
        output=count_of(usage, "output_tokens") or 0,
        cache_read=cached,
    )
