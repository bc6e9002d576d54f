"""What a command finds on its input."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.permissions.shell.listings import listed, unlinked
from loopdeck.permissions.shell.looking import Look, look_of
from loopdeck.permissions.shell.script import Command, Node, plain_text


@dataclass(frozen=True, slots=True)
class Feed:
    """`text` is known where a script wrote it; `parts` are the commands whose output comes in.

    `file` names the one that is read, where its name is known; `folders` are where it comes from.
    """

    kind: Literal["nothing", "pipe", "text", "file"] = "nothing"
    text: str | None = None
    parts: tuple[Node, ...] = ()
    network: bool = False
    file: str = ""
    folders: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """What stands for a line that comes in; hardly any command asks."""
        return listed(self.parts)

    @property
    def look(self) -> Look | None:
        """Where the names that come in were looked for."""
        first = self.parts[0] if self.parts else None
        if not isinstance(first, Command) or first.assignments:
            return None
        return look_of([plain_text(word) for word in first.words])

    def unlinked(self, folders: tuple[str, ...]) -> bool:
        """Whether such a line is never the name of a link, for whoever works in these folders."""
        return folders == self.folders and unlinked(self.parts)


NOTHING = Feed()
