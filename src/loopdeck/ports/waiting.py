"""What stands against writing the log, for whoever shows it."""

from typing import Protocol

from loopdeck.errors import LoopdeckError


class Waiting(Protocol):
    """Runs that wait until their log can be written."""

    @property
    def obstacle(self) -> LoopdeckError | None:
        """What they wait for; nothing where they do not."""
        ...

    def again(self) -> None:
        """Try at once."""
        ...
