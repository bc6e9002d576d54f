"""A run as the command line holds it: where and how an agent works, and how it is stopped."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loopdeck.errors import LoopdeckError
from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.setting import OnAsk, OnUnknown, anybody
from loopdeck.harness.spooling import Spooling
from loopdeck.ports import Bulletin, Clock, GrantBook
from loopdeck.ports.servers import Servers
from loopdeck.session.values import Rule

if TYPE_CHECKING:
    from loopdeck.tools.mcp.hub import Hub

Drive = Callable[[], Coroutine[object, object, Ending]]


def no_servers() -> None:
    """No MCP server is configured."""


def unheard(_sentence: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where an agent works, and what it does where nobody is watching."""

    folder: Path
    clock: Clock
    spool: Spooling
    own: tuple[Path, ...]
    on_ask: OnAsk
    on_unknown: OnUnknown
    book: GrantBook | None = None
    project: Callable[[], tuple[Rule, ...]] = tuple
    sandboxed: bool = True
    recast: Callable[[str], None] = anybody
    servers: Callable[[], "Hub | None"] = no_servers
    unable: Callable[[str], None] = unheard  # is told which of them cannot be used
    unstarted: Callable[[], Mapping[str, str]] = dict  # those that are never begun, and why
    search: bool = False  # whether the model's maker may search the web
    walls: Path | None = None  # the file that remembers which sandbox holds here


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run behaves where nobody, or somebody, is watching."""

    on_ask: OnAsk = "wait"
    on_unknown: OnUnknown = "park"
    pace: float = 0.0


class Run:
    """A session with its agent: cancelling `work` leaves the agent at work, `halt` stops it.

    `notices` are for whoever started it on a command line. `bulletin` is the same for a deck,
    where the project's rules can be accepted.
    """

    def __init__(
        self,
        session: str,
        inbox: Inbox,
        drive: Drive,
        servers: Servers,
        notices: tuple[str, ...],
        bulletin: Bulletin,
    ) -> None:
        self.session = session
        self.notices = notices
        self.bulletin = bulletin
        self.servers = servers
        self.inbox = inbox
        self.ending: Ending | None = None
        self._drive = drive
        self._task: asyncio.Task[Ending] | None = None

    async def work(self) -> None:
        """Run the agent to its end, which is then in `ending`."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._drive())
        self.ending = await asyncio.shield(self._task)

    @property
    def failure(self) -> LoopdeckError | None:
        """What ended it where not even that could be written down."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            return None
        error = self._task.exception()
        return error if isinstance(error, LoopdeckError) else None

    async def halt(self) -> None:
        """Stop the agent where it is; the session can be resumed.

        One that has not begun begins before: a session is on record, and so is how it stands.
        """
        if self._task is None:
            self._task = asyncio.ensure_future(self._drive())
        await asyncio.sleep(0)  # what is cancelled before its first step never takes it
        if not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
