"""Words looked for in the session on the screen, and the keys that go from place to place."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from textual.worker import Worker

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.seeking import Player
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.panes.asking import AskBox
from loopdeck.app.view.filtering import Filter, Shown
from loopdeck.app.view.scene import Find, Scene

STRETCH = 2_000  # events that are looked through at once


class Search(Part):
    """Looks from the playhead on, then from the start; hits appear while it looks."""

    def __init__(self, stage: Stage, player: Player) -> None:
        super().__init__(stage)
        self._player = player
        self._looked = 0  # the last event that was looked at
        self._hunter: Worker[None] | None = None
        self._unpointed = False
        self._brought = stage.opened.sought  # words that led to this place
        self._narrowed: Filter | None = None  # the filter of the loop that was looked through

    def verbs(self) -> Verbs:
        """The keys that look for words, and those that go from place to place."""
        return {
            "search": self.ask,
            "hit_on": partial(self.hit, 1),
            "hit_back": partial(self.hit, -1),
        }

    def follow(self, before: Scene) -> None:
        """Once the moment of a hit is shown, point at it. Another filter is another search."""
        scene = self.stage.scene
        find = scene.find
        if self._brought and scene.seq and scene.seq == scene.position:
            words, self._brought = self._brought.split(), ""
            self.start(partial(self._look_on, words, scene.seq), "hit", only=True)
        if find is not None and self._narrowed != self._shown.filter:
            self._look_for(Find(find.words, at=find.at or scene.seq))
            return
        if self._unpointed and find is not None and find.at == scene.seq:
            self._unpointed = False
            self.stage.loop.point_at_event(scene.seq)
            self.stage.result.look_for(find.words)

    def ask(self) -> None:
        """Ask what to look for."""
        self._box.ask(self.find)

    def find(self, text: str) -> None:
        """Look for these words, and for no others any more."""
        words = " ".join(text.split())
        self._box.close()
        self.end()
        if words:
            self._look_for(Find(words))

    def hit(self, direction: int) -> None:
        """To the next or the previous place."""
        self.start(partial(self._to_next, direction), "hit", only=True)

    def end(self) -> bool:
        """Look for nothing any more; false if nothing was looked for."""
        if self.stage.scene.find is None:
            return False
        if self._hunter is not None:
            self._hunter.cancel()
        self.stage.result.look_for("")
        self.stage.present(replace(self.stage.scene, find=None))
        return True

    @property
    def _box(self) -> AskBox:
        return self.stage.query_one("#find", AskBox)

    @property
    def _shown(self) -> Shown:
        return self.stage.loop.shown

    def _look_for(self, find: Find) -> None:
        self._narrowed = self._shown.filter
        self.stage.present(replace(self.stage.scene, find=find))
        self._hunter = self.start(partial(self._hunt, find.words), "hunt", only=True)

    async def _look_on(self, words: list[str], seq: int) -> None:
        """Go on from where others found these words, which need not stand side by side there."""
        opened, whole = self.stage.opened, " ".join(words)
        if not await opened.journal.find_in(opened.session, whole, after=seq - 1, until=seq):
            whole = max(words, key=len, default="")
        if whole and self.stage.scene.find is None:
            self._unpointed = True
            self._look_for(Find(whole, at=seq))

    async def _hunt(self, words: str) -> None:
        """Every stretch once, the nearest first; goes to the first hit as soon as it is known."""
        self._looked = head = self.stage.feed.timeline.head
        for after, until in stretches(max(0, self.stage.scene.seq - 1), head):
            found = await self._look_in(words, after, until)
            find = self.stage.scene.find
            if found and find is not None and find.at is None:
                self._go_to_hit(found[0])
            await asyncio.sleep(0)
        find = self.stage.scene.find
        if find is not None:
            self.stage.present(replace(self.stage.scene, find=replace(find, whole=True)))

    async def _look_in(self, words: str, after: int, until: int) -> list[int]:
        opened = self.stage.opened
        found = await opened.journal.find_in(opened.session, words, after=after, until=until)
        find, events = self.stage.scene.find, self._shown.events
        if events is not None:
            found = [seq for seq in found if seq in events]
        if found and find is not None:
            hits = tuple(sorted({*find.hits, *found}))
            self.stage.present(replace(self.stage.scene, find=replace(find, hits=hits)))
        return found

    async def _to_next(self, direction: int) -> None:
        find, head = self.stage.scene.find, self.stage.feed.timeline.head
        if find is not None and find.whole and head > self._looked:
            before, self._looked = self._looked, head
            for after, until in stretches(before, head, before):
                await self._look_in(find.words, after, until)
        find = self.stage.scene.find
        goal = find.beyond(self.stage.scene.seq, direction) if find else None
        if goal is not None:
            self._go_to_hit(goal)

    def _go_to_hit(self, seq: int) -> None:
        scene = self.stage.scene
        if scene.find is not None:
            self.stage.hold(replace(scene, find=replace(scene.find, at=seq)))
            self._unpointed = True
            self._player.move(seq)


def stretches(start: int, head: int, least: int = 0) -> Iterator[tuple[int, int]]:
    """All events after `least` in stretches `(after, until]`: from `start` on, then before it."""
    for first, last in ((start, head), (least, start)):
        for after in range(first, last, STRETCH):
            yield after, min(last, after + STRETCH)
