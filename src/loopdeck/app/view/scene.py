"""One moment of a session as the panes see it, and how that moment relates to now."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from loopdeck.session.outline import Outline
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.timeline import Timeline


class Runner(StrEnum):
    """Who works on a session, as seen from a deck. Who may do what there follows from it alone."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    RESTING = "resting"
    OVER = "over"
    RECORDING = "recording"

    @property
    def works(self) -> bool:
        """True where somebody acts on a command: in this process, or in one that finds it."""
        return self in (Runner.HERE, Runner.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Find:
    """Words that are looked for in the session, and the events that say them, in order.

    `at` is the one that was gone to; `whole` is false while there is more to read.
    """

    words: str
    hits: tuple[int, ...] = ()
    at: int | None = None
    whole: bool = False

    @property
    def place(self) -> int:
        """The number of the hit that was gone to, from 1; 0 before that."""
        return bisect_right(self.hits, self.at) if self.at is not None else 0

    def beyond(self, seq: int, direction: int) -> int | None:
        """The next hit in a direction; from the other end where there is none."""
        if not self.hits:
            return None
        if direction > 0:
            return self.hits[bisect_right(self.hits, seq) % len(self.hits)]
        return self.hits[bisect_left(self.hits, seq) - 1]

    def within(self, first: int, last: int) -> bool:
        """Whether one of the events from `first` to `last` says the words."""
        place = bisect_left(self.hits, first)
        return place < len(self.hits) and self.hits[place] <= last


@dataclass(frozen=True, slots=True)
class Scene:
    """`state` is the session at the playhead, `head` at its newest event.

    `position` is the playhead, `None` where it follows the newest event. `runner` is who works on
    the session, `holder` names that process where it is another one. While it plays, `playing` is
    the speed and `gap_s` the real length of a pause that is being cut short.
    `find` is what is looked for, `only` says which rows alone are shown.
    """

    state: SessionState = field(default_factory=SessionState)
    head: SessionState = field(default_factory=SessionState)
    outline: Outline = field(default_factory=Outline)
    timeline: Timeline = field(default_factory=Timeline)
    position: int | None = None
    runner: Runner = Runner.RECORDING
    holder: str = ""
    playing: float | None = None
    gap_s: float = 0.0
    find: Find | None = None
    only: str = ""

    @property
    def seq(self) -> int:
        """The newest event that is shown."""
        return self.state.last_seq

    @property
    def at_end(self) -> bool:
        """True while the playhead follows the newest event."""
        return self.position is None

    @property
    def goes_on(self) -> bool:
        """True while somebody works on the session and it does not pause."""
        return self.runner.works and self.head.phase is not Phase.PAUSED

    @property
    def can_answer(self) -> bool:
        """True where a key may answer: at the end of a session that somebody works on."""
        return self.at_end and self.runner.works

    @property
    def refusal(self) -> str:
        """Why nobody acts on a command, and what to do about it; empty where somebody does."""
        match self.runner:
            case Runner.HERE | Runner.ELSEWHERE:
                return ""
            case Runner.RESTING:
                return "nobody works on it · loopdeck resume goes on"
            case Runner.OVER if self.head.outcome == "done":
                return "the run is over"
            case Runner.OVER:
                return "the run is over · loopdeck resume goes on"
            case Runner.RECORDING:
                return "this is a recording: nobody works on it"
            case _:
                assert_never(self.runner)

    @property
    def refusal_sentence(self) -> str:
        """The same as a sentence of its own."""
        return f"{self.refusal[:1].upper()}{self.refusal[1:]}"
