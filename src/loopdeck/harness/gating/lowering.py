"""Turns the level down by itself where trust is gone: many denials, or outside content at work."""

from collections import deque

from loopdeck.harness.recorder import Recorder
from loopdeck.session.events import (
    CallAnswered,
    CallProposed,
    LevelChanged,
)
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category

DENIALS = 3
AMONG = 10
LEAST = 2  # below it no tool is left, and there is nothing to be careful with
DENIED = f"{DENIALS} of the last {AMONG} calls were denied"
TAINTED = "after outside content came in, the agent wants to {what}"
_WANTS = {Category.NETWORK: "reach other machines", Category.DESTRUCTIVE: "destroy something"}


def by_outside_content(category: Category, state: SessionState) -> LevelChanged | None:
    """The level that the calls of a reply are judged at, where one of them takes trust away.

    It is on record before them, so that what is asked under it is asked once.
    """
    if category not in _WANTS or not state.taint or state.level < 4:
        return None
    reason = TAINTED.format(what=_WANTS[category])
    return LevelChanged(level=state.level - 1, by="harness", reason=reason)


class Lowering:
    """Listens for denials and commits a `LevelChanged` after the last; a human may undo it."""

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
            case LevelChanged():
                self._held = False
            case _:
                pass

    def _lower(self, reason: str) -> None:
        level = self._recorder.state.level
        if not self._held and level > LEAST:
            self._held = True
            self._recorder.soon(LevelChanged(level=level - 1, by="harness", reason=reason))
