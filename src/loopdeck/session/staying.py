"""What the beginning, the output and the end of a service change."""

from loopdeck.session.calls import CallView
from loopdeck.session.events import CallFinished, CallOutput, ServiceEnded
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.services import ServiceView
from loopdeck.session.standing import taint_of
from loopdeck.session.state import SessionState

TAIL = 2_000  # characters of what it printed that are kept in a state; its file has the rest


def begun(state: SessionState, call: CallView, event: CallFinished, record: Record) -> SessionState:
    """The state after the end of a call, seen as it ran: it may have left a service."""
    name = event.service
    if not name:
        return state
    at, command = call.started or (record.ts, record.mono), str(call.args.get("command", ""))
    tail, taint = call.live_output[-TAIL:], taint_of(call)
    new = ServiceView(name, call.call_id, command, record.seq, at, tail, taint)
    return evolve(state, services=(*_without(state, name), new))


def printed(state: SessionState, event: CallOutput) -> SessionState | None:
    """The state after output of a service; `None` for that of a call which has not ended."""
    if not any(view.call_id == event.call_id for view in state.services):
        return None
    services = (
        evolve(view, tail=(view.tail + event.text)[-TAIL:])
        if view.call_id == event.call_id
        else view
        for view in state.services
    )
    return evolve(state, services=tuple(services))


def over(state: SessionState, event: ServiceEnded) -> SessionState:
    """What it printed last is told to the model, and may be what others wrote."""
    gone = next((view for view in state.services if view.name == event.service), None)
    state = evolve(state, services=_without(state, event.service))
    if gone is None or not gone.taint or state.taint:
        return state
    return evolve(state, taint=gone.taint, taint_step=state.step)


def _without(state: SessionState, name: str) -> tuple[ServiceView, ...]:
    return tuple(view for view in state.services if view.name != name)
