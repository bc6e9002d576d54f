"""One-line boxes to type in: for messages, reasons, answers and typed confirmations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from loopdeck.app.keys.recalling import Recall

LONGEST = 4_000


def moves(widget: Widget) -> bool:
    """False where the human wants a screen on which nothing moves."""
    return cast("App[object]", widget.app).animation_level != "none"


class PastingInput(Input):
    """A text box of one line in which a paste keeps the words of all its lines."""

    def on_mount(self) -> None:
        """Blink only where things may move."""
        self.cursor_blink = self.cursor_blink and moves(self)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.paste(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in the app."""
        app = cast("App[object]", self.app)
        self.paste(app.clipboard)

    def paste(self, text: str) -> None:
        """Put text at the cursor: its line breaks become blanks, and nothing is lost unsaid."""
        line = " ".join(piece.strip() for piece in text.splitlines() if piece.strip())
        start, end = sorted(self.selection)
        room = (self.max_length or LONGEST) - len(self.value) + (end - start)
        if len(line) > room:
            note = f"That is {len(line):,} characters, and there is room for {room:,}."
            self.notify(f"{note} Nothing was pasted.", severity="warning", markup=False)
        elif line:
            self.replace(line, start, end)


class Box(PastingInput):
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

    def put(self, text: str) -> None:
        """Hold this text, the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    def action_leave(self) -> None:
        """Go away."""
        self.post_message(self.Left(self))


class GoalBox(PastingInput):
    """Takes a goal; while it is empty some keys do what they do elsewhere.

    `actions` are what these keys do, by the names of the keys.
    """

    def __init__(self, hint: str, actions: Mapping[str, str], *, id: str, max_length: int) -> None:
        super().__init__(placeholder=hint, id=id, max_length=max_length, select_on_focus=False)
        self.cursor_blink = False  # home rests in this box: blinking would be half of its work
        self._actions = actions
        self.recall = Recall()
        self.turn: Callable[[str], bool] = lambda _key: False

    def put(self, text: str) -> None:
        """Hold this text, the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    async def on_key(self, event: events.Key) -> None:
        """A goal does not begin with such a key, and has no use for one that types nothing."""
        if self.turn(event.key):
            event.prevent_default()
            event.stop()
        elif event.key in self._actions and not (self.value and event.is_printable):
            event.prevent_default()
            event.stop()
            await self.run_action(self._actions[event.key])
        elif event.key in ("up", "down") and self._recalled(event.key):
            event.prevent_default()
            event.stop()

    def _recalled(self, key: str) -> bool:
        """Show an earlier goal, or a later one; down leaves the box where there is none."""
        text = self.recall.older(self.value) if key == "up" else self.recall.newer()
        if text is None:
            return key == "up"
        self.put(" ".join(text.split()))
        return True


class TypedBox(Box):
    """Takes typed letters only: a paste must not confirm anything."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()

    def action_paste(self) -> None:
        """Do nothing: the word has to be typed."""
