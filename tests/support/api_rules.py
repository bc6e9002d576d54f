"""The rules by which the Messages API refuses a request, so that a fake server can be as strict."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from loopdeck.session.values import JsonObject

_ID = re.compile(r"[a-zA-Z0-9_-]+")
_TOOL = re.compile(r"[a-zA-Z0-9_-]{1,128}")


def objections(body: JsonObject) -> list[str]:
    """Why the API would answer 400; nothing for a request it takes."""
    messages: list[JsonObject] = body.get("messages") or []
    return [*_head(body, messages), *_turns(messages), *_pairs(messages)]


def _head(body: JsonObject, messages: Sequence[JsonObject]) -> Iterator[str]:
    if not body.get("model"):
        yield "model: a name is needed"
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        yield "max_tokens: at least 1"
    names = [str(tool.get("name")) for tool in body.get("tools", [])]
    yield from (f"tools: {name!r} is no name" for name in names if not _TOOL.fullmatch(name))
    yield from (f"tools: {name} is there twice" for name, n in Counter(names).items() if n > 1)
    if not messages:
        yield "messages: at least one message is required"
    elif messages[0]["role"] != "user":
        yield "messages: the first must be the user's"
    elif messages[-1]["role"] != "user":
        yield "messages: the last must be the user's"


def _turns(messages: Sequence[JsonObject]) -> Iterator[str]:
    for at, message in enumerate(messages):
        if message["role"] not in ("user", "assistant"):
            yield f"messages.{at}: role {message['role']!r}"
        found = blocks(message)
        if not found:
            yield f"messages.{at}: content is empty"
        for block in found:
            if block["type"] == "text" and not str(block["text"]).strip():
                yield f"messages.{at}: a text without words"
            if block["type"] == "tool_use" and not isinstance(block.get("input"), dict):
                yield f"messages.{at}: the input of a tool_use is no object"
            if block["type"] == "tool_use" and not _ID.fullmatch(str(block["id"])):
                yield f"messages.{at}: tool_use id {block['id']!r}"


def _pairs(messages: Sequence[JsonObject]) -> Iterator[str]:
    """Every call has one result, at the beginning of the very next message; no other results."""
    seen: set[str] = set()
    due: list[str] = []
    for at, message in enumerate(messages):
        found = blocks(message)
        results = [str(each["tool_use_id"]) for each in found if each["type"] == "tool_result"]
        yield from (f"messages.{at}: no tool_result for {i}" for i in due if i not in results)
        yield from (f"messages.{at}: no tool_use for result {i}" for i in results if i not in due)
        yield from (
            f"messages.{at}: two results for {i}" for i, n in Counter(results).items() if n > 1
        )
        kinds = [each["type"] == "tool_result" for each in found]
        if kinds != sorted(kinds, reverse=True):
            yield f"messages.{at}: tool_result blocks must come first"
        due = [str(each["id"]) for each in found if each["type"] == "tool_use"]
        if message["role"] != "assistant" and due:
            yield f"messages.{at}: a tool_use of the user"
        yield from (f"messages.{at}: tool_use id {i} is not unique" for i in due if i in seen)
        yield from (
            f"messages.{at}: tool_use id {i} twice" for i, n in Counter(due).items() if n > 1
        )
        seen.update(due)
    yield from (f"messages: no tool_result for {call}" for call in due)


def blocks(message: JsonObject) -> list[JsonObject]:
    """The content as blocks; plain words are one block."""
    content: str | list[JsonObject] = message.get("content") or ""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return content
