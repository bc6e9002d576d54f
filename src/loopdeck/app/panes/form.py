"""Fills in a form that a server asks for; nothing is sent but by a key that is guarded."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Event, Key
from textual.widgets import TextArea

from loopdeck.app.paint.forms import label_line, pick_line
from loopdeck.app.paint.lines import Line, Part, prose
from loopdeck.app.panes.dialog import NotedDialog
from loopdeck.app.panes.editing import FieldBox
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.edits import Field
from loopdeck.ports import Clock
from loopdeck.session.forms import NO, YES, FormField, as_text, filled
from loopdeck.session.state import AskView

_KEYS = "ctrl+s sends it · tab next · escape sends nothing"
_HINT = "← → space choose; a paste is text here and sends nothing"
_HEAD = 4  # lines of the server's words


class PickBox(OneLine, can_focus=True):
    """One of several, or some of them: the arrows go to one, space takes it or leaves it."""

    DEFAULT_CSS = """
    PickBox { background: $panel; padding: 0 1; &:focus { background: $loop-select; } }
    """

    def __init__(
        self, field: FormField, noted: Callable[[Event], None], told: Callable[[], None]
    ) -> None:
        super().__init__()
        self._field = field
        self._noted, self._told = noted, told
        preset = [one.strip() for one in field.preset.split(",")]
        self.taken = [one for one in field.options if one in preset]
        self._at = field.options.index(self.taken[0]) if self.taken else 0

    @property
    def text(self) -> str:
        """What is taken."""
        return ", ".join(self.taken)

    def on_mount(self) -> None:
        """Show what is taken beforehand."""
        self._show()

    def on_key(self, event: Key) -> None:
        """Tell of the key before it does anything."""
        self._noted(event)
        field = self._field
        match event.key:
            case "left" | "right":
                step = 1 if event.key == "right" else -1
                self._at = (self._at + step) % len(field.options)
            case "space":
                self._take(field.options[self._at])
            case _:
                return
        event.prevent_default()
        event.stop()
        self._show()
        self._told()

    def _take(self, option: str) -> None:
        if option in self.taken:
            self.taken.remove(option)
        elif self._field.kind == "choices":
            self.taken.append(option)
        else:
            self.taken = [option]

    def _show(self) -> None:
        field = self._field
        self.show_line(lambda cells: pick_line(field, self.taken, self._at, cells))


class FormScreen(NotedDialog[str | None]):
    """Gives back the filled form as one answer; `None`, and it waits on."""

    DEFAULT_CSS = """
    FormScreen {
        #words { height: auto; max-height: 6; }
        VerticalScroll { height: auto; max-height: 60vh; scrollbar-size: 1 1; }
        VerticalScroll > OneLine { margin: 0; }
        VerticalScroll > FieldBox, VerticalScroll > PickBox { margin: 0 0 1 0; }
        #note { dock: bottom; height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("ctrl+s", "send", show=False),
    ]

    def __init__(self, clock: Clock, ask: AskView) -> None:
        super().__init__(clock)
        self._ask = ask
        self._fields = tuple(map(_offered, ask.form))
        self._boxes: list[FieldBox | PickBox] = []

    def compose(self) -> ComposeResult:
        """The server's words, a box for each field, what is wrong with them."""
        with Vertical(id="frame"):
            words = LineView(id="words")
            words.can_focus = False
            yield words
            with VerticalScroll(can_focus=False):
                for field in self._fields:
                    yield OneLine(classes="label")
                    box = self._box(field)
                    self._boxes.append(box)
                    yield box
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Name the boxes and begin in the first."""
        self.entitle("A server asks you to fill this in", _KEYS)
        text = sanitize(self._ask.text)
        self.query_one("#words", LineView).show_lines(lambda cells: prose(text, cells)[:_HEAD])
        for field, label in zip(self._fields, self.query("OneLine.label"), strict=True):
            if isinstance(label, OneLine):
                label.show_line(partial(label_line, field))
        for box in self._boxes:
            if isinstance(box, FieldBox):
                box.move_cursor(box.document.end)
        self._boxes[0].focus()
        self._show()

    def action_send(self) -> None:
        """Send what stands there."""
        self.decide(self._send)

    @on(TextArea.Changed)
    def _show(self) -> None:
        self.show_note()

    def _send(self) -> None:
        if fault := self._fault():
            self.say(fault)
        else:
            self.dismiss(as_text(self._texts()))

    def _box(self, field: FormField) -> FieldBox | PickBox:
        if field.options:
            return PickBox(field, self.noted, self._show)
        return FieldBox(Field(field.name, field.preset, field.preset, literal=False), self.noted)

    def _texts(self) -> dict[str, str]:
        pairs = zip(self._fields, self._boxes, strict=True)
        return {field.name: box.text for field, box in pairs}

    def _fault(self) -> str:
        found = filled(self._fields, self._texts())
        return found if isinstance(found, str) else ""

    def note_line(self, cells: int) -> Line:
        """What stands against it, or what can be done."""
        said = self.note or self._fault()
        return (Part(sanitize(said, lines=False), "waiting"),) if said else (Part(_HINT, "muted"),)


def _offered(field: FormField) -> FormField:
    """A yes or no is chosen like any other option."""
    if field.kind != "boolean":
        return field
    return field.model_copy(update={"options": (YES, NO), "titles": ()})
