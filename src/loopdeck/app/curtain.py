"""What is seen while the rest is loaded: the empty deck, or home, painted by a single widget."""

from typing import cast

from textual.app import App, ComposeResult
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

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that are asked for, in the inks of the theme."""
        inks = Inks(self.rich_style, cast("App[object]", self.app).theme_variables)
        width, height = self.size
        goal = self._goal
        lines = empty_home(width, height) if goal is None else empty_deck(goal, width, height)
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
