"""The goal's definition of done: a command the human gave, run when the agent says it is done."""

import asyncio

from loopdeck.errors import ToolError
from loopdeck.harness.gating.context import CallContext
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import Setting
from loopdeck.permissions.secrets.redacting import holds_mark
from loopdeck.ports import ToolResult
from loopdeck.session.events import CheckFinished, CheckStarted
from loopdeck.session.state import LEAVE_OUT, RUN_IT

TIMEOUT_S = 600
HOLDS_SECRET = "The check holds a secret, which the log does not keep, so it cannot be run."
NOT_YOURS = "The imported session says it is done when this command succeeds. Run it here?"
INTERRUPTED = "Interrupted before it was finished."
OUTPUT_CAP = 8_000  # characters of its output that go back to the agent


class Checker:
    """Runs the check through the shell tool; what the human gave needs nobody's approval."""

    def __init__(self, recorder: Recorder, desk: Desk, setting: Setting) -> None:
        self._recorder = recorder
        self._desk = desk
        self._toolbox = setting.toolbox
        self._clock = setting.clock
        self._context = CallContext(recorder, desk, setting.spool, None)

    async def run(self, command: str) -> bool:
        """True if the command succeeded; both its start and its end are on record.

        One that nobody here gave is shown first, and may be left out. Raises `NobodyHere`.
        """
        if not await self._is_wanted(command):
            return True
        check = self._recorder.state.check
        attempt = 1 + (check.attempts if check else 0)
        await self._recorder.record(CheckStarted(attempt=attempt, command=command))
        began = self._clock.mono()
        try:
            result = await self._attempt(command)
        except asyncio.CancelledError:
            await self._finish(attempt, ToolResult(ok=False, output=INTERRUPTED), began)
            raise
        await self._finish(attempt, result, began)
        return result.ok

    async def _is_wanted(self, command: str) -> bool:
        check = self._recorder.state.check
        while check is not None and not check.accepted:
            text = f"{NOT_YOURS} {command}"
            await self._desk.call("check", text, (RUN_IT, LEAVE_OUT))
            check = self._recorder.state.check
        return check is not None

    async def _finish(self, attempt: int, result: ToolResult, began: int) -> None:
        await self._recorder.record(
            CheckFinished(
                attempt=attempt,
                ok=result.ok,
                exit_code=result.exit_code,
                output=result.output[-OUTPUT_CAP:],
                duration_ms=round((self._clock.mono() - began) / 1e6, 1),
            )
        )

    async def _attempt(self, command: str) -> ToolResult:
        if holds_mark(command):
            return ToolResult(ok=False, output=HOLDS_SECRET)
        try:
            action = self._toolbox.prepare("shell", {"command": command, "timeout": TIMEOUT_S})
            return await action.run(self._context)
        except ToolError as error:
            return ToolResult(ok=False, output=str(error))
