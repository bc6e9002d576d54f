"""One-line boxes to type in: for messages, reasons, answers and typed confirmations."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

LONGEST = 4_000


class Box(Input):
    """A text box without a frame; `Left` tells that the human went away from it."""

    DEFAULT_CSS = """
    Box {
        border: none;
        height: 1;
        padding: 0 1;
        background: $surface;
        &:focus { border: none; background: $loop-select; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    @dataclass
    class Left(Message):
        """The box was left without an answer."""

        box: "Box"

        @property
        def control(self) -> "Box":
            """The box, so that handlers can tell boxes apart."""
            return self.box

    def __init__(self, hint: str, *, id: str | None = None) -> None:
        super().__init__(id=id, max_length=LONGEST, select_on_focus=False, placeholder=hint)

    def action_leave(self) -> None:
        """Forget what was typed and go away."""
        self.value = ""
        self.post_message(self.Left(self))


class TypedBox(Box):
    """Takes typed letters only: a paste must not confirm anything."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()

    def action_paste(self) -> None:
        """Do nothing: the word has to be typed."""
