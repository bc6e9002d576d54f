"""What comes first on the screen once it is loaded: a session, or home."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:  # the screens and what they stand on are loaded behind the first frame
    from collections.abc import Iterable, Sequence

    from textual.app import SystemCommand
    from textual.screen import Screen

    from loopdeck.app.deck.announcing import Notices
    from loopdeck.app.deck.asking import Questions
    from loopdeck.app.deck.framing import Frames
    from loopdeck.app.keys.keymap import Scope
    from loopdeck.errors import LoopdeckError
    from loopdeck.ports import Opened
    from loopdeck.ports.calling import Caller
    from loopdeck.ports.drafts import Drafts
    from loopdeck.ports.sayings import Sayings
    from loopdeck.ports.waiting import Waiting


@dataclass(frozen=True, slots=True)
class First:
    """A session to show, a home below it, or both; and the keys the user has changed.

    `notice` is what is to be said once it is shown; `sayings` are what was typed before, `drafts`
    what was begun; `edit` lets the human change a text in an editor of their own. Without `motion`
    nothing moves. `caller` reaches the human who looks elsewhere. `checkup` finds out, beside the
    first agent at work, what is wrong with the file that it writes.
    """

    opened: "Opened | None" = None
    home: "Callable[[], Screen[None]] | None" = None
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    motion: bool = True
    sayings: "Sayings | None" = None
    drafts: "Drafts | None" = None
    edit: Callable[[str], Awaitable[str]] | None = None
    notice: str = ""
    waiting: "Waiting | None" = None
    caller: "Caller | None" = None
    checkup: "Callable[[], Awaitable[LoopdeckError | None]] | None" = None


def at_once(first: First) -> Callable[[], Awaitable[First]]:
    """A beginning that has nothing left to load."""

    async def begin() -> First:
        return first

    return begin


@runtime_checkable
class Offers(Protocol):
    """A screen with commands of its own."""

    def palette(self) -> "Iterable[SystemCommand]":
        """What the palette offers on it."""
        ...


@runtime_checkable
class GoesOn(Protocol):
    """A screen that goes on with what was typed before it could be seen."""

    def begin_with(self, text: str) -> None:
        """Put this before what was typed since."""
        ...


@runtime_checkable
class Guides(Protocol):
    """A screen whose own keys the help begins with."""

    def help_first(self) -> "Sequence[Scope]":
        """The groups of keys that matter on it now, the nearest first."""
        ...


@runtime_checkable
class Deck(Protocol):
    """What the app has to know of the deck, so that it need not load it to ask."""

    frames: "Frames"
    notices: "Notices"
    questions: "Questions"

    @property
    def agent_works(self) -> bool:
        """True while leaving would stop an agent."""
        ...

    @property
    def call_waits(self) -> bool:
        """True while a call waits for its human."""
        ...
