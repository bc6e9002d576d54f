"""The human in the fold: what they say, calls for them, the answer kept with the call behind it."""

from dataclasses import replace
from typing import assert_never

from loopdeck.session.attached import taint_of_attached
from loopdeck.session.calls import CallView
from loopdeck.session.events import HumanAnswered, HumanCalled, HumanMessage, HumanSteered
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.state import LEAVE_OUT, RUN_IT, AskView, CheckView, SessionState


def ask(state: SessionState, record: Record, event: HumanCalled | HumanAnswered) -> SessionState:
    """The state after a call for the human, or its answer."""
    rest = tuple(ask for ask in state.asks if ask.ask_id != event.ask_id)
    match event:
        case HumanCalled():
            at = (record.ts, record.mono)
            view = AskView(
                event.ask_id, event.kind, event.text, event.options, event.call_id, record.seq, at
            )
            if event.form:
                view = replace(view, form=event.form)
            return evolve(state, asks=(*rest, view))
        case HumanAnswered():
            calls, check = _with_reply(state, event), _check_after(state, event)
            limits = event.limits or state.limits
            return evolve(state, asks=rest, calls=calls, check=check, limits=limits)
        case _:
            assert_never(event)


def heard(state: SessionState, event: HumanMessage | HumanSteered) -> SessionState:
    """A human's words lift the taint; what they attach is outside content all the same."""
    brought = taint_of_attached(event.attached)
    if brought:
        return evolve(state, taint=brought, taint_step=state.step)
    return evolve(state, taint="") if event.text.strip() else state


def _check_after(state: SessionState, event: HumanAnswered) -> CheckView | None:
    """The check, once its human has said what to do with one that came from elsewhere."""
    asked = any(
        ask.ask_id == event.ask_id and ask.kind == "check" and ask.seq > state.foreign
        for ask in state.asks  # an imported log may hold a question of its own wording
    )
    if not asked or state.check is None or state.check.accepted:
        return state.check
    if event.answer == LEAVE_OUT:
        return None
    return evolve(state.check, accepted=True) if event.answer == RUN_IT else state.check


def _with_reply(state: SessionState, event: HumanAnswered) -> tuple[CallView, ...]:
    """The calls, the one that asked with its answer: a crash before its end must not lose it."""
    asking = {ask.call_id for ask in state.asks if ask.ask_id == event.ask_id and ask.call_id}
    if not asking or event.answer == "withdrawn":
        return state.calls
    reply = (event.answer, event.text)
    return tuple(
        evolve(call, reply=reply) if call.call_id in asking else call for call in state.calls
    )
