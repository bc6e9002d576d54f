"""The reply that is streaming in, as the fold of its pieces."""

from loopdeck.session.events import ModelChunk
from loopdeck.session.evolve import evolve
from loopdeck.session.state import Draft, SessionState
from loopdeck.session.totals import spend

DRAFT_TAIL = 6_000  # characters of a streaming reply kept in the state


def streamed(state: SessionState, event: ModelChunk) -> SessionState:
    """The state after one more piece."""
    usage, draft = event.usage, _draft(state.draft, event)
    if usage is None:
        return evolve(state, draft=draft)
    totals = spend(state.totals, usage, event.cost_usd, cut=True)
    return evolve(state, draft=draft, totals=totals)


def _draft(draft: Draft | None, event: ModelChunk) -> Draft:
    if draft is None or draft.kind != event.kind:
        return Draft(event.kind, event.text[-DRAFT_TAIL:], len(event.text))
    text = (draft.text + event.text)[-DRAFT_TAIL:]
    return Draft(event.kind, text, draft.length + len(event.text))
