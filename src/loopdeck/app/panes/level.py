"""The autonomy dial: what each level does alone, and a key to turn it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.paint.lines import EMPTY, Line, Part, prose
from loopdeck.app.panes.lines import LineView
from loopdeck.session.state import LEVEL_NAMES

_WHAT = {
    1: "talks only: no tools are offered",
    2: "reads inside the workspace; asks for other reads; nothing else is offered",
    3: "reads inside the workspace; asks for every write, network, destructive or unknown call",
    4: "also writes inside the workspace; asks for the rest",
    5: "as 4 with nobody at the keyboard: what would ask is parked for later",
}


class LevelScreen(ModalScreen[int | None]):
    """Gives back the chosen level, or `None`."""

    DEFAULT_CSS = """
    LevelScreen {
        align: center middle;
        background: $background 60%;
        Vertical {
            width: 64; max-width: 96%; height: auto; max-height: 96%;
            border: round $loop-border-focus; background: $surface; padding: 1 2;
        }
        LineView { height: auto; max-height: 100%; background: $surface; scrollbar-size: 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,l,q", "choose(0)", show=False),
        *(Binding(str(level), f"choose({level})", show=False) for level in LEVEL_NAMES),
    ]

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def compose(self) -> ComposeResult:
        """The five levels."""
        with Vertical() as frame:
            frame.border_title = Content("How much it may do without asking")
            frame.border_subtitle = Content("1–5 chooses · escape leaves it as it is")
            yield LineView()

    def on_mount(self) -> None:
        """Paint them."""
        self.query_one(LineView).show_lines(self._lines)

    def action_choose(self, level: int) -> None:
        """Take a level; 0 takes none."""
        self.dismiss(level or None)

    def _lines(self, cells: int) -> list[Line]:
        lines: list[Line] = []
        for level, name in LEVEL_NAMES.items():
            now = level == self._level
            sign = Part("▸ " if now else "  ", "accent")
            lines.append((sign, Part(f"{level}  ", "accent"), Part(name, "strong")))
            lines += prose(_WHAT[level], cells, "muted", 5)
            lines.append(EMPTY)
        return lines[:-1]
