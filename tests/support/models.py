"""A model whose replies a test writes down, or makes up from what it is asked."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from loopdeck.ports import Delta, ModelRequest, Reply, ToolUse
from loopdeck.session.values import JsonObject, TextBlock, Usage

Step = Reply | Exception | Callable[[ModelRequest], Reply]


def says(text: str, *, stop: str = "end_turn", cost: float | None = 0.01) -> Reply:
    """A reply of plain words."""
    return Reply((TextBlock(text=text),), stop, Usage(input=10, output=5), cost)


def calls(*uses: tuple[str, str, JsonObject], text: str = "Next.", stop: str = "tool_use") -> Reply:
    """A reply with calls, each `(id, tool, args)`."""
    blocks = (TextBlock(text=text), *(ToolUse(*use) for use in uses))
    return Reply(blocks, stop, Usage(input=10, output=5), 0.01)


class WrittenModel:
    """Gives the replies in order; `requests` are what it was asked. `hold` makes it hang.

    `piece` is how many characters a delta of its words has, if not all.
    """

    name = "written:test"

    def __init__(self, steps: Sequence[Step], *, hold: asyncio.Event | None = None) -> None:
        self.steps = list(steps)
        self.requests: list[ModelRequest] = []
        self.hold = hold
        self.piece = 0
        self.streaming = asyncio.Event()

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to close."""

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """The next reply, its words first."""
        self.requests.append(request)
        step = self.steps.pop(0)
        reply = step(request) if callable(step) else step
        if isinstance(reply, Exception):
            raise reply
        for block in reply.blocks:
            if isinstance(block, TextBlock):
                size = self.piece or len(block.text) or 1
                for at in range(0, len(block.text), size):
                    yield Delta("text", block.text[at : at + size])
        self.streaming.set()
        if self.hold is not None:
            await self.hold.wait()
        yield reply
