"""The same step in the other protocols: 8 pieces of text and a call, or the text alone."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

Event = dict[str, Any]
MODELS = {
    "responses": "openai:bench",
    "gemini": "gemini:bench",
    "chat": "{url}/v1/chat/completions#bench",
}


def reply(speaks: str, words: Sequence[str], args: Event | None, number: int) -> Iterator[bytes]:
    """The chunks of one reply; without arguments there is no call."""
    events = {"responses": responses, "gemini": gemini, "chat": chat}[speaks]
    for event in events(words, args, f"call_{number}"):
        body = b"data: %b\n\n" % json.dumps(event).encode()
        yield b"%x\r\n%b\r\n" % (len(body), body)


def responses(words: Sequence[str], args: Event | None, name: str) -> Iterator[Event]:
    """The Responses API."""
    yield {"type": "response.created", "response": {}}
    text = {"type": "message", "content": [{"type": "output_text", "text": "".join(words)}]}
    place = {"output_index": 0}
    yield {"type": "response.output_item.added", **place, "item": {"type": "message"}}
    for word in words:
        yield {"type": "response.output_text.delta", **place, "delta": word}
    yield {"type": "response.output_item.done", **place, "item": text}
    if args is not None:
        place = {"output_index": 1}
        item = {"type": "function_call", "call_id": name, "name": "shell", "arguments": ""}
        whole = {**item, "arguments": json.dumps(args)}
        yield {"type": "response.output_item.added", **place, "item": item}
        yield {"type": "response.function_call_arguments.delta", **place, "delta": json.dumps(args)}
        yield {"type": "response.output_item.done", **place, "item": whole}
    usage = {"input_tokens": 10, "output_tokens": 20}
    yield {"type": "response.completed", "response": {"usage": usage}}


def gemini(words: Sequence[str], args: Event | None, name: str) -> Iterator[Event]:
    """Gemini's own API."""
    parts: list[Event] = [{"text": word} for word in words]
    if args is not None:
        parts.append({"functionCall": {"id": name, "name": "shell", "args": args}})
    for part in parts:
        yield {"candidates": [{"content": {"parts": [part]}}]}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 20}
    yield {"candidates": [{"content": {}, "finishReason": "STOP"}], "usageMetadata": usage}


def chat(words: Sequence[str], args: Event | None, name: str) -> Iterator[Event]:
    """Chat Completions."""
    for word in words:
        yield {"choices": [{"delta": {"content": word}}]}
    if args is not None:
        function = {"name": "shell", "arguments": json.dumps(args)}
        call = {"index": 0, "id": name, "function": function}
        yield {"choices": [{"delta": {"tool_calls": [call]}}]}
    stop = "stop" if args is None else "tool_calls"
    yield {"choices": [{"delta": {}, "finish_reason": stop}]}
    yield {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 20}}
