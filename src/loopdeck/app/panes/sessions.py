"""The list of sessions: one line each, however many there are, with a cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.message import Message
from textual.timer import Timer

from loopdeck.app.keymap import Scope, bindings
from loopdeck.app.paint.home import Entry, empty_lines, entry_line, head_line
from loopdeck.app.paint.lines import EMPTY, Line
from loopdeck.app.panes.lines import LineList

TYPING_S = 0.4  # letters closer together than this are words


class SessionList(LineList, can_focus=True):
    """Says which session was chosen, and for what; the cursor stays on its session."""

    DEFAULT_CSS = """
    SessionList {
        border: round $loop-border; padding: 0 1;
        border-title-color: $loop-muted; border-subtitle-color: $loop-muted;
    }
    SessionList:focus { border: round $loop-border-focus; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.HOME),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A session was chosen, to be watched or to go on."""

        entry: Entry
        resume: bool

    @dataclass
    class Typed(Message):
        """Somebody types words here, which are not keys of the list."""

        text: str

    @dataclass
    class Above(Message):
        """The cursor went up from the first line."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: Sequence[Entry] = ()
        self.cursor = 0
        self._now = 0
        self._loaded = False
        self._resuming: Timer | None = None
        self._begun = ""

    def show(self, entries: Sequence[Entry], now: int) -> None:
        """Show the sessions as of now."""
        chosen = self.entry.summary.id if self.entry else None
        self.entries, self._now, self._loaded = entries, now, True
        ids = [entry.summary.id for entry in entries]
        self._go(ids.index(chosen) if chosen in ids else min(self.cursor, len(ids) - 1))
        self.set_count(len(entries) + 1 if entries else len(empty_lines(self.cells)))
        self.refresh()

    @property
    def entry(self) -> Entry | None:
        """The session under the cursor."""
        return self.entries[self.cursor] if self.cursor < len(self.entries) else None

    def line_at(self, index: int, cells: int) -> Line:
        """The heads of the columns, then the sessions; or what to do without any."""
        if self.entries:
            at = index - 1
            return entry_line(self.entries[at], self._now, cells) if at >= 0 else head_line(cells)
        lines = empty_lines(cells) if self._loaded else []
        return lines[index] if index < len(lines) else EMPTY

    def cursor_at(self, index: int) -> bool:
        """The chosen session is marked."""
        return bool(self.entries) and index == self.cursor + 1

    @property
    def resuming(self) -> bool:
        """True for the moment in which it is open whether a word was begun or a key pressed."""
        return self._resuming is not None

    def action_move(self, rows: int) -> None:
        """Move the cursor; up from the first line leaves the list."""
        if self.cursor + rows < 0:
            self.post_message(self.Above())
        self._go(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what can be seen."""
        self._go(self.cursor + pages * max(1, self.rows - 1))

    def action_edge(self, end: int) -> None:
        """Move the cursor to the first or the last session."""
        self._go(end * len(self.entries))

    def action_open_session(self) -> None:
        """Watch or replay the session."""
        if self.entry:
            self.post_message(self.Chosen(self.entry, resume=False))

    def action_resume_session(self) -> None:
        """Let its agent go on, unless this key was the first letter of a word."""
        if self.entry:
            chosen = self.Chosen(self.entry, resume=True)
            self._resuming = self.set_timer(TYPING_S, lambda: self._resume(chosen))

    def on_key(self, event: Key) -> None:
        """Who types words means a goal: no letter of them may act."""
        if not event.is_printable or event.character is None:
            return
        begun = self.resuming
        if begun or event.key not in self.screen.active_bindings:
            event.stop()
            event.prevent_default()
            text = self._begun + event.character if begun else event.character
            self.post_message(self.Typed(text))
            self._forget()
        else:
            self._begun = event.character

    def _resume(self, chosen: Chosen) -> None:
        self._forget()
        self.post_message(chosen)

    def _forget(self) -> None:
        if self._resuming is not None:
            self._resuming.stop()
        self._resuming = None

    def on_click(self, event: Click) -> None:
        """Choose a line; a second click opens it."""
        at = event.get_content_offset_capture(self).y + self.scroll_offset.y - 1
        if 0 <= at < len(self.entries):
            self._go(at)
            if event.chain == 2:
                self.action_open_session()

    def _go(self, index: int) -> None:
        self.cursor = max(0, min(len(self.entries) - 1, index))
        line = self.cursor + 1 if self.cursor else 0
        if line < self.scroll_offset.y:
            self.scroll_to(y=line, animate=False)
        elif line >= self.last_visible:
            self.scroll_to(y=line - self.rows + 1, animate=False)
        self.refresh()
