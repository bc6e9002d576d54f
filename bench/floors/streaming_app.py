"""Floor: the smallest Textual app that shows a reply of the official client as it streams in.

The text is painted at most 30 times a second, its last lines only; every key shows itself.
"""

from anthropic import AsyncAnthropic
from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static

SHOWN = 2_000


class Streaming(App[None]):
    """The end of a text that grows, over the keys that were typed."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._painted = ""
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The text and the keys."""
        yield Static("streaming app is ready", id="typed")
        yield Static("", id="text", markup=False)

    def on_mount(self) -> None:
        """Begin to read, and to paint."""
        self.run_worker(self.read())
        self.set_interval(1 / 30, self.paint)

    async def read(self) -> None:
        """Ask for a reply and take its text in."""
        async with AsyncAnthropic(max_retries=0).messages.stream(
            model="bench", max_tokens=16_000, messages=[{"role": "user", "content": "Talk."}]
        ) as stream:
            async for text in stream.text_stream:
                self._text += text

    def paint(self) -> None:
        """Show what is new."""
        if self._painted != self._text:
            self._painted = self._text
            self.query_one("#text", Static).update(self._text[-SHOWN:])

    def on_key(self, event: Key) -> None:
        """Show the key."""
        self._typed = (self._typed + (event.character or ""))[-60:]
        self.query_one("#typed", Static).update(self._typed)


if __name__ == "__main__":
    Streaming().run()
