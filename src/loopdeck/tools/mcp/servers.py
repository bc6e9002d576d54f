"""An MCP server as its human named it, and how it is at the moment."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol
from urllib.parse import urlsplit

from loopdeck.ports.servers import Resource
from loopdeck.tools.mcp.counting import Counts
from loopdeck.tools.mcp.offers import Offer

NAME = re.compile(r"(?!.*__)[A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?")
"""What a server may be called: it is a part of its tools' names, set off by two underscores."""

DEFAULT_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class LoginTerms:
    """How to log in at a server that does not let programs register themselves."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    metadata_url: str = ""  # of a page that says who Loopdeck is, for servers that take one
    port: int = 0  # to come back to; any free one where it is 0


@dataclass(frozen=True, slots=True)
class Server:
    """How a server is reached: a command, or an address. `trusted` lets its word lower a category.

    With `roots` it may hear which folder is worked in, with `sampling` ask the run's model.
    `env` and `headers` are all it is given beside `PATH`, `HOME` and the like. `timeout` is the
    seconds that one call may take. Only one that may come `from_workspace` runs what lies there.
    """

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    transport: Literal["stdio", "http", "sse"] = "stdio"
    trusted: bool = False
    timeout: float = DEFAULT_TIMEOUT
    login: LoginTerms = LoginTerms()
    roots: bool = True
    sampling: Literal["never", "ask"] = "never"
    from_workspace: bool = False

    @property
    def takes_login(self) -> bool:
        """Whether a human can log in there: nobody else's name is shown to it already."""
        return bool(self.url) and all(name.lower() != "authorization" for name, _ in self.headers)

    @property
    def host(self) -> str:
        """The machine it is on; empty for a command on this one."""
        return (urlsplit(self.url).hostname or "") if self.url else ""

    @property
    def identity(self) -> str:
        """A hash of all that decides what is started or talked to."""
        parts = [self.command, self.args, self.env, self.url, self.headers, self.transport]
        text = json.dumps(parts, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class State(StrEnum):
    """How a server is doing."""

    WAITING = "waiting"  # it has not been started
    STARTING = "starting"
    READY = "ready"
    RESTING = "resting"  # it failed, and is tried again after a pause
    FAILED = "failed"  # tried again only when one of its tools is called
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Status:
    """A server at this moment. `error` is a sentence on why it cannot be used now.

    `trouble` is that, or what was wrong the last time; `said` is the end of what it wrote on
    stderr by then. It is tried again in `again_s` seconds, where it is by itself.
    """

    name: str
    state: State
    tools: int = 0
    protocol: str = ""
    error: str = ""
    trouble: str = ""
    said: str = ""
    again_s: float | None = None
    counts: Counts = field(default_factory=Counts)


class OfferBook(Protocol):
    """Remembers what servers offered, and which of their tools a human let run."""

    def known(self, server: Server) -> Sequence[Offer]:
        """What the very same server offered when it was last seen."""
        ...

    def remember(self, server: Server, offers: Sequence[Offer]) -> None:
        """Keep what a server offers now."""
        ...

    def note(self, server: Server, resources: Sequence[Resource]) -> None:
        """Keep what a server has to read, so that it can be named before it runs again."""
        ...

    def accepted(self, offer: Offer) -> str:
        """The mark of the tool when it last ran; empty if it never did."""
        ...

    def accept(self, offer: Offer) -> None:
        """The tool runs as it is now, with permission."""
        ...
