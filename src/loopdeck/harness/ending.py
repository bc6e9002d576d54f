"""How a run ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from loopdeck.figures import plural

CLOSED = "Loopdeck was closed."
"""Why a session is paused whose process was told to end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; one that waits or paused can be resumed."""

    outcome: Literal["done", "failed", "stopped", "limit", "waiting", "paused"]
    text: str = ""
    hint: str = ""
    verified: Literal["checked", "unchecked", "failed"] = "unchecked"

    def with_services(self, names: Sequence[str]) -> Self:
        """The same, and what was stopped with the run."""
        if not names:
            return self
        said = f"Stopped with the run: {plural(len(names), 'service')} ({', '.join(names)})."
        return replace(self, text=f"{self.text}\n\n{said}".lstrip())
