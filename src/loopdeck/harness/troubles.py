"""What becomes of a run that cannot simply go on: it is helped, pauses, asks, or has failed."""

from loopdeck.errors import ContextFull, ModelError, ModelUnavailable, OutOfTime
from loopdeck.harness.control import Cut
from loopdeck.harness.crew import Crew
from loopdeck.harness.ending import Ending
from loopdeck.harness.gating.cases import Case
from loopdeck.harness.prompt.replies import halt
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.repeats import ASK_AT, TELL_AT, Repeats
from loopdeck.harness.thinker import ATTEMPTS
from loopdeck.ports import Reply
from loopdeck.session.events import LoopSuspected

GO_ON, STOP = "try again", "stop"
STUCK = "It could not be made shorter."
PAUSED = f"It was tried {ATTEMPTS} times, so the run pauses here; nothing is lost."


class Troubles:
    """Every method gives `None` where the run goes on, or how it ends."""

    def __init__(self, recorder: Recorder, crew: Crew) -> None:
        self._recorder = recorder
        self._crew = crew
        self._repeats = Repeats()

    async def of_model(self, error: ModelError) -> Ending | None:
        """The model gave no reply: too long a prompt is made shorter, what may pass is waited for.

        Where nobody watches, what may pass pauses the run: nothing is wrong with it.
        """
        if isinstance(error, ContextFull):
            try:
                shorter = await self._crew.control.interruptible(self._crew.compactor.rescue())
            except ModelError as other:
                return await self._of_model(other)
            if shorter:
                return None
            if STUCK not in str(error):
                error = ContextFull(f"{error} {STUCK}", error.hint)
        return await self._of_model(error)

    async def of_reply(self, reply: Reply) -> Ending | None:
        """The model stopped in an odd way."""
        if reply.stop == "context_full":
            return await self.of_model(ContextFull(*halt(reply)))
        return await self._ask(*halt(reply))

    async def of_repeats(self, case: Case) -> Ending | None:
        """The same call gave the same result once too often."""
        count = self._repeats.saw(case)
        if count == TELL_AT:
            self._recorder.hold(LoopSuspected(tool=case.use.tool, count=count))
        if count < ASK_AT:
            return None
        text = f"{case.use.tool} was called {count} times with the same arguments and result."
        answer = await self._crew.call("loop", text, ("continue", "tell", "stop"))
        if isinstance(answer, Cut):
            return None
        self._repeats.excuse(case)
        return Ending("stopped", "Stopped in a loop.") if answer.answer == "stop" else None

    async def _of_model(self, error: ModelError) -> Ending | None:
        if isinstance(error, OutOfTime):
            return None  # the limit is looked at next, and says what becomes of the run
        if not isinstance(error, ModelUnavailable):
            return await self._ask(str(error), error.hint)
        if not self._crew.desk.attended:
            return Ending("paused", str(error), error.hint)
        return await self._ask(f"{error} {PAUSED}", error.hint)

    async def _ask(self, text: str, hint: str) -> Ending | None:
        """A human decides, or the run has failed."""
        if not self._crew.desk.attended:
            return Ending("failed", text, hint)
        answer = await self._crew.call("model", f"{text} {hint}".strip(), (GO_ON, STOP))
        if isinstance(answer, Cut) or answer.answer != STOP:
            return None
        return Ending("failed", text, hint)
