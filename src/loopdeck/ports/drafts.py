"""What a human has begun to write to an agent and not sent yet."""

from typing import Protocol


class Drafts(Protocol):
    """Kept for this human alone, without the secrets that can be recognised."""

    async def recall(self, session: str) -> str:
        """What was begun there; empty for nothing."""
        ...

    async def keep(self, session: str, text: str) -> None:
        """What is begun there now; nothing forgets it. Raises `LoopdeckError`."""
        ...


class NoDrafts:
    """Keeps nothing."""

    async def recall(self, session: str) -> str:
        """Nothing."""
        del session
        return ""

    async def keep(self, session: str, text: str) -> None:
        """Let it go."""
        del session, text
