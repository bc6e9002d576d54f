"""The autonomy dial: what each level does alone, and a key to turn it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.paint.lines import EMPTY, Line, Part, prose
from loopdeck.app.panes.lines import LineView
from loopdeck.app.sanitize import sanitize
from loopdeck.session.levels import LEVEL_MEANS, LEVEL_NAMES, SANDBOXED


class LevelScreen(ModalScreen[int | None]):
    """Gives back the chosen level, or `None`. Levels that need a sandbox are shut without one."""

    DEFAULT_CSS = """
    LevelScreen {
        align: center middle;
        background: $background 60%;
        Vertical {
            width: 64; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 0 1;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        LineView { height: auto; max-height: 100%; background: $surface; scrollbar-size: 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,l,q", "choose(0)", show=False),
        *(Binding(str(level), f"choose({level})", show=False) for level in LEVEL_NAMES),
    ]

    def __init__(self, level: int, sandbox: str | None, says: str = "") -> None:
        super().__init__()
        self._level = level
        self._sandbox = sandbox
        self._says = says

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
        """Take a level; 0 takes none, and one that is shut says so."""
        if level >= SANDBOXED and not self._sandbox:
            text = f"Level {level} is shut.\nloopdeck doctor says how to open it."
            self.notify(text, severity="warning", markup=False, timeout=6)
            return
        self.dismiss(level or None)

    def _lines(self, cells: int) -> list[Line]:
        lines: list[Line] = []
        for level, name in LEVEL_NAMES.items():
            now = level == self._level
            shut = level >= SANDBOXED and not self._sandbox
            sign = Part("▸ " if now else "  ", "accent")
            number = Part(f"{level}  ", "muted" if shut else "accent")
            word = (Part("  ⊘ shut", "waiting"),) if shut else ()
            lines.append((sign, number, Part(name, "muted" if shut else "strong"), *word))
            lines += prose(LEVEL_MEANS[level], cells, "muted", 5)
            lines += [EMPTY] if self._sandbox else []  # why two are shut has to fit as well
        return lines[:-1] if self._sandbox else [*lines, EMPTY, *self._why_shut(cells)]

    def _why_shut(self, cells: int) -> list[Line]:
        tried = "no sandbox passed its test" if self._sandbox == "" else "no sandbox was tried yet"
        says = f": {sanitize(self._says, lines=False)}" if self._says else ""
        text = f"4 and 5 are shut, because {tried}{says}. `loopdeck doctor` says what to do."
        return prose(text, cells, "waiting")
