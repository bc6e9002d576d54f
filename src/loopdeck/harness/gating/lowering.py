"""Turns the level down by itself where trust is gone: many denials, or outside content at work."""

from collections import deque

from loopdeck.harness.recorder import Recorder
from loopdeck.session.events import (
    CallAnswered,
    CallJudged,
    CallProposed,
    LevelChanged,
)
from loopdeck.session.records import Record
from loopdeck.session.standing import BY_MAKER
from loopdeck.session.values import Category

DENIALS = 3
AMONG = 10
LEAST = 2  # below it no tool is left, and there is nothing to be careful with
DENIED = f"{DENIALS} of the last {AMONG} calls were denied"
TAINTED = "after outside content came in, the agent wants to {what}"
_WANTS = {Category.NETWORK: "reach other machines", Category.DESTRUCTIVE: "destroy something"}


class Lowering:
    """Listens to the log and holds a `LevelChanged` for its next commit; a human may undo it."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._recent: deque[str] = deque(maxlen=AMONG)
        self._denied: set[str] = set()
        self._held = False

    def hear(self, record: Record) -> None:
        """Take in one more record."""
        event = record.event
        match event:
            case CallProposed():
                self._recent.append(event.call_id)
            case CallAnswered(answer="denied", by="human"):
                self._denied = {event.call_id, *self._denied}.intersection(self._recent)
                if len(self._denied) >= DENIALS:
                    self._denied.clear()
                    self._lower(DENIED)
            case CallJudged(category=category, facts=facts) if category in _WANTS:
                if facts.get(BY_MAKER):
                    return  # it is over, and reached nobody who did not know all of it already
                state = self._recorder.state
                if state.taint and state.level >= 4:
                    self._lower(TAINTED.format(what=_WANTS[category]))
            case LevelChanged():
                self._held = False
            case _:
                pass

    def _lower(self, reason: str) -> None:
        level = self._recorder.state.level
        if not self._held and level > LEAST:
            self._held = True
            self._recorder.hold(LevelChanged(level=level - 1, by="harness", reason=reason))
