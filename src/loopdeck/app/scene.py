"""One moment of a session as the panes see it, and how that moment relates to now."""

from dataclasses import dataclass, field

from loopdeck.session.outline import Outline
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Scene:
    """`state` is the session at the playhead, `head` at its newest event.

    `position` is the playhead, `None` where it follows the newest event. `accepts` is false
    where nobody can act on a command, `live` where no process works on the session. While it
    plays, `playing` is the speed and `gap_s` the real length of a pause that is being cut short.
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
