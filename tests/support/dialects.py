"""What the fake server speaks: one script as the events of each protocol, and requests read back.

`plain` turns a request into the shape of the Messages API, so that one test reads all of them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

from loopdeck.session.values import JsonObject
from tests.support.message_script import (
    Call,
    HttpFault,
    Other,
    Script,
    Text,
    Thinking,
    frame,
    split,
)


class Dialect(Protocol):
    """One protocol. `ping` says that the server lives; `spare` last frames may be lost."""

    ping: bytes
    spare: int

    def takes(self, path: str) -> bool:
        """True for the path that requests go to."""
        ...

    def frames(self, script: Script) -> list[bytes]:
        """A reply as its events."""
        ...

    def payload(self, fault: HttpFault) -> bytes:
        """The body of an error."""
        ...

    def error(self, kind: str) -> bytes:
        """An error in the middle of a stream."""
        ...

    def plain(self, body: JsonObject) -> JsonObject:
        """A request in the shape of the Messages API."""
        ...


def data(event: JsonObject) -> bytes:
    """An event without a name."""
    return b"data: " + json.dumps(event).encode() + b"\n\n"


class Messages:
    """The Messages API."""

    ping = frame("ping", {})
    spare = 0

    def takes(self, path: str) -> bool:
        return path == "/v1/messages"

    def frames(self, script: Script) -> list[bytes]:
        return script.frames()

    def payload(self, fault: HttpFault) -> bytes:
        return fault.payload()

    def error(self, kind: str) -> bytes:
        return frame("error", {"error": {"type": kind, "message": "Overloaded"}})

    def plain(self, body: JsonObject) -> JsonObject:
        return body


def usage_in(script: Script) -> Mapping[str, int | None]:
    return script.usage or {}


def count(script: Script, key: str) -> int:
    return usage_in(script).get(key) or 0


class Chat:
    """Chat Completions, with reasoning as most servers of open models write it."""

    ping = b": still here\n\n"
    spare = 2

    def takes(self, path: str) -> bool:
        return path == "/v1/chat/completions"

    def frames(self, script: Script) -> list[bytes]:
        frames = [self._chunk({"role": "assistant", "content": ""})]
        calls = 0
        for block in script.blocks:
            match block:
                case Text():
                    parts = split(block.text, block.pieces)
                    frames += [self._chunk({"content": part}) for part in parts]
                case Thinking():
                    parts = split(block.text, block.pieces)
                    frames += [self._chunk({"reasoning_content": part}) for part in parts]
                case Call():
                    frames += self._call(block, calls)
                    calls += 1
                case Other():
                    frames.append(self._chunk(block.block))
        stops = {"end_turn": "stop", "tool_use": "tool_calls", "max_tokens": "length"}
        stop = stops.get(script.stop or "", script.stop)
        if stop is not None:
            stop = "content_filter" if stop == "refusal" else stop
            frames.append(self._chunk({}, stop))
        cached = count(script, "cache_read_input_tokens")
        usage = {
            "prompt_tokens": count(script, "input_tokens") + cached,
            "completion_tokens": count(script, "output_tokens"),
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        if script.usage is not None:
            frames.append(data({"id": "c", "choices": [], "usage": usage}))
        return [*frames, b"data: [DONE]\n\n"]

    def _chunk(self, delta: JsonObject, stop: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": stop}
        return data({"id": "c", "object": "chat.completion.chunk", "choices": [choice]})

    def _call(self, block: Call, index: int) -> list[bytes]:
        raw = json.dumps(block.args) if block.raw is None else block.raw
        head = {"name": block.tool, "arguments": ""}
        start = {"index": index, "id": block.call_id, "type": "function", "function": head}
        pieces = [
            {"index": index, "function": {"arguments": piece}} for piece in split(raw, block.pieces)
        ]
        return [self._chunk({"tool_calls": [part]}) for part in (start, *pieces)]

    def payload(self, fault: HttpFault) -> bytes:
        error = {"message": fault.message, "type": fault.error_type, "code": None}
        return json.dumps({"error": error}).encode() if fault.body is None else fault.body

    def error(self, kind: str) -> bytes:
        return data({"error": {"message": "Overloaded", "type": kind}})

    def plain(self, body: JsonObject) -> JsonObject:
        messages: list[JsonObject] = []
        for message in body["messages"]:
            match message["role"]:
                case "assistant":
                    messages.append({"role": "assistant", "content": self._said(message)})
                case "tool":
                    text: str = message["content"]
                    told = result(message["tool_call_id"], text, failed=text.startswith("Error: "))
                    add_result(messages, told)
                case "user":
                    add_result(messages, {"type": "text", "text": message["content"]})
                case _:
                    pass
        tools = [tool["function"] for tool in body.get("tools", [])]
        return {**body, "messages": messages, "tools": offered(tools, "parameters")}

    def _said(self, message: JsonObject) -> list[JsonObject]:
        said: list[JsonObject] = []
        if thought := message.get("reasoning_content"):
            said.append({"type": "thinking", "thinking": thought})
        if text := message["content"]:
            said.append({"type": "text", "text": text})
        for call in message.get("tool_calls", []):
            args = json.loads(call["function"]["arguments"])
            said.append(use(call["id"], call["function"]["name"], args))
        return said


def use(call_id: str, name: str, args: object) -> JsonObject:
    """A call as the Messages API has it."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": args}


def result(call_id: str, text: str, *, failed: bool) -> JsonObject:
    """A result as the Messages API has it."""
    content = text.removeprefix("Error: ") if failed else text
    return {"type": "tool_result", "tool_use_id": call_id, "content": content} | (
        {"is_error": True} if failed else {}
    )


def add_result(messages: list[JsonObject], block: JsonObject) -> None:
    """Add a block to the user's message, which is begun if the model spoke last."""
    if not messages or messages[-1]["role"] != "user":
        messages.append({"role": "user", "content": []})
    messages[-1]["content"].append(block)


def add_said(messages: list[JsonObject], block: JsonObject) -> None:
    """Add a block to the model's message."""
    if not messages or messages[-1]["role"] != "assistant":
        messages.append({"role": "assistant", "content": []})
    messages[-1]["content"].append(block)


def offered(tools: Sequence[JsonObject], key: str) -> list[JsonObject]:
    """Tools as the Messages API has them."""
    own = [{"name": tool["name"], "input_schema": tool[key]} for tool in tools if key in tool]
    # What the vendor has of its own, under a name that tells what it is.
    return own + [{"name": tool["type"]} for tool in tools if key not in tool]


class Responses:
    """The Responses API."""

    ping = b'data: {"type": "keepalive"}\n\n'
    spare = 0

    def takes(self, path: str) -> bool:
        return path == "/v1/responses"

    def frames(self, script: Script) -> list[bytes]:
        frames = [self._event("created", {"response": {"status": "in_progress"}})]
        for at, block in enumerate(script.blocks):
            start, deltas, end = self._item(at, block)
            place = {"output_index": at}
            frames.append(self._event("output_item.added", {**place, "item": start}))
            frames += [self._event(name, {**place, "delta": piece}) for name, piece in deltas]
            frames.append(self._event("output_item.done", {**place, "item": end}))
        if script.stop is None:
            return frames
        whys = {"max_tokens": "max_output_tokens", "refusal": "content_filter"}
        why = whys.get(script.stop)
        cached = count(script, "cache_read_input_tokens")
        usage = {
            "input_tokens": count(script, "input_tokens") + cached,
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": count(script, "output_tokens"),
        }
        whole: JsonObject = {"usage": usage if script.usage is not None else None}
        if why is not None:
            whole["incomplete_details"] = {"reason": why}
        return [*frames, self._event("incomplete" if why else "completed", {"response": whole})]

    def _event(self, name: str, event: JsonObject) -> bytes:
        return frame(f"response.{name}", event)

    def _item(self, at: int, block: object) -> tuple[JsonObject, list[tuple[str, str]], JsonObject]:
        match block:
            case Text():
                start = {"type": "message", "id": f"m{at}", "role": "assistant"}
                whole = {**start, "content": [{"type": "output_text", "text": block.text}]}
                pieces = [("output_text.delta", each) for each in split(block.text, block.pieces)]
                return {**start, "content": []}, pieces, whole
            case Thinking():
                start: JsonObject = {"type": "reasoning", "id": f"rs{at}", "summary": []}
                summary = [{"type": "summary_text", "text": block.text}]
                whole = {**start, "summary": summary, "encrypted_content": block.signature}
                name = "reasoning_summary_text.delta"
                return start, [(name, each) for each in split(block.text, block.pieces)], whole
            case Call():
                raw = json.dumps(block.args) if block.raw is None else block.raw
                start = {"type": "function_call", "call_id": block.call_id, "name": block.tool}
                name = "function_call_arguments.delta"
                deltas = [(name, each) for each in split(raw, block.pieces)]
                return {**start, "arguments": ""}, deltas, {**start, "arguments": raw}
            case Other():
                return block.block, [], block.block
            case _:
                raise AssertionError(block)

    def payload(self, fault: HttpFault) -> bytes:
        return Chat().payload(fault)

    def error(self, kind: str) -> bytes:
        return frame("error", {"code": kind, "message": "Overloaded"})

    def plain(self, body: JsonObject) -> JsonObject:
        messages: list[JsonObject] = []
        for item in body["input"]:
            match item.get("type"):
                case "message":
                    add_said(messages, {"type": "text", "text": item["content"][0]["text"]})
                case "reasoning":
                    text = "".join(part["text"] for part in item["summary"])
                    seal = item["encrypted_content"]
                    add_said(messages, {"type": "thinking", "thinking": text, "signature": seal})
                case "function_call":
                    args = json.loads(item["arguments"])
                    add_said(messages, use(item["call_id"], item["name"], args))
                case "function_call_output":
                    text = item["output"]
                    failed = text.startswith("Error: ")
                    add_result(messages, result(item["call_id"], text, failed=failed))
                case None:
                    for part in item["content"]:
                        add_result(messages, {"type": "text", "text": part["text"]})
                case _:
                    add_said(messages, item)
        return {**body, "messages": messages, "tools": offered(body.get("tools", []), "parameters")}


class Gemini:
    """Gemini's own API. A signature is on the part behind the thought that it seals."""

    ping = b": still here\n\n"
    spare = 0

    def takes(self, path: str) -> bool:
        return path.startswith("/v1beta/models/") and path.endswith(":streamGenerateContent")

    def frames(self, script: Script) -> list[bytes]:
        parts: list[JsonObject] = []
        signature = ""
        for block in script.blocks:
            made = self._parts(block)
            if signature and made:
                made[0]["thoughtSignature"] = signature
            signature = block.signature if isinstance(block, Thinking) else ""
            parts += made
        if signature:
            parts.append({"text": "", "thoughtSignature": signature})
        frames = [self._chunk([part]) for part in parts]
        words = {"end_turn": "STOP", "tool_use": "STOP", "refusal": "SAFETY"}
        if script.stop is not None:
            stop = words.get(script.stop, script.stop)
            cached = count(script, "cache_read_input_tokens")
            usage = {
                "promptTokenCount": count(script, "input_tokens") + cached,
                "cachedContentTokenCount": cached,
                "candidatesTokenCount": count(script, "output_tokens"),
            }
            stop = "MAX_TOKENS" if stop == "max_tokens" else stop
            given: JsonObject = {} if script.usage is None else {"usageMetadata": usage}
            frames.append(self._chunk([], finishReason=stop, **{"": given}))
        return frames

    def _chunk(self, parts: list[JsonObject], **more: object) -> bytes:
        usage = more.pop("", {})
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0, **more}
        assert isinstance(usage, dict)
        return data({"candidates": [candidate], **usage})

    def _parts(self, block: object) -> list[JsonObject]:
        match block:
            case Text():
                return [{"text": piece} for piece in split(block.text, block.pieces)]
            case Thinking():
                return [{"text": p, "thought": True} for p in split(block.text, block.pieces)]
            case Call():
                args: object = block.args if block.raw is None else block.raw
                call = {"id": block.call_id, "name": block.tool, "args": args}
                return [{"functionCall": call}]
            case Other():
                return [block.block]
            case _:
                raise AssertionError(block)

    def payload(self, fault: HttpFault) -> bytes:
        error = {"code": fault.status, "message": fault.message, "status": fault.error_type}
        return json.dumps([{"error": error}]).encode() if fault.body is None else fault.body

    def error(self, kind: str) -> bytes:
        return data({"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}})

    def plain(self, body: JsonObject) -> JsonObject:
        messages: list[JsonObject] = []
        for content in body["contents"]:
            add = add_said if content["role"] == "model" else add_result
            for part in content["parts"]:
                for block in self._blocks(part):
                    add(messages, block)
        declared = [tool.get("functionDeclarations", []) for tool in body.get("tools", [])]
        tools = offered([each for some in declared for each in some], "parametersJsonSchema")
        if any("googleSearch" in tool for tool in body.get("tools", [])):
            tools.append({"name": "web_search"})
        return {**body, "messages": messages, "tools": tools}

    def _blocks(self, part: JsonObject) -> list[JsonObject]:
        seal = part.get("thoughtSignature")
        blocks: list[JsonObject] = [{"type": "thinking", "signature": seal}] if seal else []
        match part:
            case {"functionCall": call}:
                return [*blocks, use(call["id"], call["name"], call["args"])]
            case {"functionResponse": told}:
                (key, text), *_ = told["response"].items()
                return [{**result(told["id"], text, failed=key == "error"), "name": told["name"]}]
            case {"text": text}:
                return [*blocks, {"type": "text", "text": text}] if text else blocks
            case _:
                return [*blocks, part]


MESSAGES = Messages()
