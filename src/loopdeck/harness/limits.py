"""Asks before the next model call what a used-up limit means."""

import math

from loopdeck.harness.budget import Budget, Meter, hit
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.ports import Clock

CLOSING = "closing"
RAISE, FINISH, STOP = "raise", "finish", "stop"


class Limiter:
    """Stops the run at its limits; only a human raises one."""

    def __init__(self, recorder: Recorder, desk: Desk, clock: Clock) -> None:
        self._recorder = recorder
        self._desk = desk
        self._clock = clock
        self._budget = Budget()

    async def check(self) -> str | None:
        """`None` to go on, `CLOSING` for one last turn, or the sentence the run ends with."""
        while True:
            meter, warnings = self._budget.read(self._recorder.state, self._worked_ns())
            if meter is None:
                if warnings:
                    self._recorder.hold(*warnings)
                return None
            await self._recorder.record(hit(meter))
            if not self._desk.attended:
                return meter.sentence
            verdict = await self._ask(meter)
            if verdict is not None:
                return verdict

    def left_s(self) -> float:
        """How long the run may go on working; without a limit of minutes for ever."""
        minutes = self._recorder.state.limits.minutes
        return math.inf if minutes is None else minutes * 60 - self._worked_ns() / 1e9

    async def _ask(self, meter: Meter) -> str | None:
        answer = await self._desk.call("limit", meter.question, (RAISE, FINISH, STOP))
        match answer.answer:
            case "finish":
                return CLOSING
            case "stop":
                return meter.sentence
            case _:
                return None

    def _worked_ns(self) -> int:
        state = self._recorder.state
        since = 0 if state.rests else max(0, self._clock.mono() - state.last_mono)
        return state.elapsed_ns + since
