"""What a command finds on its input."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.permissions.shell.marks import LISTED, UNSEEN


@dataclass(frozen=True, slots=True)
class Feed:
    """`text` is known where a script wrote it; `listing` says that only found names come in."""

    kind: Literal["nothing", "pipe", "text", "file"] = "nothing"
    text: str | None = None
    listing: bool = False
    network: bool = False

    @property
    def names(self) -> str:
        """What stands for a word that comes from here."""
        return LISTED if self.listing else UNSEEN


NOTHING = Feed()
