"""One moment of a session as the panes see it, and how that moment relates to now."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from loopdeck.session.outline import Outline
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.timeline import Timeline


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

    `position` is the playhead, `None` where it follows the newest event. `accepts` is false
    where nobody can act on a command, `live` where no process works on the session. While it
    plays, `playing` is the speed and `gap_s` the real length of a pause that is being cut short.
    `find` is what is looked for, `only` says which rows alone are shown.
    """

    state: SessionState = field(default_factory=SessionState)
    head: SessionState = field(default_factory=SessionState)
    outline: Outline = field(default_factory=Outline)
    timeline: Timeline = field(default_factory=Timeline)
    position: int | None = None
    accepts: bool = False
    live: bool = True
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
    def is_over(self) -> bool:
        """True where nobody works on the session: it has ended, or rests until it is resumed."""
        rests = self.head.phase in (Phase.ENDED, Phase.PAUSED)
        return rests or not self.live or not self.head.last_seq

    @property
    def can_answer(self) -> bool:
        """True where a key may answer: at the end of a session that somebody works on."""
        return self.at_end and self.accepts
