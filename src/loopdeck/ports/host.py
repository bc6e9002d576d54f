"""What the app needs from the program around it: time, a way to give commands, a way to begin."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Protocol

from loopdeck.ports.branch import Branch
from loopdeck.ports.bulletin import Bulletin
from loopdeck.ports.journal import Journal
from loopdeck.ports.queue import Queue
from loopdeck.ports.servers import Resource, Servers
from loopdeck.ports.wish import ModelOffer, Wish
from loopdeck.session.commands import Command, Jot
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import JsonObject


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def wall(self) -> int:
        """UTC nanoseconds, whole microseconds."""
        ...

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a test clock returns at once and moves on."""
        ...


class CommandSink(Protocol):
    """Where a human's commands go. `accepts` is false where nothing can act on them."""

    @property
    def accepts(self) -> bool:
        """False for a recording."""
        ...

    async def send(self, command: Command) -> None:
        """Hand a command over. Raises `ReadOnlyError` where it cannot be."""
        ...


def short_id() -> str:
    """A name that nothing else has."""
    return token_hex(4)


def no_schema(tool: str) -> JsonObject:
    """Nothing is known of any tool."""
    del tool
    return {}


@dataclass(frozen=True, slots=True)
class Means:
    """What can be done about a session besides commanding its agent; by default, next to nothing.

    `past` reads the calls of all sessions, where there are others; `home` is the folder that `~`
    stands for in rules, and `new_id` names a standing permission. `schema` is the JSON schema of a
    tool's arguments; empty for a tool nobody knows.
    `fork` makes another session of a moment of this one. `jot` keeps a bookmark or a note where
    no agent of this process would; nothing does that for a recording from a file.
    `queue` holds messages until the next step; without one they are commands like others.
    `servers` are the MCP servers of an agent of this process.
    `resume` goes on with the session; `export` writes it in a format, and says where.
    """

    past: Callable[[], Awaitable[Sequence[RecordedCall]]] | None = None
    home: str = ""
    new_id: Callable[[], str] = short_id
    schema: Callable[[str], JsonObject] = no_schema
    fork: "Callable[[Branch], Awaitable[Opened]] | None" = None
    jot: Callable[[Jot], Awaitable[None]] | None = None
    queue: Queue | None = None
    servers: Servers | None = None
    resume: "Callable[[], Awaitable[Opened]] | None" = None
    export: Callable[[str], Awaitable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session ready to be shown. `work` runs its agent, where this process is to run it.

    `holder` names the process that runs it while that is another one, and is empty while no
    process does; without it an agent is one of this process. `bulletin` is what there is to say
    of the rules. `sought` are the words that were found at `position`.
    """

    session: str
    journal: Journal
    sink: CommandSink
    position: int | None = None
    work: Callable[[], Awaitable[None]] | None = None
    holder: Callable[[], str] | None = None
    bulletin: Bulletin = field(default_factory=Bulletin)
    means: Means = field(default_factory=Means)
    sought: str = ""


class Host(Protocol):
    """Begins, resumes and opens sessions for the app. Raises `LoopdeckError`s."""

    async def wish(self) -> Wish:
        """How a new session would be: as configured, or as it was chosen for this folder."""
        ...

    async def models(self, *, ask: bool) -> tuple[Sequence[ModelOffer], Sequence[str]]:
        """The models that can be named, and what kept a server from saying which it has.

        No server is asked without `ask`: then they are those that somebody has named here.
        """
        ...

    async def resources(self) -> Sequence[Resource]:
        """What the MCP servers of this person had to read when they were last seen."""
        ...

    async def start(self, goal: str, wish: Wish | None = None) -> Opened:
        """A new session; what was chosen for it is remembered for its folder."""
        ...

    async def resume(self, session: str) -> Opened:
        """Go on with a session that stopped, crashed or waits."""
        ...

    async def open(self, session: str, at: int | None = None) -> Opened:
        """Watch a session that runs elsewhere, or replay one that is over; `at` is an event."""
        ...
