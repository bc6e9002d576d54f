"""The keys that mark a moment for people alone: a bookmark, a note."""

from functools import partial

from textual import on
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.deck.scene import Runner
from loopdeck.app.deck.seeking import Seeking
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.loop import LoopPane
from loopdeck.session.commands import Bookmark, Jot, Note

_HINTS = {
    "bookmark": "a name for the bookmark, or just enter; escape leaves",
    "note": "a note about this moment; the agent never sees it; escape leaves",
}


class Jotting(Seeking):
    """Live and in a replay alike; a recording from a file cannot be written in."""

    _jots = "bookmark"
    _about = 0

    def action_bookmark(self) -> None:
        """Mark the moment on the screen."""
        self._ask_for("bookmark")

    def action_note(self) -> None:
        """Write something down about the moment on the screen."""
        self._ask_for("note")

    def _ask_for(self, kind: str) -> None:
        if self.services.jot is None and self.scene.runner is Runner.RECORDING:
            text = "A recording from a file takes no marks: `loopdeck sessions import` makes it"
            self.notify(f"{text} a session of yours.", markup=False, timeout=4)
            return
        if not self.scene.seq:
            return
        self._jots, self._about = kind, self.scene.seq
        box = self.query_one("#jot", Box)
        box.placeholder = _HINTS[kind]
        box.add_class("-open")
        self.set_focus(box)  # at once: the next key is a letter already

    @on(Input.Submitted, "#jot")
    def _jotted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self._close_jot()
        if self._jots == "bookmark":
            start(self, partial(self._keep, Bookmark(at=self._about, label=text)), "commands")
        elif text:
            start(self, partial(self._keep, Note(at=self._about, text=text)), "commands")

    @on(Box.Left, "#jot")
    def _close_jot(self) -> None:
        box = self.query_one("#jot", Box)
        box.value = ""
        box.remove_class("-open")
        self.set_focus(self.query_one(LoopPane))

    async def _keep(self, jot: Jot) -> None:
        if self.services.jot is not None:
            await self.services.jot(jot)
        else:
            await self.opened.sink.send(jot)
