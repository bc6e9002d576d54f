"""Words looked for in the session on the screen, and the keys that go from place to place."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from textual import on
from textual.widgets import Input
from textual.worker import Worker

from loopdeck.app.background import start
from loopdeck.app.deck.answering import Answering
from loopdeck.app.deck.filtering import Filter, Shown
from loopdeck.app.deck.jotting import Jotting
from loopdeck.app.deck.scene import Find, Scene
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.calls import CallView

STRETCH = 2_000  # events that are looked through at once


class Searching(Jotting, Answering):
    """Looks from the playhead on, then from the start; hits appear while it looks."""

    _looked = 0  # the last event that was looked at
    _hunter: Worker[None] | None = None
    _unpointed = False
    _narrowed: Filter | None = None  # the filter of the loop that was looked through
    _told_of_deny = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One key goes to the next place and denies: the latter only where a call waits."""
        if action in ("hit", "deny") and self.scene.find is not None:
            return self._call_waits is (action == "deny")
        return False if action == "hit" else super().check_action(action, parameters)

    def action_deny(self) -> None:
        """Deny the call; a key that has just gone from place to place says so first."""
        same = self.label("deny") == self.label("hit_on")
        if self.scene.find is not None and same and self._told_of_deny != self.drawer.guard.key:
            self._told_of_deny = self.drawer.guard.key
            key = self.label("deny")
            self._say(f"{key} denies while a call waits: press it again if you mean that")
            return
        super().action_deny()

    def action_search(self) -> None:
        """Ask what to look for."""
        box = self.query_one("#find", Box)
        box.add_class("-open")
        self.set_focus(box)  # at once: the next key is a letter already

    def action_hit(self, direction: int) -> None:
        """To the next or the previous place."""
        start(self, partial(self._to_next, direction), "hit", only=True)

    def end_search(self) -> bool:
        """Look for nothing any more; false if nothing was looked for."""
        if self.scene.find is None:
            return False
        if self._hunter is not None:
            self._hunter.cancel()
        self.query_one(ResultPane).look_for("")
        self.present(replace(self.scene, find=None))
        return True

    def present(self, scene: Scene) -> None:
        """Once the moment of a hit is shown, point at it. Another filter is another search."""
        super().present(scene)
        find = scene.find
        if find is not None and self._narrowed != self._shown.filter:
            self._look_for(Find(find.words, at=find.at or scene.seq))
            return
        if self._unpointed and find is not None and find.at == scene.seq:
            self._unpointed = False
            self.query_one(LoopPane).point_at_event(scene.seq)
            self.query_one(ResultPane).look_for(find.words)

    @on(Input.Submitted, "#find")
    def _sought_for(self, event: Input.Submitted) -> None:
        words = " ".join(event.value.split())
        self._close_find()
        self.end_search()
        if words:
            self._look_for(Find(words))

    @property
    def _shown(self) -> Shown:
        return self.query_one(LoopPane).shown

    def _look_for(self, find: Find) -> None:
        self._narrowed = self._shown.filter
        self.present(replace(self.scene, find=find))
        self._hunter = start(self, partial(self._hunt, find.words), "hunt", only=True)

    @on(Box.Left, "#find")
    def _close_find(self) -> None:
        box = self.query_one("#find", Box)
        box.value = ""
        box.remove_class("-open")
        self.set_focus(self.query_one(LoopPane))

    @property
    def _call_waits(self) -> bool:
        """True while the key that denies would deny something."""
        return self.scene.can_answer and isinstance(self.drawer.item, CallView)

    async def _hunt(self, words: str) -> None:
        """Every stretch once, the nearest first; goes to the first hit as soon as it is known."""
        self._looked = head = self.feed.timeline.head
        for after, until in stretches(max(0, self.scene.seq - 1), head):
            found = await self._look_in(words, after, until)
            find = self.scene.find
            if found and find is not None and find.at is None:
                self._go_to_hit(found[0])
            await asyncio.sleep(0)
        if self.scene.find is not None:
            self.present(replace(self.scene, find=replace(self.scene.find, whole=True)))

    async def _look_in(self, words: str, after: int, until: int) -> list[int]:
        found = await self.opened.journal.find_in(
            self.opened.session, words, after=after, until=until
        )
        find, events = self.scene.find, self._shown.events
        if events is not None:
            found = [seq for seq in found if seq in events]
        if found and find is not None:
            hits = tuple(sorted({*find.hits, *found}))
            self.present(replace(self.scene, find=replace(find, hits=hits)))
        return found

    async def _to_next(self, direction: int) -> None:
        find, head = self.scene.find, self.feed.timeline.head
        if find is not None and find.whole and head > self._looked:
            before, self._looked = self._looked, head
            for after, until in stretches(before, head, before):
                await self._look_in(find.words, after, until)
        goal = self.scene.find.beyond(self.scene.seq, direction) if self.scene.find else None
        if goal is not None:
            self._go_to_hit(goal)

    def _go_to_hit(self, seq: int) -> None:
        if self.scene.find is not None:
            self.scene = replace(self.scene, find=replace(self.scene.find, at=seq))
            self._unpointed = True
            self._move(seq)


def stretches(start: int, head: int, least: int = 0) -> Iterator[tuple[int, int]]:
    """All events after `least` in stretches `(after, until]`: from `start` on, then before it."""
    for first, last in ((start, head), (least, start)):
        for after in range(first, last, STRETCH):
            yield after, min(last, after + STRETCH)
