"""Every key on one screen over the deck, made from the one table of keys."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.keys.keymap import Scope
from loopdeck.app.paint.help import help_lines
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.lines import LineView


class HelpScreen(ModalScreen[None]):
    """`changes` are the user's keys, `first` the groups it begins with.

    Escape or the key that opened it closes it.
    """

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        Vertical {
            width: 62; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 1 2 0 2;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        &.-wide Vertical { width: 112; }
        &.-widest Vertical { width: 162; }
        LineView {
            height: auto; max-height: 100%; background: $surface;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface;
            scrollbar-background-active: $surface;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("question_mark", "dismiss", show=False, id="help"),
        Binding("t", "app.next_theme", show=False, id="theme"),
        Binding("ctrl+q", "app.quit", show=False, id="quit"),
    ]

    def __init__(
        self, changes: Mapping[str, str] | None = None, first: Sequence[Scope] = ()
    ) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (114, "-wide"), (164, "-widest")]
        self._changes = changes
        self._begins = tuple(first)

    def compose(self) -> ComposeResult:
        """The table in a frame."""
        with Vertical() as frame:
            frame.border_title = Content("Keys")
            frame.border_subtitle = Content("↑ ↓ scroll · escape closes")
            yield LineView()

    def on_mount(self) -> None:
        """Paint the table."""
        view = self.query_one(LineView)
        view.can_focus = True
        view.focus()
        view.show_lines(self._lines, home=True)

    def action_edge(self, end: int) -> None:
        """Scroll to the first or the last line."""
        view = self.query_one(LineView)
        view.scroll_to(y=end * view.max_scroll_y, animate=False)

    def _lines(self, cells: int) -> list[Line]:
        return help_lines(cells, self._changes, self._begins)
