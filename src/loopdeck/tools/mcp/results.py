"""What an MCP server answers as text: what is no text is named, not shown."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from loopdeck.figures import amount
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.tools.commands.capture import Capture

if TYPE_CHECKING:
    from mcp.types import (
        BlobResourceContents,
        CallToolResult,
        ContentBlock,
        GetPromptResult,
        ReadResourceResult,
        TextResourceContents,
    )


def text_of(result: "CallToolResult") -> str:
    """Everything in it, in its order; data without words as JSON."""
    text = "\n".join(_pieces(result.content))
    if result.structured_content is not None and not any(_is_text(one) for one in result.content):
        data = json.dumps(result.structured_content, ensure_ascii=False, indent=1, default=str)
        text = f"{text}\n{data}" if text else data
    return text or "[no output]"


def contents_of(result: "ReadResourceResult") -> str:
    """All that stands at an address."""
    return "\n".join(_held(one, alone=len(result.contents) == 1) for one in result.contents)


def words_of(result: "GetPromptResult") -> str:
    """A prompt as one text; who says what is told where more than the human speaks."""
    alone = all(message.role == "user" for message in result.messages)
    texts: list[str] = []
    for message in result.messages:
        text = "\n".join(_pieces([message.content]))
        texts.append(text if alone else f"{message.role}: {text}")
    return "\n\n".join(texts)


def kept(text: str, context: ToolContext, *, ok: bool) -> ToolResult:
    """A result; one that is too long for the log goes to a file, and its ends stay."""
    capture = Capture(lambda: context.spool, context.guard())
    try:
        capture.feed(text.encode("utf-8", "surrogateescape"))
    finally:
        capture.close()
    return ToolResult(ok=ok, output=capture.text(), full_output=capture.path)


def _held(held: "TextResourceContents | BlobResourceContents", *, alone: bool) -> str:
    words: object = getattr(held, "text", None)
    if not isinstance(words, str):
        return f"[resource {held.uri}, {held.mime_type or 'bytes'}: left out]"
    return words if alone else f"[resource {held.uri}]\n{words}"


def _is_text(block: "ContentBlock") -> bool:
    return block.type == "text"


def _pieces(blocks: "Sequence[ContentBlock]") -> Iterator[str]:
    for block in blocks:
        match block.type:
            case "text":
                yield block.text
            case "image" | "audio":
                size = amount(len(block.data) * 3 // 4)
                yield f"[{block.type}, {block.mime_type}, {size}: left out]"
            case "resource_link":
                yield f"[resource {block.uri}: {block.name}]"
            case "resource":
                yield _held(block.resource, alone=False)
