"""A screen that paints what a key changed at once, and the rest when a frame is due."""

import time
from typing import TypeVar, cast

from textual.screen import Screen

from loopdeck.app.compositing import SparingCompositor
from loopdeck.app.listening import ListeningApp

T = TypeVar("T")
FRAME_S = 1 / 120


class PacedScreen(Screen[T]):
    """Textual's own timer lets a change that follows a paint wait for up to two frames."""

    def __init__(self) -> None:
        super().__init__()
        self.compositor = SparingCompositor()
        self._compositor = self.compositor
        self._painted = 0.0
        self._heard = 0

    def on_idle(self) -> None:
        """Nothing else is to be done now: paint, if somebody waits for it or it was long ago."""
        app = cast("object", self.app)
        heard = app.touched if isinstance(app, ListeningApp) else 0
        now = time.monotonic()
        if heard == self._heard and now - self._painted < FRAME_S:
            return  # the timer will
        if self._dirty_widgets or self._repaint_required or self._layout_required:
            self._heard, self._painted = heard, now
            self.catch_up()

    def catch_up(self) -> None:
        """Paint now what waits for it."""
        self._on_timer_update()
