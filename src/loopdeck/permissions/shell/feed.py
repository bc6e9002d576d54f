"""What a command finds on its input."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.permissions.shell.marks import UNSEEN


@dataclass(frozen=True, slots=True)
class Feed:
    """`text` is known where a script wrote it; `names` is what stands for a line that comes in."""

    kind: Literal["nothing", "pipe", "text", "file"] = "nothing"
    text: str | None = None
    names: str = UNSEEN
    network: bool = False


NOTHING = Feed()
