"""MCP servers as a deck may know them: frozen words and numbers, and the little it may ask of them.

All words are a server's own: whoever shows them makes them safe first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from loopdeck.session.values import Category


@dataclass(frozen=True, slots=True)
class ServerView:
    """A server at one moment, or, in a recording, what the log knows of it.

    `trouble` says why it cannot be used, or what was wrong the last time, `said` is the end of
    what it wrote on stderr by then. In `again_s` seconds it is tried again by itself.
    """

    name: str
    state: str
    reached: str = ""
    tools: int = 0
    calls: int = 0
    failed: int = 0
    running: int = 0
    median_ms: float | None = None
    last_ms: float | None = None
    restarts: int = 0
    again_s: float | None = None
    trouble: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ToolView:
    """A tool of a server: how bad a call can get, and whether a human let it run as it is now."""

    name: str
    category: Category
    standing: Literal["new", "accepted", "changed", "used"]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be read by its address; that of a template has `{names}` to fill in."""

    server: str
    uri: str
    words: str
    kind: str = ""
    template: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """Words that a server has ready; `needs` are the arguments that have to be given."""

    server: str
    name: str
    words: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


class Servers(Protocol):
    """The servers of a run in this process."""

    def views(self) -> Sequence[ServerView]:
        """How each of them is doing now."""
        ...

    def listen(self, tell: Callable[[str], None]) -> None:
        """Have a sentence told, once, of each that cannot be used from the beginning."""
        ...

    def tools(self, server: str) -> Sequence[ToolView]:
        """What one of them offers."""
        ...

    def resources(self) -> Sequence[Resource]:
        """What can be read of all that are connected."""
        ...

    def prompts(self) -> Sequence[Prompt]:
        """What can be begun with of all that are connected."""
        ...

    def restart(self, server: str) -> None:
        """Begin it anew; what it was doing is lost. Nothing where there is none of that name."""
        ...

    async def read(self, server: str, uri: str) -> str:
        """What stands at an address. Raises `ToolError`."""
        ...

    async def prompt(self, server: str, name: str, args: Mapping[str, str]) -> str:
        """The words of a prompt. Raises `ToolError`."""
        ...
