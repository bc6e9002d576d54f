"""The answer of an MCP tool as text: what is no text is named, not shown."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from loopdeck.figures import amount

if TYPE_CHECKING:
    from mcp.types import CallToolResult, ContentBlock


def text_of(result: "CallToolResult") -> str:
    """Everything in it, in its order; data without words as JSON."""
    text = "\n".join(_pieces(result.content))
    if result.structured_content is not None and not any(_is_text(one) for one in result.content):
        data = json.dumps(result.structured_content, ensure_ascii=False, indent=1, default=str)
        text = f"{text}\n{data}" if text else data
    return text or "[no output]"


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
                held = block.resource
                words: object = getattr(held, "text", None)
                kind = held.mime_type or "bytes"
                left_out = f"[resource {held.uri}, {kind}: left out]"
                yield left_out if words is None else f"[resource {held.uri}]\n{words}"
