"""How the human is called who does not look at the screen."""

from typing import Protocol


class Caller(Protocol):
    """The ways to reach them; `words` are one safe line."""

    def title(self, words: str) -> str:
        """What tells the terminal the title of its window."""
        ...

    def ring(self, words: str) -> str:
        """What has the terminal ring and show a notice; empty where that is not wanted."""
        ...

    async def run(self, words: str) -> None:
        """Run the human's own command with the words. Raises `UsageError` where it fails."""
        ...
