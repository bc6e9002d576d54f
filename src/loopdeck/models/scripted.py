"""A model that plays a script: deterministic, without a network, and open about what it is."""

import math
import re
from collections.abc import AsyncGenerator, Mapping

from loopdeck.errors import UnknownModel
from loopdeck.models.scripts.bugfix import bugfix
from loopdeck.models.scripts.pitches import pitches
from loopdeck.models.scripts.rehearsal import Rehearsal
from loopdeck.models.scripts.speech import Say, Script
from loopdeck.ports import (
    AssistantTurn,
    Clock,
    Delta,
    ModelRequest,
    Reply,
    ReplyBlock,
    ToolUse,
    Turn,
)
from loopdeck.session.values import SCRIPTED, OpaqueBlock, TextBlock, ThinkingBlock, Usage

SCRIPTS: Mapping[str, Script] = {"bugfix": bugfix, "pitches": pitches}
THINK_S = 0.6  # before the first word, at pace 1
WORD_S = 0.035  # between two words, at pace 1
CHARS_PER_TOKEN = 4
WORDS = re.compile(r"\s*\S+|\s+$")
SENTENCES = re.compile(r".+?(?:[.!?:]\s+|\n+|$)", re.DOTALL)


def scripted_model(name: str, *, clock: Clock, pace: float) -> "ScriptedModel":
    """The script called `name`, with or without `scripted:`; `pace` 0 does not wait at all.

    Raises `UnknownModel` for a script that does not exist.
    """
    short = name.removeprefix(SCRIPTED)
    script = SCRIPTS.get(short)
    if script is None:
        known = ", ".join(SCRIPTED + each for each in SCRIPTS)
        raise UnknownModel(f"There is no script called “{short}”.", f"Scripts: {known}.")
    return ScriptedModel(SCRIPTED + short, script, clock=clock, pace=pace)


class ScriptedModel:
    """Keeps nothing between two requests: each one plays the script again from its start."""

    def __init__(self, name: str, script: Script, *, clock: Clock, pace: float) -> None:
        self._name = name
        self._script = script
        self._clock = clock
        self._pace = pace

    @property
    def name(self) -> str:
        """The name the session records."""
        return self._name

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to close."""

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """The script's next line, word by word at a pace that a person can read."""
        say = Rehearsal(self._script, request.turns).line(tools=bool(request.tools))
        await self._pause(THINK_S)
        for kind, text in (("thinking", say.thinking), ("text", say.text)):
            for piece in self._pieces(text):
                yield Delta("thinking" if kind == "thinking" else "text", piece)
                await self._pause(WORD_S)
        blocks = _blocks(say, request)
        yield Reply(
            blocks,
            "tool_use" if say.calls else "end_turn",
            Usage(input=_tokens(_heard(request)), output=_tokens(_length(blocks))),
            0.0,
        )

    def _pieces(self, text: str) -> list[str]:
        return (WORDS if self._pace else SENTENCES).findall(text)

    async def _pause(self, seconds: float) -> None:
        if self._pace:
            await self._clock.sleep(self._pace * seconds)


def _blocks(say: Say, request: ModelRequest) -> tuple[ReplyBlock, ...]:
    first = 1 + max((_number(use.call_id) for use in _uses(request)), default=0)
    calls = [
        ToolUse(f"call-{number}", call.tool, call.args)
        for number, call in enumerate(say.calls, start=first)
    ]
    thinking = [ThinkingBlock(text=say.thinking)] if say.thinking else []
    return (*thinking, TextBlock(text=say.text), *calls)


def _uses(request: ModelRequest) -> list[ToolUse]:
    return [
        block
        for turn in request.turns
        if isinstance(turn, AssistantTurn)
        for block in turn.blocks
        if isinstance(block, ToolUse)
    ]


def _number(call_id: str) -> int:
    tail = call_id.removeprefix("call-")
    return int(tail) if tail.isascii() and tail.isdigit() else 0


def _heard(request: ModelRequest) -> int:
    tools = sum(len(tool.description) + len(str(tool.schema)) for tool in request.tools)
    return len(request.instructions) + tools + sum(_turn_length(turn) for turn in request.turns)


def _turn_length(turn: Turn) -> int:
    if isinstance(turn, AssistantTurn):
        return _length(turn.blocks)
    return sum(len(result.text) for result in turn.results) + sum(map(len, turn.texts))


def _length(blocks: tuple[ReplyBlock, ...]) -> int:
    """Characters of a reply as they would be sent."""
    return sum(_block_length(block) for block in blocks)


def _block_length(block: ReplyBlock) -> int:
    match block:
        case ToolUse():
            return len(block.tool) + len(str(block.args))
        case OpaqueBlock():
            return len(str(block.data))
        case _:
            return len(block.text)


def _tokens(characters: int) -> int:
    """An estimate: nothing here counts tokens, and nothing is paid for."""
    return math.ceil(characters / CHARS_PER_TOKEN)
