"""What there is to say of the rules, on a screen where a project's own can be accepted."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loopdeck.app.paint.bulletin import bulletin_lines
from loopdeck.app.panes.dialog import NotedDialog
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.ports import Bulletin, Clock


class WholeView(LineView, can_focus=True):
    """Lines that remember whether their end was on the screen."""

    def __init__(self) -> None:
        super().__init__(id="whole")
        self.seen = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling shows more of it."""
        super().watch_scroll_y(old_value, new_value)
        self.made()

    def made(self) -> None:
        """Other lines can be seen."""
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        if self.lines and self.size.height and self.last_visible >= len(self.lines):
            self.seen = True


class BulletinScreen(NotedDialog[bool]):
    """Gives back whether the project's rules were accepted."""

    DEFAULT_CSS = """
    BulletinScreen {
        #whole { height: auto; max-height: 100%; }
        #note { dock: bottom; height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("w", "close", show=False, id="notices"),
        Binding("a", "accept", show=False),
    ]

    def __init__(self, clock: Clock, bulletin: Bulletin, *, accepts: bool) -> None:
        super().__init__(clock)
        self._bulletin = bulletin
        self._accepts = accepts and bulletin.pending is not None

    def compose(self) -> ComposeResult:
        """The text in a frame, and what keeps it from being accepted."""
        with Vertical(id="frame"):
            yield WholeView()
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Paint it."""
        keys = "a accepts the project's rules · escape closes" if self._accepts else "escape closes"
        self.entitle("What to know of the rules", keys)
        view = self.query_one(WholeView)
        view.show_lines(partial(bulletin_lines, self._bulletin))
        view.focus()
        self.say("")

    def action_close(self) -> None:
        """Accept nothing."""
        self.dismiss(result=False)

    def action_accept(self) -> None:
        """Accept the project's rules as they stand here, once they were read."""
        if not self._accepts:
            return
        if not self.query_one(WholeView).seen:
            self.say("see it to its end first: page down")
            return
        self.decide(self._accepted)

    def _accepted(self) -> None:
        self.dismiss(result=True)
