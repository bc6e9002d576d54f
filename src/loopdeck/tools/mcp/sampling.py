"""A server wants the run's own model to answer something: its human reads it whole, and decides."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loopdeck.errors import ToolError
from loopdeck.figures import plural
from loopdeck.ports.tools import Thought, ToolContext
from loopdeck.visible import expose

if TYPE_CHECKING:
    from mcp.types import CreateMessageRequestParams

ANSWER, DECLINE = "answer", "decline"
MOST_CHARS = 20_000  # of what is to be answered: a human has to read it
MOST_TOKENS = 4_000  # of an answer
MOST_ASKED = 5  # by one call


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be answered: instructions, then who said what, and the tokens it may take."""

    instructions: str
    said: tuple[tuple[Literal["user", "assistant"], str], ...]
    most: int


Sampled = Callable[[Wanted], Awaitable[Thought]]


async def unwanted(_wanted: Wanted) -> Thought:
    """Nobody lends a model to servers."""
    raise ToolError("Requests to the model are not accepted here.")


def wanted_of(params: "CreateMessageRequestParams") -> Wanted:
    """What a server wants. Raises `ToolError` for what no human can be asked about."""
    said: list[tuple[Literal["user", "assistant"], str]] = []
    for message in params.messages:
        for block in message.content_as_list:
            if block.type != "text":
                raise ToolError("Only text can be answered.")
            said.append((message.role, block.text))
    if params.tools:
        raise ToolError("An answer cannot use tools.")
    instructions = params.system_prompt or ""
    if sum(len(text) for _, text in said) + len(instructions) > MOST_CHARS:
        raise ToolError(f"More than {MOST_CHARS:,} characters are not answered.")
    if not said or said[-1][0] != "user" or not said[-1][1].strip():
        raise ToolError("There is nothing to answer.")
    return Wanted(instructions, tuple(said), max(1, min(params.max_tokens, MOST_TOKENS)))


async def answered(server: str, wanted: Wanted, context: ToolContext) -> Thought:
    """What the model said, once the human had it answer. Raises `ToolError`."""
    if not context.attended:
        words = f"The server {server} wanted your model, and nobody is here: declined."
        await context.output(f"{words}\n")
        raise ToolError("Nobody is here to allow it.")
    if await context.ask(question(server, wanted), (ANSWER, DECLINE)) != ANSWER:
        raise ToolError("The human declined.")
    return await context.think(wanted.instructions, wanted.said, wanted.most)


def question(server: str, wanted: Wanted) -> str:
    """All of it as the human reads it."""
    head = (
        f"The MCP server {server} wants your model to answer this, with up to "
        f"{plural(wanted.most, 'token')}. You pay for it, and the server gets the answer."
    )
    parts = [*((("system", wanted.instructions),) if wanted.instructions else ()), *wanted.said]
    return "\n\n".join((head, *_shown(parts)))


def _shown(parts: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{role}:\n{expose(text)}" for role, text in parts]
