"""Calls for the human in the fold: opened, answered, the answer kept with the call behind it."""

from typing import assert_never

from loopdeck.session.calls import CallView
from loopdeck.session.events import HumanAnswered, HumanCalled
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.state import AskView, SessionState


def ask(state: SessionState, record: Record, event: HumanCalled | HumanAnswered) -> SessionState:
    """The state after a call for the human, or its answer."""
    rest = tuple(ask for ask in state.asks if ask.ask_id != event.ask_id)
    match event:
        case HumanCalled():
            at = (record.ts, record.mono)
            view = AskView(
                event.ask_id, event.kind, event.text, event.options, event.call_id, record.seq, at
            )
            return evolve(state, asks=(*rest, view))
        case HumanAnswered():
            calls = _with_reply(state, event)
            return evolve(state, asks=rest, calls=calls, limits=event.limits or state.limits)
        case _:
            assert_never(event)


def _with_reply(state: SessionState, event: HumanAnswered) -> tuple[CallView, ...]:
    """The calls, the one that asked with its answer: a crash before its end must not lose it."""
    asking = {ask.call_id for ask in state.asks if ask.ask_id == event.ask_id and ask.call_id}
    if not asking or event.answer == "withdrawn":
        return state.calls
    reply = (event.answer, event.text)
    return tuple(
        evolve(call, reply=reply) if call.call_id in asking else call for call in state.calls
    )
