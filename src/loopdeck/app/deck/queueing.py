"""The messages that are queued for the next step: seen above the box, and taken back."""

import asyncio
from collections.abc import Sequence

from loopdeck.app.background import start
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.seeking import Seeking
from loopdeck.app.notices import tell
from loopdeck.app.panes.message import MessagePane
from loopdeck.errors import LoopdeckError
from loopdeck.session.attached import Attachment
from loopdeck.session.commands import Say

LOOK_S = 2.0  # how often messages that others have queued are looked for


class Queueing(Seeking):
    """Who takes a message first, the agent or its human, is settled by the queue alone."""

    _queued: Sequence[Say] = ()
    _looking = False

    def on_mount(self) -> None:
        """Look at what is queued, from whichever process."""
        if self.services.queue is not None:
            start(self, self._keep_looking, "queue")

    def present(self, scene: Scene) -> None:
        """What the agent has taken is queued no more."""
        super().present(scene)
        if self._queued:
            self._look()

    @property
    def messages(self) -> MessagePane:
        """The message box and what stands above it."""
        return self.query_one(MessagePane)

    def action_take_back(self) -> None:
        """Take back what was queued last; an empty box holds it again."""
        start(self, self._take_back, "queue")

    async def say_later(self, text: str, attached: tuple[Attachment, ...] | None = None) -> bool:
        """Queue a message for the next step; an error is shown."""
        if self.services.queue is None:
            return await self.send(Say(text=text, attached=attached))
        try:
            await self.services.queue.add(text, attached)
        except LoopdeckError as error:
            tell(self, error)
            return False
        self._look()
        return True

    async def _take_back(self) -> None:
        queue, newest = self.services.queue, self._queued[-1:]
        if queue is None or not newest:
            self.notify("Nothing is queued.", markup=False, timeout=3)
            return
        if await queue.take_back(newest[0].ticket):
            text, box = newest[0].text, self.messages.box
            self.notify("Taken back: the agent never sees it.", markup=False, timeout=3)
            if box.has_class("-open") and not box.text:
                box.put(text)
            elif not box.has_class("-open") and not self.draft:
                self.draft = text
                self.hint()
        else:
            self.notify("The agent has it already.", markup=False, timeout=3)
        self._look()

    def _look(self) -> None:
        if self.services.queue is not None and not self._looking:
            self._looking = True
            start(self, self._see_queue, "queue")

    async def _keep_looking(self) -> None:
        """One worker for all looks: to start one each time would be half of the work."""
        while True:
            if not self._looking:
                self._looking = True
                try:
                    await self._see_queue()
                except LoopdeckError as error:
                    tell(self, error)
            await asyncio.sleep(LOOK_S)

    async def _see_queue(self) -> None:
        try:
            queue = self.services.queue
            queued = await queue.waiting() if queue is not None else ()
        finally:
            self._looking = False
        if list(queued) != list(self._queued):
            self._queued = queued
        self.messages.show_queue(queued, self.label("take_back"), over=not self.scene.runner.works)
