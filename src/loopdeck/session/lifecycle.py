"""What a session begins, goes on, pauses and ends with, and what an imported one may not keep."""

from typing import assert_never

from loopdeck.session.events import (
    LevelChanged,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.evolve import evolve
from loopdeck.session.records import Record
from loopdeck.session.standing import IMPORTED, granted, of_today
from loopdeck.session.state import CheckView, Phase, SessionState


def lived(
    state: SessionState,
    record: Record,
    event: SessionStarted | SessionResumed | SessionPaused | SessionEnded | LevelChanged,
) -> SessionState:
    """The state after a turn in the life of the session."""
    match event:
        case SessionStarted():
            return _started(state, record, event)
        case SessionResumed():
            return _resumed(state, record, event)
        case SessionPaused():
            return evolve(
                state, phase=Phase.PAUSED, pause_reason=event.reason, fault=event.text, draft=None
            )
        case SessionEnded():
            return evolve(
                state,
                phase=Phase.ENDED,
                outcome=event.outcome,
                verified=event.verified,
                closing_text=event.text,
                ended_ts=record.ts,
                draft=None,
                asks=(),
            )
        case LevelChanged():
            return evolve(state, level=event.level)
        case _:
            assert_never(event)


def _started(state: SessionState, record: Record, event: SessionStarted) -> SessionState:
    return evolve(
        state,
        session=record.session,
        started_ts=record.ts,
        goal=event.goal,
        model=event.model,
        workspace=event.workspace,
        instructions=event.instructions,
        initiative=event.initiative,
        parent=event.parent,
        level=event.level,
        limits=event.limits,
        rules=event.rules,
        grants=granted((), event.grants, record),
        check=CheckView(event.check) if event.check else None,
    )


def _resumed(state: SessionState, record: Record, event: SessionResumed) -> SessionState:
    if event.foreign:
        state = _disowned(state, record)
    return evolve(
        state,
        phase=Phase.IDLE,
        pause_reason="",
        fault="",
        draft=None,
        outcome="",
        verified="",
        ended_ts=None,
        limits=event.limits or state.limits,
        forked_ts=record.ts if event.fork else state.forked_ts,
        rules=of_today(state.rules, event.rules) if event.new_process else state.rules,
        grants=granted(state.grants, event.grants, record),
    )


def _disowned(state: SessionState, record: Record) -> SessionState:
    """What an imported log may not bring along; what it says is outside content from here on."""
    check = state.check and CheckView(state.check.command, accepted=False)
    return evolve(
        state,
        rules=(),
        grants=(),
        check=check,
        taint=IMPORTED,
        taint_step=state.step,
        foreign=record.seq,
    )
