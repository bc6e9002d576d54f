"""Gemini's own API: signatures hang on parts of any kind, and go back on the same ones."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from loopdeck.models.arguments import parse_arguments, tidy
from loopdeck.models.calls import Calls, count_of, malformed, object_of, objects_of, text_of
from loopdeck.models.faults import cut_off
from loopdeck.models.searching import GEMINI_BESIDE, GEMINI_TOOL, in_gemini
from loopdeck.models.served import Body
from loopdeck.ports import (
    AssistantTurn,
    CallResult,
    Delta,
    ModelRequest,
    Reply,
    ReplyBlock,
    ToolUse,
    Turn,
)
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock, Usage

STOPS = {
    "STOP": "end_turn",
    "MAX_TOKENS": "max_tokens",
    **dict.fromkeys(
        ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"), "refusal"
    ),
}
MALFORMED = frozenset({"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"})
# The vendor's own word for a call that another model made, which has no signature of this one.
UNSIGNED = "skip_thought_signature_validator"
NEXT, ALONE = "next ", "alone "  # where a signature was: on the block behind it, or on no text


class GeminiDialect:
    """A signature is kept as a thought without words, in front of the block that it was on."""

    searches = True

    def __init__(self, *, thinking: bool = True) -> None:
        shown: JsonObject = {"generationConfig": {"thinkingConfig": {"includeThoughts": True}}}
        self.extras: Mapping[str, JsonObject] = {"think": shown} if thinking else {}
        self._tools: dict[str, str] = {}

    def path(self, model: str) -> str:
        """The model is part of the address."""
        return f"v1beta/models/{model}:streamGenerateContent?alt=sse"

    def turn(self, turn: Turn) -> list[JsonObject]:
        """One content."""
        if isinstance(turn, AssistantTurn):
            parts = self._said(turn.blocks)
            return [{"role": "model", "parts": parts}] if parts else []
        results = [self._result(result) for result in turn.results]
        texts: list[JsonObject] = [{"text": text} for text in turn.texts if text.strip()]
        parts = [*results, *texts]
        return [{"role": "user", "parts": parts}] if parts else []

    def _result(self, result: CallResult) -> JsonObject:
        key = "error" if result.is_error else "output"
        name = self._tools.get(result.call_id, "tool")
        told = {"id": result.call_id, "name": name, "response": {key: result.text}}
        return {"functionResponse": told}

    def _said(self, blocks: Sequence[ReplyBlock]) -> list[JsonObject]:
        parts: list[JsonObject] = []
        signed = any(isinstance(block, ThinkingBlock) and block.signature for block in blocks)
        signature, first = "", "" if signed else UNSIGNED
        for block in blocks:
            if isinstance(block, ThinkingBlock):
                if block.signature.startswith(ALONE):
                    signed = block.signature.removeprefix(ALONE)
                    parts.append({"text": "", "thoughtSignature": signed})
                elif block.signature.startswith(NEXT):
                    signature = block.signature.removeprefix(NEXT)
                continue
            if isinstance(block, ToolUse):
                self._tools[block.call_id] = block.tool
                # Of several calls at once only the first has a signature.
                signature, first = signature or first, ""
            if part := _part(block):
                parts.append({**part, "thoughtSignature": signature} if signature else part)
                signature = ""
        return parts

    def body(self, model: str, request: ModelRequest, most: int) -> Body:
        """The request without its turns."""
        del model
        body: JsonObject = {"generationConfig": {"maxOutputTokens": most}}
        if request.instructions.strip():
            body["systemInstruction"] = {"parts": [{"text": request.instructions}]}
        if request.tools:
            declared = [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "parametersJsonSchema": tool.schema,
                }
                for tool in request.tools
            ]
            body["tools"] = [{"functionDeclarations": declared}]
        if request.search:
            beside: JsonObject = {"toolConfig": GEMINI_BESIDE} if request.tools else {}
            body |= {"tools": [*objects_of(body, "tools"), GEMINI_TOOL], **beside}
        return Body(body, "contents")

    def gatherer(self, earlier_ids: Container[str]) -> "GeminiAnswer":
        """What reads one answer."""
        return GeminiAnswer(earlier_ids)


def _part(block: ReplyBlock) -> JsonObject:
    match block:
        case TextBlock():
            return {"text": block.text} if block.text else {}
        case ToolUse():
            call = {"id": block.call_id, "name": block.tool, "args": block.args}
            return {"functionCall": call}
        case OpaqueBlock():
            return block.data
        case _:
            return {}


@dataclass
class _Run:
    """Parts of one kind, one behind the other; a call is a run of its own."""

    kind: str
    pieces: list[str] = field(default_factory=list[str])
    data: JsonObject = field(default_factory=dict[str, object])


class GeminiAnswer:
    """Gathers the chunks of one answer; the one with the reason to stop is the last."""

    finished = False  # the end of the stream says so

    def __init__(self, earlier_ids: Container[str] = ()) -> None:
        self.started = False
        self._calls = Calls(earlier_ids)
        self._runs: list[_Run] = []
        self._stop = ""
        self._detail = ""
        self.usage = Usage()
        self._grounds: list[JsonObject] = []

    def take(self, event: JsonObject) -> list[Delta]:
        """One chunk."""
        blocked = text_of(object_of(event, "promptFeedback"), "blockReason")
        if blocked:
            self._stop, self._detail = "SAFETY", blocked
        if usage := object_of(event, "usageMetadata"):
            self.usage = usage_of(usage)
        self.started = self.started or bool(blocked) or "candidates" in event
        deltas: list[Delta] = []
        for candidate in objects_of(event, "candidates")[:1]:
            for part in objects_of(object_of(candidate, "content"), "parts"):
                deltas += self._add(part)
            if grounds := object_of(candidate, "groundingMetadata"):
                self._grounds.append(grounds)
            self._end(candidate)
        return deltas

    def _end(self, candidate: JsonObject) -> None:
        self._stop = tidy(text_of(candidate, "finishReason")) or self._stop
        self._detail = tidy(text_of(candidate, "finishMessage")) or self._detail

    def _add(self, part: JsonObject) -> list[Delta]:
        signature = text_of(part, "thoughtSignature")
        if not isinstance(part.get("text"), str):
            self._sign(NEXT, signature)
            kind = "call" if "functionCall" in part else "other"
            self._runs.append(_Run(kind, data=part))
            return []
        text, kind = text_of(part, "text"), "thinking" if part.get("thought") else "text"
        self._sign(NEXT if text else ALONE, signature)
        if not text:
            return []
        if not self._runs or self._runs[-1].kind != kind:
            self._runs.append(_Run(kind))
        self._runs[-1].pieces.append(text)
        return [Delta("thinking" if kind == "thinking" else "text", tidy(text))]

    def _sign(self, where: str, signature: str) -> None:
        if signature:
            self._runs.append(_Run("signature", [where + signature]))

    def reply(self) -> Reply:
        """The complete reply."""
        if not self._stop:
            raise cut_off()
        if self._stop in MALFORMED:
            raise malformed()
        stop = STOPS.get(self._stop, self._stop)
        if stop == "end_turn" and any(run.kind == "call" for run in self._runs):
            stop = "tool_use"
        detail = self._detail or (self._stop.lower() if stop == "refusal" else "")
        blocks = tuple(block for run in self._runs for block in self._made(run, stop))
        found = in_gemini(self._grounds) if self._grounds else ()
        return Reply(blocks, stop, self.usage, detail=detail, searches=found)

    def _made(self, run: _Run, stop: str) -> list[ReplyBlock]:
        text = tidy("".join(run.pieces))
        match run.kind:
            case "text":
                return [TextBlock(text=text)]
            case "thinking":
                return [ThinkingBlock(text=text)]
            case "signature":
                return [ThinkingBlock(text="", signature=text)]
            case "call":
                call = object_of(run.data, "functionCall")
                name, raw = text_of(call, "name"), call.get("args", "{}")
                return list(self._calls.made(name, text_of(call, "id"), raw, whole=True, stop=stop))
            case _:
                return _opaque(run.data)


def _opaque(part: JsonObject) -> list[ReplyBlock]:
    bare = {key: value for key, value in part.items() if key != "thoughtSignature"}
    try:
        return [OpaqueBlock(data=parse_arguments(bare))] if bare else []
    except ValueError:
        return []


def usage_of(usage: JsonObject) -> Usage:
    """What the cache gave is counted among the input there, and beside it here."""
    cached = count_of(usage, "cachedContentTokenCount") or 0
    given = (count_of(usage, "promptTokenCount") or 0) + (
        count_of(usage, "toolUsePromptTokenCount") or 0
    )
    thought = count_of(usage, "thoughtsTokenCount") or 0
    return Usage(
        input=max(0, given - cached),
        output=(count_of(usage, "candidatesTokenCount") or 0) + thought,
        cache_read=cached,
    )
