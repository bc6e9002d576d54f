"""The whole of what would happen, from its first line on."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.panes.lines import LineView


class Payload(LineView, can_focus=True):
    """Tells whenever other lines of it can be seen.

    What opens is seen from its first line on: a key or a wheel that was meant for the request
    before moves nothing until this one has been on the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [  # with the whole screen, when the keys are its own
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]
    DEFAULT_CSS = """
    Payload { height: 1fr; padding: 0 1; }
    Payload:focus { background: $surface; }
    """

    def __init__(self, shown: Callable[[], object]) -> None:
        super().__init__(id="payload")
        self._tell = shown
        self._opening = True

    def open_at_top(self) -> None:
        """Other lines come, maybe not at once: begin at the first of them, and show no others."""
        self._opening = True
        self.lines = ()
        self.refresh()
        self._to_the_top()

    def looked_at(self) -> float:
        """How much, from the first line on, can be seen or lies above; it was painted so."""
        if self._opening and self.scroll_offset.y:
            self._to_the_top()
            self._tell()
            return 0.0
        if not self.lines or not self.current or not self.size.height:
            return 0.0
        self._opening = False
        return self.last_visible / len(self.lines)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling shows more of it."""
        super().watch_scroll_y(old_value, new_value)
        self.made()

    def made(self) -> None:
        """Other lines can be seen."""
        self._tell()

    def _to_the_top(self) -> None:
        self.scroll_to(y=0, animate=False, immediate=True, force=True)
