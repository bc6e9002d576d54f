"""Searches of the web that the model's own maker made, as calls of the log like any other.

They are over when the harness hears of them: what may be decided is whether the maker may search
at all, before each request. What was found is in the model's context by then, so whatever it
wrote in the same reply is judged as written after outside content came in.
"""

from collections.abc import Sequence

from loopdeck.ports import Reply, Search, ToolUse
from loopdeck.session.events import CallFinished, CallJudged, CallProposed, CallStarted, Event
from loopdeck.session.evolve import evolve
from loopdeck.session.standing import BY_MAKER, SEARCH
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Decision

RULE = "[web] search in the config lets the model's maker search"
_FACTS = {BY_MAKER: True, "network": True}


def uses_of(reply: Reply, step: int) -> list[ToolUse]:
    """The searches of a reply as calls."""
    return [
        ToolUse(f"search-{step}-{number}", SEARCH, {"query": made.query})
        for number, made in enumerate(reply.searches, start=1)
    ]


def events_of(
    uses: Sequence[ToolUse], searches: Sequence[Search], state: SessionState
) -> list[Event]:
    """All that happened to these calls."""
    events: list[Event] = []
    for use, made in zip(uses, searches, strict=True):
        name = use.call_id
        events += [
            CallProposed(call_id=name, step=state.step, tool=use.tool, args=use.args),
            CallJudged(
                call_id=name,
                verdict=Decision.ALLOW,
                category=Category.NETWORK,
                level=state.level,
                rule=RULE,
                facts=dict(_FACTS),
            ),
            CallStarted(call_id=name),
            CallFinished(call_id=name, ok=made.ok, output=made.found),
        ]
    return events


def informed(state: SessionState, reply: Reply) -> SessionState:
    """The state in which the calls of a reply are judged."""
    if not reply.searches or state.taint:
        return state
    return evolve(state, taint=SEARCH, taint_step=state.step)
