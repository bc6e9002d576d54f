"""What people do to a session of the list: name it, tag it, delete it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol, assert_never, cast

from textual.app import App
from textual.screen import Screen

from loopdeck.app.background import start
from loopdeck.app.paint.home import Entry
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.sure import SureScreen
from loopdeck.app.sanitize import sanitize
from loopdeck.ports import Clock, Library
from loopdeck.ports.journal import Attic, PutAway
from loopdeck.session.labels import label

Wish = Literal["name", "tags", "delete"]
LONGEST_TITLE = 300

_HINTS = {
    "name": "a name; nothing shows the goal again",
    "tags": "tags with blanks between them; nothing takes them away",
}


class Shown(Protocol):
    """The screen that a session is chosen on."""

    clock: Clock

    def read_soon(self) -> None:
        """Show what changed."""
        ...

    def label(self, key: str) -> str:
        """What to press for a key of the table."""
        ...

    def action_to_list(self) -> None:
        """Go back to the list."""
        ...


class Curator:
    """Asks on a screen that has a box `#label`, then changes the session."""

    def __init__(self, screen: Screen[None], library: Library, attic: Attic | None) -> None:
        self._screen = screen
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
            start(self._screen, lambda: self._call(entry, wish, text), "label")

    async def open_attic(self) -> None:
        """Show what was put away: to bring one back, or to delete it for good."""
        from loopdeck.app.panes.attic import AtticScreen  # on first use

        kept = await asyncio.to_thread(self._attic.sessions) if self._attic else ()
        if not kept:
            words = "There is nothing in the archive: what is deleted goes there."
            self._screen.notify(words, markup=False, timeout=4)
            return

        def chosen(one: PutAway | None) -> None:
            if one is not None:
                start(self._screen, lambda: self._restore(one), "restore")

        app = cast("App[object]", self._screen.app)
        app.push_screen(AtticScreen(kept, self._shown.clock.wall(), self._forget), chosen)

    def leave(self) -> None:
        """Go back to the list; nothing is changed."""
        self._asked = None
        self._box.remove_class("-open")
        self._shown.action_to_list()

    @property
    def _box(self) -> Box:
        return self._screen.query_one("#label", Box)

    @property
    def _shown(self) -> Shown:
        return cast("Shown", self._screen)

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
        self._shown.read_soon()

    def _delete(self, entry: Entry) -> None:
        if self._attic is None or self._library.is_live(entry.summary.id):
            words = "Its agent is at work: stop it first." if self._attic else "Not from here."
            self._screen.notify(words, markup=False)
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
        sure = SureScreen(self._shown.clock, title, (about, note))

        def answered(yes: bool | None) -> None:
            if yes:
                start(self._screen, act, "delete")

        app = cast("App[object]", self._screen.app)
        app.push_screen(sure, answered)

    async def _put_away(self, entry: Entry) -> None:
        if self._attic is None:
            return
        session = entry.summary.id
        await self._attic.put_away(session)
        key = self._shown.label("archive")
        text = f"It is in the archive. {key} on the list shows what is there."
        self._screen.notify(sanitize(text), markup=False, timeout=6)
        self._shown.read_soon()

    async def _remove(self, one: PutAway) -> None:
        if self._attic is None:
            return
        await asyncio.to_thread(self._attic.remove, one.id)
        self._screen.notify("It is gone for good.", markup=False, timeout=4)
        if await asyncio.to_thread(self._attic.sessions):
            await self.open_attic()

    async def _restore(self, one: PutAway) -> None:
        if self._attic is None:
            return
        await self._attic.restore(one.id)
        title = sanitize((one.label.name or one.goal)[:LONGEST_TITLE], lines=False)
        self._screen.notify(f"It is back: {title}", markup=False, timeout=4)
        self._shown.read_soon()
