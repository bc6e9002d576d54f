"""A list with a cursor under one line of heads: the base of everything that is chosen from."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize

from loopdeck.app.paint.lines import EMPTY, Line
from loopdeck.app.panes.lines import LineList


class CursorList(LineList, can_focus=True):
    """Rows by number; a subclass says how many there are, and what each of them says."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        raise NotImplementedError

    def row(self, at: int, cells: int) -> Line:
        """What row `at` says."""
        raise NotImplementedError

    def nothing(self, cells: int) -> Sequence[Line]:
        """What stands there while there are no rows."""
        return ()

    def moved(self) -> None:
        """Called whenever the cursor may stand on another row."""

    def opened(self) -> None:
        """Called for a double click on a row."""

    def left_above(self) -> None:
        """Called when the cursor would go up from the first row."""

    def line_at(self, index: int, cells: int) -> Line:
        """The heads of the columns, then the rows; or what to do without any."""
        if not self.count:
            lines = self.nothing(cells)
            return lines[index] if index < len(lines) else EMPTY
        if index == 0:
            return self.head(cells)
        return self.row(index - 1, cells) if index <= self.count else EMPTY

    def cursor_at(self, index: int) -> bool:
        """The chosen row is marked."""
        return self.count > 0 and index == self.cursor + 1

    def renew(self, cursor: int) -> None:
        """The rows are others now."""
        self.set_count(self.count + 1 if self.count else len(self.nothing(self.cells)))
        self.go(cursor)

    def on_resize(self, _event: Resize) -> None:
        """The words that stand there without rows are wrapped anew."""
        if not self.count:
            self.renew(0)

    def go(self, at: int) -> None:
        """Put the cursor on a row, and the row in sight."""
        self.cursor = max(0, min(self.count - 1, at))
        line = self.cursor + 1 if self.cursor else 0
        if line < self.scroll_offset.y:
            self.scroll_to(y=line, animate=False)
        elif line >= self.last_visible:
            self.scroll_to(y=line - self.rows + 1, animate=False)
        self.refresh()
        self.moved()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        if self.cursor + rows < 0:
            self.left_above()
        self.go(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what can be seen."""
        self.go(self.cursor + pages * max(1, self.rows - 1))

    def action_edge(self, end: int) -> None:
        """Move the cursor to the first or the last row."""
        self.go(end * self.count)

    def on_click(self, event: Click) -> None:
        """Choose a row; a second click opens it."""
        at = event.get_content_offset_capture(self).y + self.scroll_offset.y - 1
        if 0 <= at < self.count:
            self.go(at)
            if event.chain == 2:
                self.opened()
