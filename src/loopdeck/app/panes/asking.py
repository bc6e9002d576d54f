"""Boxes that ask for one line and then go away again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from loopdeck.app.look.inks import Inks
from loopdeck.app.paint.keys import BOXES, BoxKind
from loopdeck.app.paint.lines import Part
from loopdeck.app.panes.boxes import Box, TypedBox


class AskBox(Box):
    """Hidden until something is asked; then it has the keys, and gives them back in the end.

    Whatever had them gets them; `back` does, where that is gone or cannot be seen any more.
    """

    DEFAULT_CSS = "AskBox { display: none; &.-open { display: block; } }"

    def __init__(self, hint: str, *, back: str, id: str, what: str = "") -> None:
        super().__init__(hint, id=id)
        self._back = back
        self._before: Widget | None = None
        self._answer: Callable[[str], object] = len
        self._what = what

    def ask(self, answer: Callable[[str], object], hint: str = "", what: str = "") -> None:
        """Let the human type; `answer` gets the line, and closes the box if that was enough.

        `what` is asked stands before the line: the hint is gone with the first letter.
        """
        self._answer = answer
        self._what = what or self._what
        self.styles.padding = (0, 1, 0, len(self._what) + 2)
        self.placeholder = hint or self.placeholder
        self.add_class("-open")
        focused = self.screen.focused
        self._before = self._before if focused is self else focused
        self.screen.set_focus(self)  # at once: the next key is a letter already

    def close(self) -> None:
        """Go away; what was typed is given up."""
        self.value = ""
        self.remove_class("-open")
        before, self._before = self._before, None
        seen = before is not None and before.is_attached and before.display and before.focusable
        self.screen.set_focus(before if seen else self.screen.query_one(self._back))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The line, and before it what is asked."""
        whole = super().render_lines(Region(0, crop.y, self.outer_size.width, crop.height))
        app = cast("App[object]", self.app)
        inks = Inks(self.rich_style, app.theme_variables, none=app.no_color)
        size = self.gutter.left
        name = inks.strip((Part(f" {self._what}", "accent"),), size)
        return [Strip.join((name, line.crop(size))).crop(crop.x, crop.right) for line in whole]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter was pressed."""
        event.stop()
        self._answer(event.value.strip())

    def action_leave(self) -> None:
        """Escape was pressed."""
        self.close()


class AnswerBoxes(Vertical):
    """The boxes of a request, of which one is open or none: a reason, a word, an answer."""

    DEFAULT_CSS = """
    AnswerBoxes {
        height: auto;
        Box { display: none; &:focus { border-left: outer $loop-waiting; padding: 0 1 0 0; } }
        &.-reason #reason, &.-word #word, &.-answer #answer { display: block; }
    }
    """

    @dataclass
    class Typed(Message):
        """Something was typed, and is meant."""

        kind: str
        text: str

    def compose(self) -> ComposeResult:
        """One for each kind of answer."""
        yield Box("why not? the agent gets these words; enter denies", id="reason")
        yield TypedBox("", id="word")
        yield Box("your answer; enter sends it, escape goes back", id="answer")

    @property
    def kind(self) -> BoxKind | None:
        """The box that is open, if one is."""
        return next((kind for kind in BOXES if self.has_class(f"-{kind}")), None)

    def open(self, kind: BoxKind, hint: str = "") -> None:
        """Let the human type."""
        self.close()
        self.add_class(f"-{kind}")
        box = self.query_one(f"#{kind}", Box)
        box.placeholder = hint or box.placeholder
        box.focus()

    def close(self) -> None:
        """Put every box away, and what was typed in it."""
        self.remove_class(*(f"-{kind}" for kind in BOXES))
        for box in self.query(Box):
            box.value = ""
        focused = self.screen.focused
        if isinstance(focused, Box) and focused.parent is self:
            self.screen.set_focus(None)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Typed(event.input.id or "", event.value.strip()))
