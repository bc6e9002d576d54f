"""The keys that mark a moment for people alone: a bookmark, a note."""

from collections.abc import Callable
from functools import partial

from loopdeck.app.deck.part import Part
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.panes.asking import AskBox
from loopdeck.app.view.scene import Runner
from loopdeck.session.commands import Bookmark, Jot, Note

_BOOKMARK = "its name, or just enter; escape leaves"
_NOTE = "about this moment; the agent never sees it; escape leaves"


class Jotter(Part):
    """Live and in a replay alike; a recording from a file cannot be written in."""

    def verbs(self) -> Verbs:
        """The keys that mark."""
        return {"bookmark": self.bookmark, "note": self.note}

    def bookmark(self, name: str = "") -> None:
        """Mark the moment on the screen."""
        self._ask(partial(self._mark, self.stage.scene.seq), name, _BOOKMARK, "bookmark")

    def note(self, words: str = "") -> None:
        """Write something down about the moment on the screen."""
        self._ask(partial(self._note, self.stage.scene.seq), words, _NOTE, "note")

    @property
    def _box(self) -> AskBox:
        return self.stage.query_one("#jot", AskBox)

    def _ask(self, keep: Callable[[str], None], words: str, hint: str, kind: str) -> None:
        """Keep the words that came along, or ask for them."""
        if not self._can_mark():
            return
        if words:
            keep(words)
        else:
            self._box.ask(keep, hint, kind)

    def _can_mark(self) -> bool:
        """Whether there is a moment, in a log that takes marks; what speaks against it is said."""
        if self.stage.means.jot is None and self.stage.scene.runner is Runner.RECORDING:
            text = "A recording from a file takes no marks: `loopdeck sessions import` makes it"
            self.say(f"{text} a session of yours.", seconds=4)
            return False
        return self.stage.scene.seq > 0

    def _mark(self, at: int, text: str) -> None:
        self._put(Bookmark(at=at, label=text))

    def _note(self, at: int, text: str) -> None:
        self._put(Note(at=at, text=text) if text else None)

    def _put(self, jot: Jot | None) -> None:
        self._box.close()
        if jot is not None:
            self.start(partial(self._keep, jot), "commands")

    async def _keep(self, jot: Jot) -> None:
        if self.stage.means.jot is not None:
            await self.stage.means.jot(jot)
        else:
            await self.stage.opened.sink.send(jot)
        kind = "Bookmark" if isinstance(jot, Bookmark) else "Note"
        self.say(f"{kind} kept. {self.stage.label('go_to')} then b lists all.", seconds=4)
