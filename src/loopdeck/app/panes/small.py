"""What a terminal that is too small shows instead of a broken deck."""

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class TooSmall(Screen[None]):
    """A sentence; the agent goes on and nothing can be approved unseen."""

    DEFAULT_CSS = """
    TooSmall { align: center middle; background: $background; }
    TooSmall Static { width: auto; max-width: 100%; text-align: center; color: $loop-waiting; }
    """

    def compose(self) -> ComposeResult:
        """The sentence."""
        text = "Loopdeck needs 60 × 20.\nMake the window larger:\nnothing is lost or approved."
        yield Static(Content(text), markup=False)
