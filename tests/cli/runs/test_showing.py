"""A screen is alive while what works behind it is being loaded."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from loopdeck.app.first import First
from loopdeck.cli.places import Places
from loopdeck.cli.runs import showing
from loopdeck.errors import LoopdeckError

PATIENCE_S = 20.0  # of a load that nobody lets go on: it would hold up the screen


class Rest:
    """What works behind the screen."""

    def __init__(self) -> None:
        self.closed = False

    async def begin(self) -> First:
        """Nothing is left to load."""
        return First()

    async def farewell(self) -> int:
        """All is well."""
        return 7

    async def interrupted(self) -> None:
        """Nobody interrupts it."""

    async def close(self) -> None:
        """Be closed."""
        self.closed = True


@dataclass
class Screen:
    """An app whose loop has to turn before the load behind it may end."""

    begin: Callable[[], Awaitable[First]]
    loads: threading.Event
    turned: threading.Event
    fault: LoopdeckError | None = None
    is_lent: bool = False

    async def run_async(self) -> None:
        """Begin, and turn meanwhile."""
        loading = asyncio.ensure_future(self.begin())
        assert await asyncio.to_thread(self.loads.wait, PATIENCE_S)
        self.turned.set()
        assert await loading == First()

    def exit(self) -> None:
        """Nobody leaves it."""


async def test_the_loop_turns_while_the_rest_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest, loads, turned = Rest(), threading.Event(), threading.Event()

    def set_up() -> Rest:
        loads.set()
        assert turned.wait(PATIENCE_S)
        return rest

    def screen(begin: Callable[[], Awaitable[First]], **_others: object) -> Screen:
        return Screen(begin, loads, turned)

    async def keep_nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(showing, "LoopdeckApp", screen)
    monkeypatch.setattr(showing, "_keep_terminal", keep_nothing)
    names = ("loopdeck.db", "config.toml", "themes", "spool", "log")
    spots = Places(*(tmp_path / name for name in names))
    assert await showing.show(set_up, spots) == 7
    assert rest.closed
