"""Floor: the smallest Textual app that shows a text and changes it on a key."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Minimal(App[None]):
    """One line of text: the keys that were typed."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("minimal app is ready", id="typed")

    def on_key(self, event: Key) -> None:
        """Show the key."""
        self._typed = (self._typed + (event.character or ""))[-60:]
        self.query_one("#typed", Static).update(self._typed)


if __name__ == "__main__":
    Minimal().run()
