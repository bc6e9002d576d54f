"""Asks once more before something is taken away."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loopdeck.app.paint.lines import EMPTY, Line, prose
from loopdeck.app.panes.dialog import Dialog
from loopdeck.app.panes.lines import LineView
from loopdeck.app.sanitize import Safe
from loopdeck.ports import Clock


class SureScreen(Dialog[bool]):
    """True when the human said yes. The words are a title, and paragraphs below it."""

    DEFAULT_CSS = """
    SureScreen { #frame { width: 76; } LineView { height: auto; max-height: 12; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", show=False),
        Binding("n,escape", "refuse", show=False),
    ]

    def __init__(self, clock: Clock, title: str, words: Sequence[Safe]) -> None:
        super().__init__(clock)
        self._title = title
        self._words = words
        self._note = ""

    def compose(self) -> ComposeResult:
        """The words."""
        with Vertical(id="frame"):
            yield LineView()

    def on_mount(self) -> None:
        """Say what is asked."""
        self.entitle(self._title, "y yes · n no")
        self.say("")

    def say(self, note: str) -> None:
        """Show why a key did nothing, below the words."""
        self._note = note
        self.query_one(LineView).show_lines(self._lines)

    def action_agree(self) -> None:
        """Yes, unless the key came too early."""
        self.decide(self._yes)

    def action_refuse(self) -> None:
        """No."""
        self.dismiss(False)

    def _yes(self) -> None:
        self.dismiss(True)

    def _lines(self, cells: int) -> list[Line]:
        lines = [line for words in self._words for line in (*prose(words, cells), EMPTY)]
        return [*lines, *prose(self._note, cells, "waiting")] if self._note else lines[:-1]
