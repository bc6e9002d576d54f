"""The box that finds sessions while words are typed."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from loopdeck.app.panes.boxes import Box

HINT = "a goal, a name, #tag, a state, a folder … or what was said inside"


class FindBox(Box):
    """One line to type in. It is open from the first wish to find something to `escape`."""

    DEFAULT_CSS = """
    FindBox {
        display: none; height: 3; padding: 0 1; background: $background;
        border: round $loop-border; border-title-color: $loop-muted;
        &.-open { display: block; }
        &:focus {
            border: round $loop-border-focus; background: $background;
            background-tint: $background 0%;
        }
        &>.input--placeholder { color: $loop-muted; }
    }
    """

    @dataclass
    class Turned(Message):
        """The human wants to see the other kind of results."""

    def __init__(self, *, id: str) -> None:
        super().__init__(HINT, id=id)
        self.border_title = Content("Find")

    @property
    def is_open(self) -> bool:
        """True while it is on the screen."""
        return self.has_class("-open")

    async def on_key(self, event: events.Key) -> None:
        """The tab key turns from the sessions to the places inside them."""
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            self.post_message(self.Turned())
