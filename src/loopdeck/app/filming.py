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
from loopdeck.app.compositing import SparingCompositor
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Opened

_QUIET = 3  # rounds in which nothing stirred: then the moment is on the screen
_LASTING = frozenset({"agent", "feed", "themes"})  # what works as long as the deck is there
_WAITING = (  # textual has no public names for what the next refresh of a screen will do
    "_callbacks",
    "_dirty_widgets",
    "_layout_required",
    "_repaint_required",
    "_scroll_required",
)
_BRISK = 100  # rounds after which others get the processor: a thread may be at work
_PATIENCE = 3_000  # rounds; a deck that draws for ever is not waited for


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
        self._seen: list[str] = []
        self._shown: list[str] = []
        self.frames: list[str] = []

    def look(self, compositor: SparingCompositor) -> None:
        """Take in what has changed on the screen."""
        height = compositor.size.height
        self._seen = (self._seen + [""] * height)[:height]
        for at, strip in compositor.taken().items():
            self._seen[at] = strip.render(self.console)

    def keep(self) -> None:
        """Add a frame: the rows that are not as they were."""
        rows = self._seen
        old = self._shown + [""] * (len(rows) - len(self._shown))
        changed = [at for at, row in enumerate(rows) if row != old[at]]
        self.frames.append("".join(f"\x1b[{at + 1};1H{rows[at]}\x1b[0m" for at in changed))
        self._shown = list(rows)


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
            deck.compositor.keep()
            for seq in seqs:
                await _moment(taken, deck, seq)
                taken.keep()
                progress(len(taken.frames))
        app.exit()

    await app.run_async(headless=True, size=size, auto_pilot=shoot)
    if len(taken.frames) < len(seqs):
        raise LoopdeckError("The deck could not be drawn.", "`loopdeck replay` may say why.")
    return taken.frames


async def _moment(taken: Film, deck: DeckScreen, seq: int) -> None:
    """Look at the deck until it shows a moment and has come to rest."""
    deck.player.seek(None if seq == deck.feed.timeline.head else seq)
    quiet = 0
    for rounds in range(_PATIENCE):
        await asyncio.sleep(0 if rounds < _BRISK else 0.001)
        if deck.scene.state.last_seq == seq and not stirs(deck):
            quiet += 1
        else:
            quiet = 0
            deck.catch_up()
        if quiet == _QUIET:
            break
    taken.look(deck.compositor)


def stirs(screen: Screen[Any]) -> bool:
    """True while something is read or coloured that will be drawn, or waits for being drawn."""
    if any(getattr(screen, name) for name in _WAITING):
        return True
    app = cast("App[object]", screen.app)
    if any(one.message_queue_size for one in (app, *screen.walk_children(with_self=True))):
        return True
    return any(not one.is_finished and one.group not in _LASTING for one in app.workers)
