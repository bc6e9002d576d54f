"""A box that asks for one line and then goes away again."""

from collections.abc import Callable

from textual.widgets import Input

from loopdeck.app.panes.boxes import Box


class AskBox(Box):
    """Hidden until something is asked; then it has the keys, and gives them back to `back`."""

    DEFAULT_CSS = "AskBox { display: none; &.-open { display: block; } }"

    def __init__(self, hint: str, *, back: str, id: str) -> None:
        super().__init__(hint, id=id)
        self._back = back
        self._answer: Callable[[str], object] = len

    def ask(self, answer: Callable[[str], object], hint: str = "") -> None:
        """Let the human type; `answer` gets the line, and closes the box if that was enough."""
        self._answer = answer
        self.placeholder = hint or self.placeholder
        self.add_class("-open")
        self.screen.set_focus(self)  # at once: the next key is a letter already

    def close(self) -> None:
        """Go away; what was typed is given up."""
        self.value = ""
        self.remove_class("-open")
        self.screen.set_focus(self.screen.query_one(self._back))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter was pressed."""
        event.stop()
        self._answer(event.value.strip())

    def action_leave(self) -> None:
        """Escape was pressed."""
        self.close()
