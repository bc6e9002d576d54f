"""Asks what a fork is to do differently, once it has said what stays as it is."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from loopdeck.app.paint.forking import Origin, fork_lines
from loopdeck.app.paint.lines import Line, Part
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.dialog import NotedDialog
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Scene
from loopdeck.ports import Clock


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: words for the agent, or to change the arguments of the call first."""

    message: str
    edits: bool = False


class ForkScreen(NotedDialog[Choice | None]):
    """Gives back what is to be different, or `None`: then nothing happened."""

    DEFAULT_CSS = """
    ForkScreen {
        #frame { width: 76; padding: 1 2 0 2; }
        LineView { height: auto; max-height: 100%; scrollbar-size: 0 0; }
        Box { background: $panel; margin: 0 0 1 0; }
        #note { height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("ctrl+e", "edit", show=False, priority=True),
    ]

    def __init__(self, clock: Clock, scene: Scene, origin: Origin, words: str) -> None:
        super().__init__(clock)
        self._scene = scene
        self._origin = origin
        self._words = words

    def compose(self) -> ComposeResult:
        """The sentences, and a box under them."""
        with Vertical(id="frame"):
            lines = LineView()
            lines.can_focus = False
            yield lines
            yield Box("nothing: it just goes on", id="words")
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Paint, and begin in the box."""
        self.entitle("Fork from here", "enter forks · escape leaves it")
        self.query_one(LineView).show_lines(partial(fork_lines, self._scene, self._origin))
        box = self.query_one(Box)
        box.value = " ".join(self._words.split())
        box.cursor_position = len(box.value)
        box.focus()
        self.say("")

    def action_edit(self) -> None:
        """Change the arguments of the selected call first."""
        if self._origin.tool:
            self.dismiss(Choice(self.query_one(Box).value.strip(), edits=True))

    @on(Box.Left)
    def _left(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.decide(self._fork)

    def _fork(self) -> None:
        self.dismiss(Choice(self.query_one(Box).value.strip()))

    def note_line(self, cells: int) -> Line:
        """What stands against it, or what can be done."""
        if self.note:
            return (Part(self.note, "waiting"),)
        if not self._origin.tool:
            return (Part(""),)
        tool = sanitize(self._origin.tool, lines=False)
        return (
            Part("ctrl+e", "accent"),
            Part(f" changes the arguments of {tool} instead", "muted"),
        )
