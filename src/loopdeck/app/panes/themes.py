"""The list of themes: the one under the cursor is on the screen at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from loopdeck.app.paint.lines import Line, Part, cut, cut_line
from loopdeck.app.panes.choosing import ChoosingScreen

_NAME = 22


@dataclass(frozen=True, slots=True)
class Offered:
    """A theme that can be chosen."""

    name: str
    dark: bool


class ThemesScreen(ChoosingScreen[Offered]):
    """Gives back the theme to keep; `None` is none of them. `show` puts one on the screen."""

    DEFAULT_CSS = """
    ThemesScreen {
        align: right middle; background: transparent;
        #frame { width: 36; }
    }
    """
    TITLE_WORDS: ClassVar[str] = "Themes"
    DOES: ClassVar[str] = "keeps it"

    def __init__(self, themes: Sequence[Offered], now: str, show: Callable[[str], None]) -> None:
        names = [theme.name for theme in themes]
        super().__init__(themes, names.index(now) if now in names else 0)
        self._show = show

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        return cut_line((Part(f"{'theme':<{_NAME}}ground", "muted"),), cells)

    def painted(self, thing: Offered, cells: int) -> Line:
        """One theme."""
        name = Part(f"{cut(thing.name, _NAME - 2):<{_NAME}}")
        return cut_line((name, Part("dark" if thing.dark else "light", "muted")), cells)

    def looked_at(self) -> None:
        """Show the one under the cursor."""
        self._show(self.chosen.name)
