"""What a command finds on its input."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.permissions.shell.listings import listed, unlinked
from loopdeck.permissions.shell.script import Node


@dataclass(frozen=True, slots=True)
class Feed:
    """`text` is known where a script wrote it; `parts` are the commands whose output comes in.

    `file` names the one that is read, where its name is known.
    """

    kind: Literal["nothing", "pipe", "text", "file"] = "nothing"
    text: str | None = None
    parts: tuple[Node, ...] = ()
    network: bool = False
    file: str = ""

    @property
    def names(self) -> str:
        """What stands for a line that comes in; hardly any command asks."""
        return listed(self.parts)

    @property
    def unlinked(self) -> bool:
        """Whether such a line is never the name of a link."""
        return unlinked(self.parts)


NOTHING = Feed()
