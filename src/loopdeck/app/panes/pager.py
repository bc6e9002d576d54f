"""All of a tool's output on the whole screen, a page at a time, whatever its size."""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from loopdeck.app.background import start
from loopdeck.app.paint.lines import Line, Part, cut, cut_line
from loopdeck.app.panes.bigtext import FileText, Lines, ShortText
from loopdeck.app.panes.lines import LineList
from loopdeck.app.sanitize import clip, sanitize
from loopdeck.errors import LoopdeckError
from loopdeck.figures import amount, plural
from loopdeck.session.calls import CallView

_SIDEWAYS = 20  # cells of one step to the side
_KEYS = "← → sideways · home end · escape closes"


class Pages(LineList, can_focus=True):
    """Lines by number, of which only those that can be seen are ever read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", show=False),
        Binding("down,j", "scroll_down", show=False),
        Binding("space", "page_down", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("left", "sideways(-1)", show=False),
        Binding("right", "sideways(1)", show=False),
    ]

    def __init__(self, text: Lines) -> None:
        super().__init__()
        self._text = text
        self._left = 0

    def grown(self) -> None:
        """More lines are known."""
        self.set_count(max(1, self._text.count))
        self.refresh()

    def line_at(self, index: int, cells: int) -> Line:
        """A line behind its number, from where it is looked at."""
        if index >= self._text.count:
            return (Part("There is no output.", "muted"),) if index == 0 else ()
        size = len(str(self._text.count))
        text = sanitize(self._text.line(index), lines=False)[self._left :]
        head = Part(f"{index + 1:>{size}}  ", "muted")
        return cut_line((head, Part(cut(text, max(1, cells - size - 2)))), cells)

    def action_edge(self, end: int) -> None:
        """To the first line or the last one."""
        self.scroll_to(y=end * self._text.count, animate=False)

    def action_sideways(self, direction: int) -> None:
        """Look at what stands left or right."""
        self._left = max(0, self._left + direction * _SIDEWAYS)
        self.refresh()


class PagerScreen(ModalScreen[None]):
    """Where the file is gone that held all of it, what the log has is shown, and that is said."""

    DEFAULT_CSS = """
    PagerScreen {
        background: $background;
        #frame {
            border: round $loop-border-focus; padding: 0 0 0 1;
            border-title-color: $foreground; border-subtitle-color: $loop-muted;
        }
        Pages { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("v", "leave", show=False, id="full_view"),
        Binding("t", "app.next_theme", show=False, id="theme"),
        Binding("question_mark", "app.help", show=False, id="help"),
        Binding("ctrl+q", "app.quit", show=False, id="quit"),
    ]

    def __init__(self, call: CallView) -> None:
        super().__init__()
        self._call = call
        self._note = ""
        self._text = self._open()

    def compose(self) -> ComposeResult:
        """The lines in a frame."""
        with Vertical(id="frame") as frame:
            frame.border_subtitle = Content(_KEYS)
            yield Pages(self._text)

    def on_mount(self) -> None:
        """Show the first page at once; the rest of a file is counted beside it."""
        self.query_one(Pages).focus()
        self._told(done=False)
        start(self, self._count, "count")

    def on_unmount(self) -> None:
        """Nobody reads it any more."""
        if isinstance(self._text, FileText):
            self._text.close()

    def action_leave(self) -> None:
        """Back to the deck."""
        self.dismiss(None)

    def _open(self) -> Lines:
        call = self._call
        try:
            if call.full_output:
                return FileText(call.full_output)
        except LoopdeckError as error:
            self._note = f"{error} The log has this much."
        return ShortText(call.output or call.live_output)

    async def _count(self) -> None:
        while await asyncio.to_thread(self._text.more):
            self._told(done=False)
        self._told(done=True)

    def _told(self, *, done: bool) -> None:
        self.query_one(Pages).grown()
        tool = clip(sanitize(self._call.tool, lines=False), 30)
        lines = plural(self._text.count, "line") + ("" if done else ", or more")
        about = [tool, lines]
        if isinstance(self._text, FileText):
            about += filter(None, (amount(self._text.size), self._text.kind))
        frame = self.query_one("#frame")
        frame.border_title = Content(" · ".join(about))
        frame.border_subtitle = Content(self._note or _KEYS)
