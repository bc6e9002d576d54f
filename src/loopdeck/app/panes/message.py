"""The box for messages to the agent: several lines, earlier ones, an editor, slash commands."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from loopdeck.app.keys.completing import Completion
from loopdeck.app.keys.mentioning import Mentions
from loopdeck.app.keys.recalling import Recall
from loopdeck.app.keys.slash import Slash
from loopdeck.app.paint.speaking import queue_lines
from loopdeck.app.panes.boxes import moves
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.offers import Offers
from loopdeck.ports.servers import Resource
from loopdeck.session.commands import Say
from loopdeck.visible import expose

LONGEST = 100_000  # characters
ROWS = 6  # of messages that wait
BREAKS = ("shift+enter", "alt+enter", "ctrl+j")
"""Keys that break a line; a terminal that knows none of them has the backslash before enter."""


class MessageBox(TextArea):
    """Takes a message. A paste is text, however many lines it has; only the enter key sends."""

    DEFAULT_CSS = """
    MessageBox {
        border: none; height: auto; max-height: 6; padding: 0 1; background: $surface;
        scrollbar-size: 1 1; overflow-x: hidden;
        &:focus { border: none; background: $loop-select; }
        & .text-area--placeholder { color: $loop-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "screen.press('edit_message')", show=False, id="edit_message"),
    ]

    @dataclass
    class Sent(Message):
        """Enter was pressed."""

        box: "MessageBox"

    @dataclass
    class Left(Message):
        """The box was left; what it holds is a draft."""

        box: "MessageBox"

    def __init__(self, hint: str, *, id: str) -> None:
        super().__init__(id=id, placeholder=hint, highlight_cursor_line=False)
        self.recall = Recall()
        self.turn: Callable[[str], bool] = lambda _key: False

    def on_mount(self) -> None:
        """Blink only where things may move."""
        self.cursor_blink = moves(self)

    def on_blur(self) -> None:
        """The focus went elsewhere; where the whole terminal lost it, it comes back by itself."""
        if self.has_class("-open") and cast("App[object]", self.app).app_focus:
            self.post_message(self.Left(self))

    def put(self, text: str) -> None:
        """Hold this text, the cursor at its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def on_key(self, event: events.Key) -> None:
        """Keys that mean something else than in other texts."""
        if self.turn(event.key) or self._own(event.key):
            event.prevent_default()
            event.stop()
        elif event.is_printable:
            self.recall.leave()

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in the app."""
        self._paste(cast("App[object]", self.app).clipboard)

    def _paste(self, text: str) -> None:
        """As one text; what would act or hide in it can be seen."""
        text = expose(text.replace("\r\n", "\n").replace("\r", "\n"))
        room = LONGEST - len(self.text) + len(self.selected_text)
        if len(text) > room:
            note = f"That is {len(text):,} characters, and there is room for {room:,}."
            self.notify(f"{note} Nothing was pasted.", severity="warning", markup=False)
        elif found := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(found.end_location)

    def _own(self, key: str) -> bool:
        match key:
            case "enter":
                self._enter()
            case "escape":
                self.post_message(self.Left(self))
            case "up" if self.cursor_at_first_line:
                self._recalled(self.recall.older(self.text))
            case "down" if self.cursor_at_last_line:
                self._recalled(self.recall.newer())
            case _ if key in BREAKS:
                self._replace_via_keyboard("\n", *self.selection)
            case _:
                return False
        return True

    def _enter(self) -> None:
        """Send; a backslash before it breaks the line instead."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column == len(line) and line.endswith("\\"):
            self._replace_via_keyboard("\n", (row, column - 1), (row, column))
        else:
            self.post_message(self.Sent(self))

    def _recalled(self, text: str | None) -> None:
        if text is not None:
            self.put(text)


class MessagePane(Vertical):
    """The box, above it the messages that wait and the commands that its text may become."""

    DEFAULT_CSS = """
    MessagePane {
        height: auto;
        LineView { display: none; padding: 0 1; scrollbar-gutter: auto; }
        &.-queued #queued { display: block; }
        &.-slashing #slashes { display: block; background: $surface; }
    }
    """

    @dataclass
    class TakenBack(Message):
        """A message that waits was clicked: it is not to be said."""

        said: Say

    def __init__(self, hint: str, *, id: str) -> None:
        super().__init__(id=id)
        self._queued: Sequence[Say] = ()
        self._hint = hint
        self._commands = Completion()
        self._offers = Offers(self, (self._commands,))

    def compose(self) -> ComposeResult:
        """What waits, commands, the box."""
        yield LineView(id="queued")
        yield LineView(id="slashes")
        yield MessageBox(self._hint, id="message")

    def on_mount(self) -> None:
        """Only the box is typed into, once it is open."""
        for view in self.query(LineView):
            view.can_focus = False
        self.box.can_focus = False
        self.box.turn = self._turn

    @property
    def box(self) -> MessageBox:
        """Where it is typed."""
        return self.query_one(MessageBox)

    def offer(
        self,
        prompts: Callable[[], Sequence[Slash]],
        resources: Callable[[], Sequence[Resource]],
    ) -> None:
        """Complete these too: commands of others, and what can be attached."""
        self._commands.more = prompts
        self._offers.lists = (self._commands, Mentions(resources))

    def leave_out(self, without: Callable[[], Container[str]]) -> None:
        """Complete none of these commands, each with its slash."""
        self._commands.without = without

    def open(self, hint: str, draft: str) -> None:
        """Let it be typed into; a draft comes back."""
        box = self.box
        box.add_class("-open")
        self.screen.add_class("-writing")
        box.can_focus = True
        box.placeholder = hint
        if not box.text:
            box.put(draft)
        box.focus()

    def close(self) -> str:
        """Take no more letters; what the box held is given back."""
        box = self.box
        text = box.text.strip()
        box.recall.leave()
        box.text = ""
        box.remove_class("-open")
        self.screen.remove_class("-writing")
        box.can_focus = False
        return text

    def show_queue(self, queued: Sequence[Say], key: str, *, over: bool) -> None:
        """Show what waits for the next step, the newest few of it."""
        newest = self._queued = queued[-ROWS:]
        self.set_class(bool(newest), "-queued")
        view = self.query_one("#queued", LineView)
        view.styles.height = len(newest)
        view.show_lines(lambda cells: queue_lines(newest, key, over=over, cells=cells))

    def on_click(self, event: events.Click) -> None:
        """A message that waits is taken back by a click on its line."""
        view = self.query_one("#queued", LineView)
        if event.widget is view and event.y < len(self._queued):
            self.post_message(self.TakenBack(self._queued[event.y]))

    @on(TextArea.Changed, "#message")
    def _changed(self) -> None:
        self._offers.read(self.box.text)

    def _turn(self, key: str) -> bool:
        """The keys of the list of commands, while there is one."""
        text = self._offers.turn(key, self.box.text)
        if text is not None and text != self.box.text:
            self.box.put(text)
        return text is not None
