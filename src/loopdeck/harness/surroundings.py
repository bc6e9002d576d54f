"""What a run finds around it, put on record: its sandbox, and MCP servers that come and go."""

from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.servers import news
from loopdeck.harness.prompt.words import NO_WALLS
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.session.events import Event, LevelChanged, SandboxChecked


class Surroundings:
    """Those of one run."""

    def __init__(self, recorder: Recorder, conversation: Conversation, setting: Setting) -> None:
        self._recorder = recorder
        self._conversation = conversation
        self._sandbox = setting.sandbox
        self._servers = setting.servers

    async def look(self) -> None:
        """Record the sandbox that was found; without one that works, levels 4 and 5 are shut."""
        found = self._sandbox
        if found is None:
            return
        events: list[Event] = [
            SandboxChecked(backend=found.backend, passed=found.passed, says=found.says)
        ]
        if not found.passed and self._recorder.state.level >= 4:
            events.append(LevelChanged(level=3, by="harness", reason=NO_WALLS))
        await self._recorder.record(*events)

    async def look_at_servers(self) -> None:
        """Record what nobody knows yet of MCP servers that cannot be used, or can again."""
        found = news(self._conversation.lost, self._servers())
        if found:
            await self._recorder.record(*found)
