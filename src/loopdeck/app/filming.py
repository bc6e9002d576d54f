"""Runs the deck without a terminal over a recording, and keeps what it would have drawn."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Opened

_QUIET = 2  # rounds in which nothing was drawn: then the moment is on the screen
_PATIENCE = 500  # rounds; a deck that draws for ever is not waited for


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


class Camera(Driver):
    """A terminal of a fixed size that nobody types at."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type] - textual gives what it takes
        self._kept: list[str] = []

    @property
    def is_headless(self) -> bool:
        """False: what is drawn is wanted."""
        return False

    def write(self, data: str) -> None:
        """Keep it."""
        self._kept.append(data)

    def taken(self) -> str:
        """What was drawn since the last time."""
        data, self._kept = "".join(self._kept), []
        return data

    def start_application_mode(self) -> None:
        """Tell the app its size, as a terminal does."""
        size = Size(*(self._size or (80, 24)))
        asyncio.get_running_loop().call_soon(self._app.post_message, Resize(size, size))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is nothing to restore."""


async def film(
    opened: Opened,
    seqs: Sequence[int],
    *,
    size: tuple[int, int],
    now: int,
    themes: Sequence[Path] | None = None,
    theme: str | None = None,
) -> list[str]:
    """What the terminal is sent for each moment, in order. Raises `LoopdeckError`."""
    app = LoopdeckApp(
        at_once(First(opened=opened)), clock=FilmClock(now), themes=themes, theme=theme
    )
    app.driver_class = Camera
    app.console = Console(
        color_system="truecolor", force_terminal=True, file=app.console.file, no_color=False
    )
    drawn: list[str] = []

    async def shoot(pilot: Pilot[object]) -> None:
        while not isinstance(app.screen, DeckScreen) and app.fault is None:
            await pilot.pause()
        deck = app.screen
        if isinstance(deck, DeckScreen):
            drawn.extend([await _moment(deck, seq, pilot) for seq in seqs])
        app.exit()

    await app.run_async(size=size, auto_pilot=shoot)
    if len(drawn) < len(seqs):
        raise LoopdeckError("The deck could not be drawn.", "`loopdeck replay` may say why.")
    return drawn


async def _moment(deck: DeckScreen, seq: int, pilot: Pilot[object]) -> str:
    """What is drawn until the deck shows a moment and has come to rest."""
    drawn: list[str] = []
    quiet = 0
    deck.seek(None if seq == deck.feed.timeline.head else seq)
    for _ in range(_PATIENCE):
        await pilot.pause()
        driver = deck.app._driver  # pyright: ignore[reportPrivateUsage] - it has no public name
        piece = driver.taken() if isinstance(driver, Camera) else ""
        drawn.append(piece)
        quiet = 0 if piece or deck.scene.state.last_seq != seq else quiet + 1
        if quiet == _QUIET:
            break
    return "".join(drawn)
