"""The list of places where words were said, in any session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message

from loopdeck.app.paint.hits import hit_line, hits_head, no_hits
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.cursor import CursorList
from loopdeck.ports.search import Hit


class HitList(CursorList):
    """Says which place was chosen."""

    DEFAULT_CSS = """
    HitList {
        border: round $loop-border; padding: 0 1; display: none;
        border-title-color: $loop-muted; border-subtitle-color: $loop-muted;
    }
    HitList:focus { border: round $loop-border-focus; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open_hit", show=False)]

    @dataclass
    class Chosen(Message):
        """A place was chosen, to be replayed from."""

        hit: Hit

    @dataclass
    class Above(Message):
        """The cursor went up from the first line."""

    @dataclass
    class Typed(Message):
        """Somebody goes on typing what to look for."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hits: Sequence[Hit] = ()
        self.note = ""
        self._now = 0

    def show(self, hits: Sequence[Hit], now: int, note: str = "") -> None:
        """Show these places; `note` says why there are none."""
        same = hits == self.hits
        self.hits, self._now, self.note = hits, now, note
        self.renew(self.cursor if same else 0)

    @property
    def hit(self) -> Hit | None:
        """The place under the cursor."""
        return self.hits[self.cursor] if self.cursor < len(self.hits) else None

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.hits)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return hits_head(cells)

    def row(self, at: int, cells: int) -> Line:
        """One place."""
        return hit_line(self.hits[at], self._now, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """Why there is none."""
        return no_hits(self.note, cells)

    def opened(self) -> None:
        """A double click replays from there."""
        self.action_open_hit()

    def left_above(self) -> None:
        """Up from the first line leaves the list."""
        self.post_message(self.Above())

    def action_open_hit(self) -> None:
        """Replay the session from there."""
        if self.hit:
            self.post_message(self.Chosen(self.hit))

    def on_key(self, event: Key) -> None:
        """Letters are more of what to look for."""
        if event.is_printable and event.character is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.Typed(event.character))
