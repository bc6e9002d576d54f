"""What a human has said and the agent has not taken yet."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from loopdeck.session.attached import Attachment
from loopdeck.session.commands import Say

Letters = Callable[[], Awaitable[Sequence[Say]]]
"""Hands every queued message to the agent, which is about to think; none of them twice."""


class Queue(Protocol):
    """The messages that wait for the next step of one session, whichever process runs it."""

    async def add(self, text: str, attached: tuple[Attachment, ...] | None = None) -> None:
        """Queue a message, durably. Raises `ReadOnlyError` where nobody would take it."""
        ...

    async def waiting(self) -> Sequence[Say]:
        """What is queued now, oldest first; each message has its ticket."""
        ...

    async def take_back(self, ticket: str) -> bool:
        """Take a message back; false where the agent has it already. Never both."""
        ...


async def nobody_writes() -> Sequence[Say]:
    """Nothing was queued."""
    return ()
