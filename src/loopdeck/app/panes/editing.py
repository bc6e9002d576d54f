"""Edits the arguments of a call that waits, and shows what the edit changes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Event, Key
from textual.widgets import TextArea

from loopdeck.app.paint.edits import changed, edit_lines
from loopdeck.app.paint.lines import Ink, Line, Part
from loopdeck.app.panes.boxes import moves
from loopdeck.app.panes.dialog import NotedDialog
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.edits import Field, fields_of, gather, missing_fields
from loopdeck.ports import Clock
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve
from loopdeck.session.values import JsonObject

_HINT = "change what should run; a paste is text here and approves nothing"
_BRIEF = "a paste is text here and approves nothing"
_FRAME = 8  # cells of the frame around its words


class FieldBox(TextArea):
    """One argument; tells of every key, so that a burst of them decides nothing."""

    DEFAULT_CSS = """
    FieldBox {
        height: auto; max-height: 14; min-height: 1; border: none; padding: 0 1;
        background: $panel;
        &:focus { border: none; background: $loop-select; }
        & .text-area--cursor-line { background: $loop-select; }
    }
    """

    def __init__(self, field: Field, noted: Callable[[Event], None]) -> None:
        super().__init__(field.text, soft_wrap=True, highlight_cursor_line=False)
        self._noted = noted

    def on_mount(self) -> None:
        """Blink only where things may move."""
        self.cursor_blink = moves(self)

    def on_key(self, event: Key) -> None:
        """Tell of the key before it is typed."""
        self._noted(event)


class EditScreen(NotedDialog[Approve | None]):
    """Gives back the approval of the call as it was edited, or `None`: then nothing happened.

    `schema` says what else the tool would take; the call's own arguments come first.
    """

    DEFAULT_CSS = """
    EditScreen {
        #frame { width: 120; }
        VerticalScroll { height: auto; max-height: 55vh; scrollbar-size: 1 1; }
        #changes { height: auto; max-height: 30vh; min-height: 1; margin: 1 0 0 0; }
        #note { dock: bottom; height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("ctrl+s", "approve", show=False),
    ]

    def __init__(
        self, clock: Clock, call: CallView, schema: JsonObject, *, verb: str = "approve"
    ) -> None:
        super().__init__(clock)
        self._call = call
        self._verb = verb
        self._fields = (*fields_of(call.args), *missing_fields(call.args, schema))
        self._fault = ""

    def compose(self) -> ComposeResult:
        """A box for each argument, what they change, what is wrong with it."""
        with Vertical(id="frame"):
            with VerticalScroll(can_focus=False):
                for field in self._fields:
                    yield OneLine()
                    yield FieldBox(field, self.noted)
            changes = LineView(id="changes")
            changes.can_focus = False
            yield changes
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Name the boxes and begin in the first."""
        for field, label in zip(self._fields, self.query(OneLine), strict=False):
            label.show_line(partial(_label, field))
        boxes = self._boxes
        if boxes:
            for box in boxes:
                box.move_cursor(box.document.end)
            boxes[0].focus()
        self._show()

    def on_resize(self) -> None:
        """Say in the frame which keys work, in as many words as there is room for."""
        tool = sanitize(self._call.tool, lines=False)
        whole = f"ctrl+s {self._verb}s what stands here · tab next · escape changes nothing"
        brief = f"ctrl+s {self._verb}s · tab next · escape leaves"
        keys = whole if self.size.width >= len(whole) + _FRAME else brief
        self.entitle(f"Edit {tool}, then {self._verb}", keys)

    @property
    def _boxes(self) -> Sequence[FieldBox]:
        return list(self.query(FieldBox))

    def action_approve(self) -> None:
        """Approve the call with these arguments."""
        self.decide(self._approve)

    @on(TextArea.Changed)
    def _show(self) -> None:
        now = self._now()
        self._fault = now if isinstance(now, str) else ""
        self.show_note()
        if not isinstance(now, str):
            size = sum(len(box.text) for box in self._boxes)
            build = partial(edit_lines, self._call.args, now)
            self.query_one("#changes", LineView).show_lines(build, size=size)

    def _approve(self) -> None:
        now = self._now()
        if isinstance(now, str):
            self.say(now)
        elif not changed(self._call.args, now):
            self.say("nothing is changed: escape goes back, where it can be approved as it is")
        else:
            call = self._call
            self.dismiss(Approve(call_id=call.call_id, binding=call.binding, args=now))

    def _now(self) -> JsonObject | str:
        return gather(self._fields, [box.text for box in self._boxes])

    def note_line(self, cells: int) -> Line:
        """What stands against it, or what can be done."""
        if self.note or self._fault:
            return (Part(self.note or self._fault, "waiting"),)
        return (Part(_HINT if cells >= len(_HINT) else _BRIEF, "muted"),)


def _label(field: Field, _cells: int) -> Line:
    hint = f"  {field.hint}" if field.hint else ""
    ink: Ink = "waiting" if isinstance(field.value, str) else "muted"
    return (Part(sanitize(field.name, lines=False), "accent"), Part(hint, ink))
