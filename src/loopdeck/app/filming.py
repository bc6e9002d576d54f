"""Runs the deck without a terminal over a recording, and tells what a terminal would be sent."""

import asyncio
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Opened

_QUIET = 2  # rounds in which nothing stirred: then the moment is on the screen
_LASTING = frozenset({"agent", "feed", "themes"})  # what works as long as the deck is there
_WAITING = (  # textual has no public names for what the next refresh of a screen will do
    "_callbacks",
    "_dirty_widgets",
    "_layout_required",
    "_repaint_required",
    "_scroll_required",
)
_PATIENCE = 200  # rounds; a deck that draws for ever is not waited for


class FilmClock:
    """A clock that stands still: what is filmed must not depend on how long the filming takes."""

    def __init__(self, now: int) -> None:
        self._now = now

    def wall(self) -> int:
        """The moment of the recording."""
        return self._now

    def mono(self) -> int:
        """The same."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Really wait: who sleeps here must not take the time of the others."""
        await asyncio.sleep(seconds)


class Film:
    """The rows of a screen, and what changes them into the rows of the next moment."""

    def __init__(self) -> None:
        # Its colours are those of the theme, whatever terminal the program was started in.
        self.console = Console(
            file=StringIO(), color_system="truecolor", force_terminal=True, no_color=False
        )
        self._shown: list[str] = []
        self.frames: list[str] = []

    def rows(self, deck: DeckScreen) -> list[str]:
        """What the deck has on its screen now, a row a text."""
        compositor = deck._compositor  # pyright: ignore[reportPrivateUsage] - it has no public name
        return [strip.render(self.console) for strip in compositor.render_strips()]

    def keep(self, rows: list[str]) -> None:
        """Add a frame: the rows that are not as they were."""
        old = self._shown + [""] * (len(rows) - len(self._shown))
        changed = [at for at, row in enumerate(rows) if row != old[at]]
        self.frames.append("".join(f"\x1b[{at + 1};1H{rows[at]}\x1b[0m" for at in changed))
        self._shown = rows


async def film(
    opened: Opened,
    seqs: Sequence[int],
    *,
    size: tuple[int, int],
    now: int,
    themes: Sequence[Path] | None = None,
    theme: str | None = None,
    progress: Callable[[int], object] = int,
) -> list[str]:
    """What the terminal is sent for each moment, in order. Raises `LoopdeckError`.

    `progress` hears how many moments are done: a long recording takes a while.
    """
    app = LoopdeckApp(
        at_once(First(opened=opened)), clock=FilmClock(now), themes=themes, theme=theme
    )
    taken = Film()
    app.console = taken.console  # the deck draws for that, not for where the program was started

    async def shoot(pilot: Pilot[object]) -> None:
        while not isinstance(app.screen, DeckScreen) and app.fault is None:
            await pilot.pause()
        deck = app.screen
        if isinstance(deck, DeckScreen):
            for seq in seqs:
                taken.keep(await _moment(taken, deck, seq, pilot))
                progress(len(taken.frames))
        app.exit()

    await app.run_async(headless=True, size=size, auto_pilot=shoot)
    if len(taken.frames) < len(seqs):
        raise LoopdeckError("The deck could not be drawn.", "`loopdeck replay` may say why.")
    return taken.frames


async def _moment(taken: Film, deck: DeckScreen, seq: int, pilot: Pilot[object]) -> list[str]:
    """The rows, once the deck shows a moment and has come to rest."""
    deck.player.seek(None if seq == deck.feed.timeline.head else seq)
    rows: list[str] = []
    quiet = 0
    for _ in range(_PATIENCE):
        await pilot.pause(0)  # every widget has heard what was sent to it before
        quiet = quiet + 1 if deck.scene.state.last_seq == seq and not stirs(deck) else 0
        if quiet == _QUIET:
            rows = taken.rows(deck)  # to draw a row may ask for what it says: one more look
        elif quiet > _QUIET:
            break
    return rows


def stirs(screen: Screen[Any]) -> bool:
    """True while something is read or coloured that will be drawn, or waits for being drawn."""
    workers = cast("App[object]", screen.app).workers
    works = any(not one.is_finished and one.group not in _LASTING for one in workers)
    waits = any(getattr(screen, name) for name in _WAITING)
    return works or waits or any(one.message_queue_size for one in screen.walk_children())
