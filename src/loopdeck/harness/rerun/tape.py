"""A recording as something that can be played: its events that count, found by their place."""

from collections.abc import Sequence
from dataclasses import dataclass

from loopdeck.session.events import (
    CallFinished,
    CallProposed,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    PlanRevised,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.events.thinking import COMPACTED, NOT_COMPACTED
from loopdeck.session.likeness import Likeness, differing, unheard_of
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject, Usage


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one process did: the places from `start` up to `end`.

    `cut` is true where the log just stops: the process died, or it is still at work.
    """

    start: int
    end: int
    cut: bool


class Tape:
    """The records that count, in order; a place is an index into them."""

    def __init__(self, records: Sequence[Record]) -> None:
        counts = Likeness()
        pairs = [(record, counts.of(record.event)) for record in records]
        self.records = [record for record, like in pairs if like is not None]
        self.likes: list[JsonObject] = [like for _, like in pairs if like is not None]
        self.cut = _cut(pairs)
        self._of_call: dict[str, list[int]] = {}
        for place, record in enumerate(self.records):
            call_id = getattr(record.event, "call_id", None)
            if isinstance(call_id, str) and call_id:
                self._of_call.setdefault(call_id, []).append(place)

    def unlike(self, place: int, like: JsonObject) -> tuple[set[str], set[str]]:
        """In what an event differs from that of a place; and what of it the log had no idea of."""
        names = set(differing(self.likes[place], like))
        return names, names & unheard_of(self.records[place].event)

    def __len__(self) -> int:
        return len(self.records)

    def event(self, place: int) -> Event | None:
        """The event at a place, if the tape is that long."""
        return self.records[place].event if 0 <= place < len(self.records) else None

    @property
    def opening(self) -> SessionStarted | None:
        """How the session began."""
        first = self.event(0)
        return first if isinstance(first, SessionStarted) else None

    def chapters(self) -> list[Chapter]:
        """The processes that worked on the session, one after the other."""
        starts = [0, *(place for place, event in self._events() if _new_process(event))]
        ends = [*starts[1:], len(self)]
        return [
            Chapter(start, end, not _rests(self.event(end - 1)))
            for start, end in zip(starts, ends, strict=True)
        ]

    def outcome(self, place: int) -> int | None:
        """Where the model's request of a place was answered, or failed."""
        for at in range(place + 1, len(self)):
            match self.event(at):
                case ModelReplied() | ModelFailed():
                    return at
                case ModelRequested() | SessionEnded() | SessionResumed():
                    return None
                case _:
                    pass
        return None

    def sums_up(self, place: int) -> bool:
        """Whether the model's request of a place was for a summary.

        One that was refused is known by following at once on another that was.
        """
        if not isinstance(self.event(place), ModelRequested):
            return False
        at: int | None = place
        while at is not None and isinstance(self.event(at), ModelRequested | ModelFailed):
            at = self.outcome(at)
        reply = self.event(at) if at is not None else None
        if isinstance(reply, ModelReplied):
            return reply.stop in (COMPACTED, NOT_COMPACTED)
        return isinstance(self.event(place - 1), ModelRequested)

    def too_long(self, place: int) -> bool:
        """Whether the model's request of a place was refused because it was too long."""
        if not isinstance(self.event(place), ModelRequested) or self.outcome(place) is not None:
            return False
        return isinstance(self.event(place + 1), ModelRequested | ContextCompacted)

    def complaint(self, place: int) -> tuple[str, str]:
        """What was said of a request that was refused, if nothing could be done; and the hint."""
        asked = ""
        for at in range(place, len(self)):
            match self.event(at):
                case HumanCalled(kind="model", text=text):
                    asked = asked or text
                case SessionEnded(text=text):  # which has no hint
                    if asked and not asked.startswith(text):
                        break
                    return text, asked.removeprefix(text).strip()
                case ModelReplied(stop=stop) if stop not in (COMPACTED, NOT_COMPACTED):
                    break
                case _:
                    pass
        return asked, ""

    def calls(self) -> list[CallProposed]:
        """Every call that was proposed, in order."""
        return [event for _, event in self._events() if isinstance(event, CallProposed)]

    def proposal(self, call_id: str) -> CallProposed | None:
        """How the model wrote a call."""
        found = (self.event(place) for place in self.places(call_id))
        return next((event for event in found if isinstance(event, CallProposed)), None)

    def places(self, call_id: str) -> list[int]:
        """Where the events of a call are, its questions included."""
        return self._of_call.get(call_id, [])

    def plans(self, call_id: str) -> list[int]:
        """The plans a call wrote: they stand before its end, with no other end between."""
        found: list[int] = []
        for end in self.places(call_id):
            if isinstance(self.event(end), CallFinished):
                at = end - 1
                while at >= 0 and not isinstance(self.event(at), CallFinished):
                    if isinstance(self.event(at), PlanRevised):
                        found.insert(0, at)
                    at -= 1
        return found

    def answer_to(self, ask: HumanCalled) -> int | None:
        """Where a question was answered."""
        for place, event in self._events():
            if isinstance(event, HumanAnswered) and event.ask_id == ask.ask_id:
                return place
        return None

    def _events(self) -> list[tuple[int, Event]]:
        return [(place, record.event) for place, record in enumerate(self.records)]


def _cut(pairs: Sequence[tuple[Record, JsonObject | None]]) -> dict[int, ModelChunk]:
    """What requests had taken whose replies were cut, by their places."""
    found: dict[int, ModelChunk] = {}
    place = requested = -1
    for record, like in pairs:
        place += like is not None
        match record.event:
            case ModelRequested():
                requested = place
            case ModelChunk(usage=Usage()) as chunk:
                found[requested] = chunk
            case _:
                pass
    return found


def _new_process(event: Event | None) -> bool:
    return isinstance(event, SessionResumed) and event.new_process


def _rests(event: Event | None) -> bool:
    """Whether a process stopped at such an event of its own accord."""
    ended = isinstance(event, SessionEnded)
    return ended or (isinstance(event, SessionPaused) and event.reason != "human")
