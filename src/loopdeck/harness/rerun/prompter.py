"""Keeps a re-run in step with its tape: who may speak next, and where the two part."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from loopdeck.harness.rerun.cues import Said, cues
from loopdeck.harness.rerun.tape import Chapter, Tape
from loopdeck.session.events import (
    CallAsked,
    CallFinished,
    CheckFinished,
    Event,
    HumanCalled,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
)
from loopdeck.session.likeness import Likeness
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where a re-run parts from its recording: what each of them has there, if anything.

    `prompt` says how the request differs where the events before it do not.
    """

    place: int
    recorded: Event | None
    rerun: Event | None
    prompt: str = ""


class Prompter:
    """Listens to the re-run, and lets the outside speak at exactly the recorded moments.

    Replies, tool results and commands each wait until everything before them on the tape has
    happened; what lies between is the harness's own doing, and is held against the tape. An event
    that was given to the harness and not yet recorded counts as happened: it may be held for the
    next commit. A command is said when the harness rests, as people are slow; at the places in
    `eager` it is said so many turns of the event loop after its moment has come.
    """

    def __init__(self, tape: Tape, eager: Mapping[int, int] | None = None) -> None:
        self.tape = tape
        self.eager = dict(eager or {})
        self._soon: dict[int, asyncio.Future[None]] = {}
        self.position = 0
        self.requested = 0
        self.heard: list[Record] = []
        self.fault: Divergence | None = None
        self.turns = 0
        self.asks: dict[str, str] = {}
        self.asked: dict[str, int] = {}
        self.newer: set[str] = set()
        self._cues = cues(tape)
        self._say: Callable[[Said], None] | None = None
        self._said: set[int] = set()
        self._waiting: list[int] = []
        self._nudged = -1
        self._likeness = Likeness()
        self._given: set[int] = set()
        self._bell = asyncio.Event()
        self._chapter = Chapter(0, 0, cut=False)

    @property
    def closed(self) -> bool:
        """True when there is nothing left to learn from this process."""
        cut_here = self._chapter.cut and self.position >= self._chapter.end
        return self.fault is not None or cut_here

    def open(self, chapter: Chapter) -> None:
        """Begin with a chapter; what a process did not come to tell died with it."""
        self._chapter = chapter
        self._given.clear()
        self._say = None

    def let_speak(self, say: Callable[[Said], None]) -> None:
        """From now on what comes from outside is said to this; mail that waited is said now."""
        self._say = say
        place = self.upcoming
        while place in self._cues and place < self._chapter.end:
            self._speak(place)
            place = self._cues[place].until + 1
            if isinstance(self.tape.event(place - 1), SessionPaused | SessionEnded):
                return  # a switch that is turned back now would never have been turned

    def rest(self) -> bool:
        """The harness rests: say what comes next. False if nothing does, so that it is stuck.

        What the harness holds for its next commit is on the tape before what makes it commit.
        """
        place = self.upcoming
        while place < self._chapter.end:
            if place in self._cues and place not in self._said:
                self._speak(place)
                return True
            if _comes_from_tape(self.tape.event(place)):
                break
            place += 1
        waiting = min(self._waiting, default=-1)
        if waiting <= self._nudged:
            return False
        self._nudged = waiting
        self._ring()
        return True

    def suspect(self) -> int | None:
        """The place whose words may have come too late: those that are due, or the last."""
        place = self.position
        if place in self._cues and place not in self._said and place < self._chapter.end:
            return place
        return max((place for place in self._said if place not in self.eager), default=None)

    def skip(self, records: list[Record], place: int) -> None:
        """Take the tape's own word for everything before a place."""
        self.position = place
        for record in records:
            self.heard.append(record)
            self._likeness.of(record.event)
            self._note(record.event, record.event)

    def hear(self, record: Record) -> None:
        """The re-run recorded something: hold it against the tape."""
        if self.closed:
            return
        self.heard.append(record)
        like = self._likeness.of(record.event)
        if like is None:
            return
        place = self.position
        recorded = self.tape.event(place) if place < self._chapter.end else None
        if recorded is None or not self._agrees(place, recorded, like):
            self.part(Divergence(place, recorded, record.event))
            return
        self._note(recorded, record.event)
        self.position += 1
        self._given.discard(place)
        self._turn()

    def _agrees(self, place: int, recorded: Event, like: JsonObject) -> bool:
        names, newer = self.tape.unlike(place, like)
        self.newer.update(f"{recorded.type}.{name}" for name in newer)
        return names == newer

    def part(self, divergence: Divergence) -> None:
        """Here the two part; only the first place counts."""
        self.fault = self.fault or divergence
        self._ring()

    def give(self, place: int) -> None:
        """The event of a place is in the harness's hands, whenever it writes it down."""
        self._given.add(place)
        self._turn()

    async def until(self, place: int) -> None:
        """Wait until it is the turn of a place."""
        self._waiting.append(place)
        try:
            while not self._is_turn(place):
                await self._bell.wait()
        finally:
            self._waiting.remove(place)

    async def undisturbed(self, by: type[Event] | None = None) -> None:
        """Wait until nothing from outside, or no such event, comes next."""
        while self.closed or (
            isinstance(self.tape.event(self.upcoming), by) if by else self.upcoming in self._cues
        ):
            await self._bell.wait()

    @property
    def upcoming(self) -> int:
        """The first place that has not happened yet."""
        place = self.position
        while place in self._given:
            place += 1
        return place

    def _note(self, recorded: Event, event: Event) -> None:
        match recorded, event:
            case ModelRequested(), _:
                self.requested = self.position
            case HumanCalled(), HumanCalled():
                self.asks[recorded.ask_id] = event.ask_id
            case CallAsked(), _:
                self.asked[recorded.call_id] = self.asked.get(recorded.call_id, 0) + 1
            case _:
                pass

    def _is_turn(self, place: int) -> bool:
        if self.upcoming < place:
            return self._nudged == place
        return place not in self._cues or place in self._said

    def _turn(self) -> None:
        """Something has happened: wake who waits."""
        place = self.upcoming
        if place in self.eager and place not in self._said and place < self._chapter.end:
            if self.eager[place] == 0:
                self._speak(place)
            elif place not in self._soon:
                self._soon[place] = asyncio.ensure_future(self._speak_later(place))
        self._ring()

    async def _speak_later(self, place: int) -> None:
        for _ in range(self.eager[place]):
            await asyncio.sleep(0)
        if place == self.upcoming and place not in self._said and not self.closed:
            self._speak(place)

    def _speak(self, place: int) -> None:
        if self._say is not None:
            self._said.add(place)
            for said in self._cues[place].said:
                self._say(said)
            self._ring()

    def _ring(self) -> None:
        self.turns += 1
        self._bell.set()
        self._bell = asyncio.Event()


def _comes_from_tape(event: Event | None) -> bool:
    """Whether an event waits for its turn: it is no doing of the harness, nor of its human."""
    match event:
        case ModelReplied() | ModelFailed() | CheckFinished():
            return True
        case CallFinished():
            return event.by == "tool"
        case ServiceEnded():
            return event.is_from_outside
        case _:
            return False
