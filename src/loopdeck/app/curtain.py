"""What is seen while the rest is loaded: the empty deck, or home, painted by a single widget.

On home's a goal can be begun: what is typed is kept, and home goes on with it.
"""

from typing import cast

from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from loopdeck.app.look.inks import Inks
from loopdeck.app.paint.empty import empty_deck, empty_home
from loopdeck.app.sanitize import sanitize


class Cloth(Widget):
    """Paints the whole screen."""

    DEFAULT_CSS = """
    Cloth { width: 1fr; height: 1fr; background: $background; color: $foreground; }
    """

    def __init__(self, goal: str | None) -> None:
        super().__init__()
        self._goal = None if goal is None else sanitize(goal, lines=False)
        self.typed = ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that are asked for, in the inks of the theme."""
        inks = Inks(self.rich_style, cast("App[object]", self.app).theme_variables)
        width, height = self.size
        goal = self._goal
        typed = sanitize(self.typed, lines=False)
        empty = empty_home(width, height, typed) if goal is None else None
        lines = empty or empty_deck(goal or "", width, height)
        seen = lines[crop.y : crop.bottom]
        return [inks.strip(line, width).crop(crop.x, crop.right) for line in seen]


class Curtain(Screen[None]):
    """The ground that other screens come to lie on; where the goal is `None` it is home's."""

    DEFAULT_CSS = """
    Curtain { background: $background; }
    """

    def __init__(self, goal: str | None) -> None:
        super().__init__()
        self._goal = goal

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Cloth(self._goal)

    @property
    def typed(self) -> str:
        """The goal that was begun."""
        return self.query_one(Cloth).typed

    def on_key(self, event: Key) -> None:
        """Keep a letter; nothing is begun or approved by a key before its screen was seen."""
        letter = event.character if event.is_printable else None
        if letter or event.key == "backspace":
            self._keep(event, self.typed + letter if letter else self.typed[:-1])

    def on_paste(self, event: Paste) -> None:
        """Keep what was pasted, as the box for a goal would."""
        self._keep(event, self.typed + " ".join(event.text.split()))

    def _keep(self, event: Key | Paste, typed: str) -> None:
        if self._goal is None:
            event.stop()
            cloth = self.query_one(Cloth)
            cloth.typed = typed
            cloth.refresh()
