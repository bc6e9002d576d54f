"""The parts one run is made of, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loopdeck.harness.answers import Answers
from loopdeck.harness.cases import Examiner, OnAsk
from loopdeck.harness.check import Checker
from loopdeck.harness.control import Control, Cut
from loopdeck.harness.conversation import Conversation
from loopdeck.harness.desk import Desk, Kind
from loopdeck.harness.gate import Gate
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.recovery import OnUnknown, Recovery
from loopdeck.harness.thinker import Thinker
from loopdeck.ports import Clock, Model, Toolbox
from loopdeck.session.commands import Answer


@dataclass(frozen=True, slots=True)
class Crew:
    """Everyone the loop works with."""

    desk: Desk
    control: Control
    examiner: Examiner
    gate: Gate
    thinker: Thinker
    checker: Checker
    recovery: Recovery

    @classmethod
    def hire(
        cls,
        recorder: Recorder,
        conversation: Conversation,
        model: Model,
        toolbox: Toolbox,
        clock: Clock,
        inbox: Inbox,
        spool: Path,
        on_ask: OnAsk,
        on_unknown: OnUnknown,
    ) -> "Crew":
        """Build the parts around one recorder."""
        answers = Answers()
        desk = Desk(
            recorder, lambda: f"ask-{recorder.state.last_seq + 1}", attended=on_ask == "wait"
        )
        examiner = Examiner(toolbox, recorder.session, on_ask)
        return cls(
            desk=desk,
            control=Control(recorder, inbox, answers, desk),
            examiner=examiner,
            gate=Gate(recorder, examiner, answers, desk, clock=clock, spool=spool, on_ask=on_ask),
            thinker=Thinker(recorder, model, conversation, clock),
            checker=Checker(recorder, toolbox, desk, clock, spool),
            recovery=Recovery(
                recorder, examiner, desk, on_unknown=on_unknown, deny_asks=on_ask == "deny"
            ),
        )

    async def call(self, kind: Kind, text: str, options: Sequence[str]) -> Answer | Cut:
        """Call the human; an interruption ends the waiting."""
        return await self.control.interruptible(self.desk.call(kind, text, options))
