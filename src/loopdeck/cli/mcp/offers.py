"""What is kept of MCP servers between runs: what they offered, and what a human let run of it.

The two never share a file: what a server says, however much, must not reach what a human said.
"""

import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from loopdeck.cli.kept.alone import alone
from loopdeck.cli.kept.files import MOST, read_small, write_private
from loopdeck.errors import ConfigError
from loopdeck.ports.servers import Resource
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import Server

MOST_NOTED = 200  # resources of a server that can be named before it runs
UNREADABLE = "unreadable"
"""The mark that no tool has: what was let run cannot be known, so all counts as changed."""

log = logging.getLogger(__name__)


class _Seen(BaseModel):
    """What a server offered."""

    model_config = ConfigDict(extra="forbid")

    identity: str = ""
    offers: list[Offer] = Field(default_factory=list[Offer])
    resources: list[Resource] = Field(default_factory=list[Resource])


_Marks = dict[str, dict[str, str]]
_MARKS: TypeAdapter[_Marks] = TypeAdapter(_Marks)


class OfferFile:
    """An `OfferBook` in a private folder: a file for each server, and one for what was let run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._book = folder / ".accepted.json"  # no server can be called so
        self._marks: Mapping[str, Mapping[str, str]] | None = None

    def known(self, server: Server) -> Sequence[Offer]:
        """What the very same server offered when it was last seen."""
        seen = self._seen(server.name)
        return seen.offers if seen.identity == server.identity else ()

    def remember(self, server: Server, offers: Iterable[Offer]) -> None:
        """Keep what a server offers now; what is too much is asked for again."""
        seen = self._seen(server.name)
        seen.identity, seen.offers = server.identity, list(offers)
        self._keep(server.name, seen)

    def note(self, server: Server, resources: Sequence[Resource]) -> None:
        """Keep what a server has to read."""
        seen, noted = self._seen(server.name), list(resources)[:MOST_NOTED]
        if seen.resources != noted:
            seen.resources = noted
            self._keep(server.name, seen)

    def noted(self, names: Iterable[str]) -> list[Resource]:
        """What these servers had to read when they were last seen."""
        return [one for name in names for one in self._seen(name).resources]

    def accepted(self, offer: Offer) -> str:
        """The mark of the tool when it last ran; empty if it never did."""
        if self._marks is None:
            try:
                self._marks = self._read_marks()
            except ConfigError:
                log.exception("what was let run of MCP servers")
                return UNREADABLE
        return self._marks.get(offer.server, {}).get(offer.name, "")

    def accept(self, offer: Offer) -> None:
        """The tool runs as it is now, with permission. What cannot be kept is asked for again."""
        with contextlib.suppress(ConfigError), alone(self._book):
            marks = self._read_marks()  # as they are by now: other runs keep theirs there too
            marks.setdefault(offer.server, {})[offer.name] = offer.mark
            write_private(self._book, _MARKS.dump_json(marks).decode())
            self._marks = marks

    def _read_marks(self) -> _Marks:
        text = read_small(self._book, follow=False)
        try:
            return _MARKS.validate_json(text) if text is not None else {}
        except ValidationError as error:
            raise ConfigError(f"{self._book} cannot be understood.", "Delete it.") from error

    def _seen(self, name: str) -> _Seen:
        with contextlib.suppress(ConfigError, ValidationError):
            text = read_small(self._file(name), follow=False)
            return _Seen.model_validate_json(text) if text is not None else _Seen()
        return _Seen()

    def _keep(self, name: str, seen: _Seen) -> None:
        text = seen.model_dump_json()
        with contextlib.suppress(ConfigError):
            if len(text.encode()) <= MOST:
                write_private(self._file(name), text)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"
