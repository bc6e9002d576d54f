"""Where a read leads: found out when it is judged, and gone to, and nowhere else, when it runs."""

import os
from dataclasses import dataclass

from loopdeck.errors import ToolError
from loopdeck.tools.paths import Target, Workspace


@dataclass(slots=True)
class Aim:
    """The path of one call. A link that is laid afterwards leads nobody astray."""

    workspace: Workspace
    path: str
    _seen: Target | None = None

    def look(self) -> Target:
        """Find out where the path leads now, and keep to that. Raises `ToolError`."""
        self._seen = self.workspace.target(self.path)
        return self._seen

    def kept(self) -> Target:
        """Where the path led when it was looked at last. Raises `ToolError` if that has moved."""
        target = self._seen or self.look()
        if os.path.realpath(target.real) != str(target.real):
            raise ToolError(f"{target.shown} has become a link since it was judged. Call again.")
        return target
