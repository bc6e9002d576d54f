"""What a human typed before, in any session, so that it can be typed again with one key."""

from collections.abc import Sequence
from typing import Literal, Protocol

Kind = Literal["message", "goal"]


class Sayings(Protocol):
    """Kept for this human alone, without the secrets that can be recognised."""

    async def recent(self, kind: Kind) -> Sequence[str]:
        """The newest texts, oldest first."""
        ...

    async def keep(self, kind: Kind, text: str) -> None:
        """One more; the same text before it is forgotten. Raises `LoopdeckError`."""
        ...


class Forgetful:
    """Keeps nothing."""

    async def recent(self, kind: Kind) -> Sequence[str]:
        """Nothing."""
        del kind
        return ()

    async def keep(self, kind: Kind, text: str) -> None:
        """Let it go."""
        del kind, text
