"""Keeps what is being written, so that it is there again when the session is opened again."""

import contextlib
from functools import partial

from textual import on
from textual.timer import Timer
from textual.widgets import TextArea

from loopdeck.app.background import start
from loopdeck.app.deck.queueing import Queueing
from loopdeck.errors import LoopdeckError

SETTLE_S = 1.0  # a draft that changes is kept so often


class Drafting(Queueing):
    """A draft belongs to its session; it is no part of what happened there."""

    _kept_draft = ""
    _settling: Timer | None = None

    def on_mount(self) -> None:
        """Bring back what was begun before."""
        if self.scene.runner.works:
            start(self, self._bring_back, "draft")

    async def on_unmount(self) -> None:
        """The last words are kept too."""
        if self.draft != self._kept_draft and self.scene.runner.works:
            with contextlib.suppress(LoopdeckError):  # nobody is left to be told
                await self.drafts.keep(self.opened.session, self.draft)

    def hint(self) -> None:
        """Keep a draft that came without a key, too: one that was taken back."""
        super().hint()
        self._keep_draft_soon()

    @on(TextArea.Changed, "#message")
    def _typed(self) -> None:
        box = self.messages.box
        if box.has_class("-open"):
            self.draft = box.text
        self._keep_draft_soon()

    def _keep_draft_soon(self) -> None:
        changed = self.draft != self._kept_draft
        if changed and self.scene.runner.works and self._settling is None:
            self._settling = self.set_timer(SETTLE_S, self._keep_draft)

    def _keep_draft(self) -> None:
        self._settling = None
        text = self.draft
        if text != self._kept_draft:
            self._kept_draft = text
            start(self, partial(self.drafts.keep, self.opened.session, text), "draft")

    async def _bring_back(self) -> None:
        text = await self.drafts.recall(self.opened.session)
        if text and not self.draft:
            self.draft = self._kept_draft = text
            box = self.messages.box
            if box.has_class("-open") and not box.text:
                box.put(text)
            self.hint()
