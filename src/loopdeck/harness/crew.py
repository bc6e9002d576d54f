"""The parts one run is made of, put together."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from loopdeck.errors import JournalError
from loopdeck.harness.check import Checker
from loopdeck.harness.compaction import Compactor
from loopdeck.harness.control import Control, Cut
from loopdeck.harness.gating.answering import Answering
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.gating.examiner import Examiner
from loopdeck.harness.gating.gate import Gate
from loopdeck.harness.gating.lowering import Lowering
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.limits import Limiter
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.recovery import Recovery
from loopdeck.harness.services import Attendant
from loopdeck.harness.setting import Setting
from loopdeck.harness.thinker import Thinker
from loopdeck.ports import Letters, Model
from loopdeck.session.commands import Answer
from loopdeck.session.values import AskKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crew:
    """Everyone the loop works with."""

    desk: Desk
    control: Control
    examiner: Examiner
    gate: Gate
    thinker: Thinker
    compactor: Compactor
    checker: Checker
    recovery: Recovery
    limiter: Limiter
    inbox: Inbox
    letters: Letters
    attendant: Attendant

    @classmethod
    def hire(
        cls,
        recorder: Recorder,
        conversation: Conversation,
        model: Model,
        inbox: Inbox,
        setting: Setting,
    ) -> "Crew":
        """Build the parts around one recorder."""
        desk = _desk(recorder, setting)
        examiner = Examiner(setting, recorder.session, recorder.redactor)
        answering = Answering(recorder, examiner, str(setting.home or ""))
        recorder.listen(Lowering(recorder).hear)
        limiter = Limiter(recorder, desk, setting.clock)
        thinker = Thinker(recorder, model, conversation, setting.clock, limiter.left_s)
        compactor = Compactor(recorder, conversation, thinker)
        attendant = Attendant(recorder, setting.services)
        return cls(
            desk=desk,
            control=Control(
                recorder,
                inbox,
                answering,
                desk,
                compactor,
                thinker.retry,
                setting.recast,
                attendant,
            ),
            examiner=examiner,
            gate=Gate(recorder, examiner, answering, desk, conversation, setting, thinker.aside),
            thinker=thinker,
            compactor=compactor,
            checker=Checker(recorder, desk, setting),
            recovery=Recovery(recorder, examiner, desk, setting),
            limiter=limiter,
            inbox=inbox,
            letters=setting.letters,
            attendant=attendant,
        )

    async def hear(self) -> None:
        """Take what was queued for the next step: from here on it was said."""
        try:
            letters = list(await self.letters())
        except JournalError:
            log.exception("reading what was queued")  # it stays where it is, for the step after
            return
        try:
            while letters:
                await self.control.obey(letters.pop(0))
        finally:  # whoever is cancelled here leaves the rest to the run that is being closed
            for letter in letters:
                self.inbox.put(letter)

    async def call(self, kind: AskKind, text: str, options: Sequence[str]) -> Answer | Cut:
        """Call the human; an interruption ends the waiting."""
        return await self.control.interruptible(self.desk.call(kind, text, options))


def _desk(recorder: Recorder, setting: Setting) -> Desk:
    attended = setting.on_ask == "wait"
    return Desk(recorder, lambda: f"ask-{recorder.state.last_seq + 1}", attended=attended)
