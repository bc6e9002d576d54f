"""What a run is given by the program around it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Literal, Protocol, TypeVar

from loopdeck.harness.spooling import Spooling
from loopdeck.ports import Clock, GrantBook, Letters, Toolbox, Watch
from loopdeck.ports.queue import nobody_writes
from loopdeck.ports.services import RunServices
from loopdeck.session.calls import CallView
from loopdeck.session.events import ServerChecked
from loopdeck.session.values import Rule

T = TypeVar("T")
OnAsk = Literal["wait", "park", "deny"]
OnUnknown = Literal["park", "tell"]


@dataclass(frozen=True, slots=True)
class SandboxFound:
    """The sandbox of this machine, as it was tried before the run."""

    backend: str
    passed: bool
    says: str = ""


class Aside(Protocol):
    """Does slow work where it holds up nobody, such as `asyncio.to_thread`."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Do it; what it returns or raises comes back."""
        ...


async def at_once(work: Callable[[], T], /) -> T:
    """Do it here and now, where nobody could be held up."""
    return work()


def no_evidence(_call: CallView) -> Sequence[str]:
    """Nothing can be found out about a call."""
    return ()


def anybody(_name: str) -> None:
    """Any model will do."""


def no_servers() -> Sequence[ServerChecked]:
    """There are none."""
    return ()


def no_secrets(_paths: Sequence[str]) -> Sequence[str]:
    """Nothing is known of any file."""
    return ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Tools, time and places, and what to do where nobody is watching.

    `on_ask`: wait in place, park the call and end, or deny. `on_unknown`: park or tell the model.
    `home` is what `~` means in rules; `own` are folders that only Loopdeck may write to.
    `sandbox` is what commands run in, once it was tried; `nonce` makes each request its own.
    `book` has the lasting grants; `project` gives the rules that the workspace brings along, as
    they are when it is called. `aside` is for what is looked up on the disk before a human is
    asked; `watch` tells when that has changed while the request waits. `secrets_in` finds the
    secret values in files that are about to be read. `letters` hands over what was queued.
    `recast` gives the work to another model, and raises if there is none of that name.
    With `search` the model's maker may search the web by itself. `services` are the commands that
    stay beside the calls after theirs.
    `evidence` looks for what is left of a call whose end nobody saw, `servers` at MCP servers.
    """

    toolbox: Toolbox
    clock: Clock
    spool: Spooling
    on_ask: OnAsk = "wait"
    on_unknown: OnUnknown = "park"
    home: Path | None = None
    own: tuple[Path, ...] = ()
    sandbox: SandboxFound | None = None
    nonce: Callable[[], str] = token_hex
    book: GrantBook | None = None
    project: Callable[[], tuple[Rule, ...]] = tuple
    aside: Aside = at_once
    watch: Watch | None = None
    secrets_in: Callable[[Sequence[str]], Sequence[str]] = no_secrets
    letters: Letters = nobody_writes
    evidence: Callable[[CallView], Sequence[str]] = no_evidence
    recast: Callable[[str], None] = anybody
    search: bool = False
    services: RunServices | None = None
    servers: Callable[[], Sequence[ServerChecked]] = no_servers
