"""What people do to a session of the list: name it, tag it, delete it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, assert_never

from loopdeck.app.background import start
from loopdeck.app.home.hall import Hall
from loopdeck.app.paint.home import Entry
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.sure import SureScreen
from loopdeck.app.sanitize import sanitize
from loopdeck.ports import Library
from loopdeck.ports.journal import Attic, PutAway
from loopdeck.session.labels import label

Wish = Literal["name", "tags", "delete"]
LONGEST_TITLE = 300

_HINTS = {
    "name": "a name; nothing shows the goal again",
    "tags": "tags with blanks between them; nothing takes them away",
}


class Curator:
    """Asks in the box `#label`, then changes the session; `changed` hears when that is done."""

    def __init__(
        self, hall: Hall, library: Library, attic: Attic | None, changed: Callable[[], None]
    ) -> None:
        self._hall = hall
        self._changed = changed
        self._library = library
        self._attic = attic
        self._asked: tuple[Entry, Wish] | None = None

    def begin(self, entry: Entry, wish: Wish) -> None:
        """Ask for what the wish needs."""
        given = entry.summary.label
        match wish:
            case "name":
                self._ask(entry, wish, given.name)
            case "tags":
                self._ask(entry, wish, " ".join(given.tags))
            case "delete":
                self._delete(entry)
            case _:
                assert_never(wish)

    def keep(self, text: str) -> None:
        """Give the session the name or the tags that were typed."""
        if self._asked is not None:
            entry, wish = self._asked
            start(self._hall, lambda: self._call(entry, wish, text), "label")

    def archive(self) -> None:
        """Show what was put away."""
        start(self._hall, self._open_attic, "attic", only=True)

    async def _open_attic(self) -> None:
        """Show what was put away: to bring one back, or to delete it for good."""
        from loopdeck.app.panes.attic import AtticScreen  # on first use

        kept = await asyncio.to_thread(self._attic.sessions) if self._attic else ()
        if not kept:
            words = "There is nothing in the archive: what is deleted goes there."
            self._hall.notify(words, markup=False, timeout=4)
            return

        def chosen(one: PutAway | None) -> None:
            if one is not None:
                start(self._hall, lambda: self._restore(one), "restore")

        self._hall.app.push_screen(AtticScreen(kept, self._hall.clock.wall(), self._forget), chosen)

    def leave(self) -> None:
        """Go back to the list; nothing is changed."""
        self._asked = None
        self._box.remove_class("-open")
        self._hall.to_list()

    @property
    def _box(self) -> Box:
        return self._hall.query_one("#label", Box)

    def _ask(self, entry: Entry, wish: Wish, text: str) -> None:
        self._asked = entry, wish
        self._box.placeholder = _HINTS[wish]
        self._box.value = text
        self._box.cursor_position = len(text)
        self._box.add_class("-open")
        self._box.focus()

    async def _call(self, entry: Entry, wish: Wish, text: str) -> None:
        (now,) = (await self._library.lines([entry.summary.id])).values()
        given = now.label
        new = label(text, given.tags) if wish == "name" else label(given.name, [text])
        await self._library.relabel(now.id, new)
        self.leave()
        self._changed()

    def _delete(self, entry: Entry) -> None:
        if self._attic is None or self._library.is_live(entry.summary.id):
            words = "Its agent is at work: stop it first." if self._attic else "Not from here."
            self._hall.notify(words, markup=False)
            return
        words = (entry.summary.title, "It goes to the archive, from where it can be brought back.")
        self._sure("Delete this session?", words, lambda: self._put_away(entry))

    def _forget(self, one: PutAway) -> None:
        words = (one.label.name or one.goal, "Nothing brings it back after that.")
        self._sure("Delete it for good?", words, lambda: self._remove(one))

    def _sure(
        self, title: str, words: tuple[str, str], act: Callable[[], Awaitable[object]]
    ) -> None:
        """Ask once more, and do it after a yes; the first of the words come from outside."""
        about, note = sanitize(words[0][:LONGEST_TITLE], lines=False), sanitize(words[1])
        sure = SureScreen(self._hall.clock, title, (about, note))

        def answered(yes: bool | None) -> None:
            if yes:
                start(self._hall, act, "delete")

        self._hall.app.push_screen(sure, answered)

    async def _put_away(self, entry: Entry) -> None:
        if self._attic is None:
            return
        session = entry.summary.id
        await self._attic.put_away(session)
        key = self._hall.label("archive")
        text = f"It is in the archive. {key} on the list shows what is there."
        self._hall.notify(sanitize(text), markup=False, timeout=6)
        self._changed()

    async def _remove(self, one: PutAway) -> None:
        if self._attic is None:
            return
        await asyncio.to_thread(self._attic.remove, one.id)
        self._hall.notify("It is gone for good.", markup=False, timeout=4)
        if await asyncio.to_thread(self._attic.sessions):
            await self._open_attic()

    async def _restore(self, one: PutAway) -> None:
        if self._attic is None:
            return
        await self._attic.restore(one.id)
        title = sanitize((one.label.name or one.goal)[:LONGEST_TITLE], lines=False)
        self._hall.notify(f"It is back: {title}", markup=False, timeout=4)
        self._changed()
