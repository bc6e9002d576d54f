"""Turns as the messages of a request, and tools: each converted once, however long it gets."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from loopdeck.ports import (
    AssistantTurn,
    CallResult,
    ReplyBlock,
    ToolSpec,
    ToolUse,
    Turn,
    UserTurn,
)
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock


class History:
    """Remembers the encoded form of the turns it has seen.

    A request repeats all turns of the one before, so only what is new is converted: a step costs
    the same at the end of a long session as at its start. `own` tells which models' replies may
    go back with their reasoning: what one vendor signed or sealed, another refuses.
    """

    def __init__(
        self,
        convert: Callable[[Turn], list[JsonObject]] | None = None,
        own: Callable[[str], bool] = lambda _by: True,
    ) -> None:
        self._convert = convert or messages_of
        self._own = own
        self._turns: list[Turn] = []
        self._encoded: list[bytes] = []
        self.call_ids: set[str] = set()  # of all calls in these turns

    def encode(self, turns: Sequence[Turn]) -> bytes:
        """The JSON array of messages."""
        same = self._shared(turns)
        for dropped in self._turns[same:]:
            self.call_ids -= calls_of(dropped)
        del self._turns[same:], self._encoded[same:]
        for turn in turns[same:]:
            messages = self._convert(self._sendable(turn))
            self._turns.append(turn)
            self.call_ids |= calls_of(turn)
            self._encoded.append(b",".join(map(dump, messages)))
        return b"[" + b",".join(filter(None, self._encoded)) + b"]"

    def _sendable(self, turn: Turn) -> Turn:
        if isinstance(turn, UserTurn) or not turn.by or self._own(turn.by):
            return turn
        kept = (block for block in turn.blocks if isinstance(block, (TextBlock, ToolUse)))
        return replace(turn, blocks=tuple(kept))

    def _shared(self, turns: Sequence[Turn]) -> int:
        """How many turns are as they were; what is equal is from now on the same."""
        for at, (old, new) in enumerate(zip(self._turns, turns, strict=False)):
            if old is not new:
                if old != new:
                    return at
                self._turns[at] = new
        return min(len(self._turns), len(turns))


class Tools:
    """Remembers the JSON of the tools it was asked for last, which are the same for most steps."""

    def __init__(self, tell: Callable[[ToolSpec], JsonObject]) -> None:
        self._tell = tell
        self._tools: list[ToolSpec] = []
        self._json = b"[]"

    def encode(self, tools: Sequence[ToolSpec], *more: JsonObject) -> bytes:
        """The JSON array of the tools, and of `more` behind them."""
        if self._tools != list(tools):
            self._tools, self._json = list(tools), dump([self._tell(tool) for tool in tools])
        if not more:
            return self._json
        rest = b",".join(map(dump, more))
        return self._json[:-1] + (b"," if self._tools else b"") + rest + b"]"


def dump(value: object) -> bytes:
    """Compact JSON. Half a character, which a file name can hold, becomes a question mark."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def told(result: CallResult) -> str:
    """The text of a result where the protocol has no place for whether the call failed."""
    return f"Error: {result.text}" if result.is_error else result.text


def calls_of(turn: Turn) -> set[str]:
    """The ids of the calls that a turn of the model made."""
    blocks = turn.blocks if isinstance(turn, AssistantTurn) else ()
    return {block.call_id for block in blocks if isinstance(block, ToolUse)}


def messages_of(turn: Turn) -> list[JsonObject]:
    """The message of a turn, if it says anything."""
    message = message_of(turn)
    return [message] if message["content"] else []


def message_of(turn: Turn) -> JsonObject:
    """One message; its content is empty where the turn says nothing the server would take."""
    if isinstance(turn, AssistantTurn):
        blocks = [block for each in turn.blocks for block in _reply_block(each)]
        return {"role": "assistant", "content": blocks}
    return {"role": "user", "content": _user_blocks(turn)}


def _user_blocks(turn: UserTurn) -> list[JsonObject]:
    results: list[JsonObject] = [
        {
            "type": "tool_result",
            "tool_use_id": result.call_id,
            "content": result.text,
            **({"is_error": True} if result.is_error else {}),
        }
        for result in turn.results
    ]
    # The server refuses text that is empty or only blank.
    return results + [{"type": "text", "text": text} for text in turn.texts if text.strip()]


def _reply_block(block: ReplyBlock) -> list[JsonObject]:
    match block:
        case TextBlock():
            return [{"type": "text", "text": block.text}] if block.text.strip() else []
        case ThinkingBlock():
            if not block.signature:
                return []  # the server takes back only reasoning that it signed
            return [{"type": "thinking", "thinking": block.text, "signature": block.signature}]
        case ToolUse():
            use = {"type": "tool_use", "id": block.call_id, "name": block.tool}
            return [{**use, "input": block.args}]
        case OpaqueBlock():
            return [block.data]
        case _:
            assert_never(block)
