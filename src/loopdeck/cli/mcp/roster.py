"""Which MCP servers a run has, known before anything of theirs is loaded: most people have none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loopdeck.cli.config import Settings
from loopdeck.cli.places import Places
from loopdeck.ports import Clock
from loopdeck.ports.servers import Resource
from loopdeck.session.values import SCRIPTED

if TYPE_CHECKING:
    from loopdeck.tools.mcp.hub import Hub

PROJECT = ".mcp.json"
"""The servers that a project brings along, in the form that other agents read too."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The servers of a person, and of the projects that they accepted."""

    settings: Settings
    places: Places
    env: Mapping[str, str]
    clock: Clock

    def notices(self, folder: Path, model: str) -> tuple[str, ...]:
        """What to say of servers that do not start."""
        if not self._has_any(folder, model):
            return ()
        from loopdeck.cli.mcp.lacking import notices  # for who has servers

        return notices(self.settings.mcp.servers, folder, self.places.servers, self.env)

    def unstarted(self, folder: Path, model: str) -> Mapping[str, str]:
        """Those that a run goes without from its beginning, and why."""
        if not self._has_any(folder, model):
            return {}
        from loopdeck.cli.mcp.lacking import unstarted  # see above

        return unstarted(self.settings.mcp.servers, folder, self.places.servers, self.env)

    def hub(self, folder: Path, model: str, learn: Callable[[Iterable[str]], None]) -> "Hub | None":
        """Those of a run; asked for behind the first frame."""
        if not self._has_any(folder, model):
            return None
        from loopdeck.cli.mcp.serving import hub_for  # see above

        return hub_for(self.settings, self.places, folder, self.clock, self.env, learn)

    def noted(self) -> Sequence[Resource]:
        """What this person's own had to read when they were last seen."""
        names = sorted(self.settings.mcp.servers)
        if not names:
            return ()
        from loopdeck.cli.mcp.offers import OfferFile  # see above

        return OfferFile(self.places.mcp).noted(names)

    def _has_any(self, folder: Path, model: str) -> bool:
        """A script calls no tool of a server, and a demo starts nothing of its person's own."""
        named = bool(self.settings.mcp.servers) or (folder / PROJECT).exists()
        return named and not model.startswith(SCRIPTED)
