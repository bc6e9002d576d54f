"""How a run ended."""

from dataclasses import dataclass
from typing import Literal

CLOSED = "Loopdeck was closed."
"""Why a session is paused whose process was told to end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; one that waits or paused can be resumed."""

    outcome: Literal["done", "failed", "stopped", "limit", "waiting", "paused"]
    text: str = ""
    hint: str = ""
    verified: Literal["checked", "unchecked", "failed"] = "unchecked"
