"""Folds a session of a journal to its state, page by page."""

from loopdeck.ports import Journal
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState

PAGE = 1_000


async def state_of(journal: Journal, session: str) -> SessionState:
    """The session's newest state, from its last stored fold on."""
    head = await journal.head(session)
    state = await journal.state_before(session, head) or SessionState()
    while records := await journal.read(session, after=state.last_seq, limit=PAGE):
        state = project(records, state)
    return state
