"""Whether an agent that says it is done is done: its check is believed, not its words."""

from loopdeck.harness.control import Cut
from loopdeck.harness.crew import Crew
from loopdeck.harness.ending import Ending
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder

TRIES = 3  # failed checks before the human is called


class Finish:
    """The finish of one run; the failed checks are counted until somebody says to go on."""

    def __init__(self, recorder: Recorder, conversation: Conversation, crew: Crew) -> None:
        self._recorder = recorder
        self._conversation = conversation
        self._crew = crew
        self._failed = 0

    async def claimed(self, text: str) -> Ending | None:
        """The agent says it is done: how the run ends, or `None` where it goes on."""
        await self._crew.hear()
        if self._conversation.has_news:
            return None
        check = self._recorder.state.check
        if check is None:
            return Ending("done", text)
        passed = await self._crew.control.interruptible(self._crew.checker.run(check.command))
        if isinstance(passed, Cut):
            return None
        if passed:
            await self._crew.hear()
            return None if self._conversation.has_news else Ending("done", text)
        return await self._unpassed()

    async def _unpassed(self) -> Ending | None:
        self._failed += 1
        if self._failed < TRIES:
            return None
        self._failed = 0
        text = f"The agent says it is done, and the check failed {TRIES} times."
        answer = await self._crew.call("check", text, ("go on", "stop"))
        if isinstance(answer, Cut) or answer.answer != "stop":
            return None
        return Ending("stopped", "Stopped with a failing check.")
