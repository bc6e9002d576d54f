"""What a human adds to a session for people alone: bookmarks, and notes about a moment."""

from loopdeck.errors import UnknownSession
from loopdeck.harness.recorder import Recorder
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Clock, Journal
from loopdeck.session.commands import Bookmark, Jot
from loopdeck.session.events import BookmarkAdded, NoteAdded
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState

PAGE = 1_000


def jotted(jot: Jot) -> BookmarkAdded | NoteAdded:
    """The event that keeps it."""
    if isinstance(jot, Bookmark):
        return BookmarkAdded(at=jot.at, label=jot.label)
    return NoteAdded(at=jot.at, text=jot.text)


async def jot_down(
    journal: Journal, clock: Clock, session: str, jot: Jot, redactor: Redactor
) -> None:
    """Add it to a session that nobody works on; the caller has claimed it.

    It may stand after the end: it changes nothing of the run, neither its state nor the time it
    took. Raises `UnknownSession`.
    """
    state = await _newest(journal, session)
    if not state.last_seq:
        raise UnknownSession(f"There is no session {session}.", "`loopdeck sessions list`")
    still = _Still(clock, state.last_mono)
    await Recorder(journal, still, session, state, redactor).record(jotted(jot))


async def _newest(journal: Journal, session: str) -> SessionState:
    state = await journal.state_before(session, await journal.head(session)) or SessionState()
    while records := await journal.read(session, after=state.last_seq, limit=PAGE):
        state = project(records, state)
    return state


class _Still:
    """The time of day, while the time at work stands still: it belongs to another process."""

    def __init__(self, clock: Clock, mono: int) -> None:
        self._clock = clock
        self._mono = mono

    def wall(self) -> int:
        """UTC nanoseconds."""
        return self._clock.wall()

    def mono(self) -> int:
        """When the run was last at work."""
        return self._mono

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._clock.sleep(seconds)
