"""The messages that are queued for the next step: seen above the box, and taken back."""

import asyncio
from collections.abc import Sequence
from functools import partial

from loopdeck.app.deck.drafting import Draft
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.notices import tell
from loopdeck.app.view.scene import Scene
from loopdeck.errors import LoopdeckError
from loopdeck.session.attached import Attachment
from loopdeck.session.commands import Say

LOOK_S = 2.0  # how often messages that others have queued are looked for


class Queue(Part):
    """Who takes a message first, the agent or its human, is settled by the queue alone."""

    def __init__(self, stage: Stage, draft: Draft) -> None:
        super().__init__(stage)
        self._draft = draft
        self._queued: Sequence[Say] = ()
        self._looking = False

    def verbs(self) -> Verbs:
        """The key that takes back."""
        return {"take_back": self.take_back}

    def begin(self) -> None:
        """Look at what is queued, from whichever process."""
        if self.stage.means.queue is not None:
            self.start(self._keep_looking, "queue")

    def follow(self, before: Scene) -> None:
        """What the agent has taken is queued no more."""
        if self._queued:
            self._look()

    async def add(self, text: str, attached: tuple[Attachment, ...] | None = None) -> bool:
        """Queue a message for the next step; an error is shown."""
        queue = self.stage.means.queue
        if queue is None:
            return await self.stage.send(Say(text=text, attached=attached))
        try:
            await queue.add(text, attached)
        except LoopdeckError as error:
            tell(self.stage, error)
            return False
        self._look()
        return True

    def take_back(self, said: Say | None = None) -> None:
        """Take back this message, or what was queued last."""
        newest = said or next(iter(self._queued[-1:]), None)
        if newest is None:
            self.say("Nothing is queued.", seconds=3)
        else:
            self.start(partial(self._take_back, newest), "queue")

    async def _take_back(self, said: Say) -> None:
        """An empty box holds it again."""
        queue = self.stage.means.queue
        if queue is not None and await queue.take_back(said.ticket):
            text, box = said.text, self.stage.messages.box
            self.say("Taken back: the agent never sees it.", seconds=3)
            if box.has_class("-open") and not box.text:
                box.put(text)
            elif not box.has_class("-open") and not self._draft.text:
                self._draft.hold(text)
        else:
            self.say("The agent has it already.", seconds=3)
        self._look()

    def _look(self) -> None:
        if self.stage.means.queue is not None and not self._looking:
            self._looking = True
            self.start(self._see_queue, "queue")

    async def _keep_looking(self) -> None:
        """One worker for all looks: to start one each time would be half of the work."""
        while True:
            if not self._looking:
                self._looking = True
                try:
                    await self._see_queue()
                except LoopdeckError as error:
                    tell(self.stage, error)
            await asyncio.sleep(LOOK_S)

    async def _see_queue(self) -> None:
        try:
            queue = self.stage.means.queue
            queued = await queue.waiting() if queue is not None else ()
        finally:
            self._looking = False
        if list(queued) != list(self._queued):
            self._queued = queued
        works, key = self.stage.scene.runner.works, self.stage.label("take_back")
        self.stage.messages.show_queue(queued, key, over=not works)
