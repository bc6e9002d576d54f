"""What a run is given by the program around it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Literal

from loopdeck.ports import Clock, GrantBook, Toolbox
from loopdeck.session.values import Rule

OnAsk = Literal["wait", "park", "deny"]
OnUnknown = Literal["park", "tell"]


@dataclass(frozen=True, slots=True)
class SandboxFound:
    """The sandbox of this machine, as it was tried before the run."""

    backend: str
    passed: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Tools, time and places, and what to do where nobody is watching.

    `on_ask`: wait in place, park the call and end, or deny. `on_unknown`: park or tell the model.
    `home` is what `~` means in rules; `own` are folders that only Loopdeck may write to.
    `sandbox` is what commands run in, once it was tried; `nonce` makes each request its own.
    `book` has the lasting grants; `project` gives the rules that the workspace brings along, as
    they are when it is called.
    """

    toolbox: Toolbox
    clock: Clock
    spool: Path
    on_ask: OnAsk = "wait"
    on_unknown: OnUnknown = "park"
    home: Path | None = None
    own: tuple[Path, ...] = ()
    sandbox: SandboxFound | None = None
    nonce: Callable[[], str] = token_hex
    book: GrantBook | None = None
    project: Callable[[], tuple[Rule, ...]] = tuple
