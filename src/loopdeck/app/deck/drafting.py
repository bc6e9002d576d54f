"""The message box at rest: what it is for, and the draft it keeps for the next time."""

import contextlib
from functools import partial

from textual.timer import Timer

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import WRITE_HINT, Stage
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.errors import LoopdeckError
from loopdeck.ports.drafts import Drafts, NoDrafts

SETTLE_S = 1.0  # a draft that changes is kept so often


class Draft(Part):
    """A draft belongs to its session; it is no part of what happened there."""

    def __init__(self, stage: Stage, drafts: Drafts | None) -> None:
        super().__init__(stage)
        self.text = ""
        self._drafts = drafts or NoDrafts()
        self._kept = ""
        self._settling: Timer | None = None

    def begin(self) -> None:
        """Bring back what was begun before."""
        if self.stage.scene.runner.works:
            self.start(self._bring_back, "draft")

    def follow(self, before: Scene) -> None:
        """Whether anybody reads what is written may have changed."""
        self.hint()

    async def end(self) -> None:
        """The last words are kept too."""
        if self.text != self._kept and self.stage.scene.runner.works:
            with contextlib.suppress(LoopdeckError):  # nobody is left to be told
                await self._drafts.keep(self.stage.opened.session, self.text)

    def typed(self) -> None:
        """What stands in the box has changed."""
        box = self.stage.messages.box
        if box.has_class("-open"):
            self.text = box.text
        self._keep_soon()

    def hold(self, text: str) -> None:
        """Let this be the draft: it came without a key."""
        self.text = text
        self.hint()

    def hint(self) -> None:
        """Say what the message box is for, unless something is typed into it."""
        stage, scene = self.stage, self.stage.scene
        box = stage.messages.box
        ended_well = scene.runner is Runner.OVER and scene.head.outcome == "done"
        stage.set_class(ended_well or scene.runner is Runner.RECORDING, "-recording")
        if not box.has_class("-open"):
            draft = " (your draft is kept)" if self.text else ""
            runs = f" in {scene.holder}" if scene.holder else ""
            box.placeholder = scene.refusal or f"{WRITE_HINT}{runs}{draft}"
        self._keep_soon()

    def _keep_soon(self) -> None:
        changed = self.text != self._kept
        if changed and self.stage.scene.runner.works and self._settling is None:
            self._settling = self.stage.set_timer(SETTLE_S, self._keep)

    def _keep(self) -> None:
        self._settling = None
        text = self.text
        if text != self._kept:
            self._kept = text
            self.start(partial(self._drafts.keep, self.stage.opened.session, text), "draft")

    async def _bring_back(self) -> None:
        text = await self._drafts.recall(self.stage.opened.session)
        if text and not self.text:
            self._kept = text
            box = self.stage.messages.box
            if box.has_class("-open") and not box.text:
                box.put(text)
            self.hold(text)
