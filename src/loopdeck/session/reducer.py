"""The one reducer: `advance(state, record) -> state`, pure and total over every event kind."""

from collections.abc import Iterable
from typing import assert_never

from loopdeck.session.asks import ask, heard
from loopdeck.session.calls import CallEvent, advance_call
from loopdeck.session.drafts import streamed
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    CallUnknown,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    NoteAdded,
    PlanRevised,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.evolve import evolve
from loopdeck.session.lifecycle import lived
from loopdeck.session.records import Record
from loopdeck.session.standing import granted, revoked, taint_of, used
from loopdeck.session.state import CheckStatus, CheckView, Draft, Phase, SessionState
from loopdeck.session.staying import begun, over, printed
from loopdeck.session.ticking import ticked
from loopdeck.session.totals import count, spend

REDUCER_VERSION = 10  # goes up when a fold of the same records comes out differently


def project(records: Iterable[Record], start: SessionState | None = None) -> SessionState:
    """Fold records onto a state (an empty one unless given)."""
    state = start or SessionState()
    for record in records:
        state = advance(state, record)
    return state


def advance(state: SessionState, record: Record) -> SessionState:
    """The state after one more record."""
    return ticked(state, _after(state, record), record)


def _after(state: SessionState, record: Record) -> SessionState:
    """What the event changes; number and clocks go on by themselves."""
    event = record.event
    match event:  # the frequent kinds first: each miss costs a tenth of a microsecond
        case ModelRequested() | ModelChunk() | ModelReplied() | ModelFailed() | PlanRevised():
            return _model(state, record, event)
        case (
            CallOutput()
            | CallProposed()
            | CallJudged()
            | CallAsked()
            | CallAnswered()
            | CallStarted()
            | CallFinished()
            | CallUnknown()
        ):
            return _calls(state, record, event)
        case (
            SessionStarted() | SessionResumed() | SessionPaused() | SessionEnded() | LevelChanged()
        ):
            return lived(state, record, event)
        case HumanCalled() | HumanAnswered():
            return ask(state, record, event)
        case HumanMessage() | HumanSteered() | NoteAdded() | BookmarkAdded() | ContextCompacted():
            return heard(state, event) if isinstance(event, HumanMessage | HumanSteered) else state
        case (
            RuleGranted()
            | RuleRevoked()
            | SandboxChecked()
            | ModelChanged()
            | ServerChecked()
            | ServiceEnded()
        ):
            return _standing(state, record, event)
        case CheckStarted() | CheckFinished() | LimitWarned() | LimitHit() | LoopSuspected():
            return _guards(state, event)
        case _:
            assert_never(event)


def _standing(
    state: SessionState,
    record: Record,
    event: RuleGranted | RuleRevoked | SandboxChecked | ModelChanged | ServerChecked | ServiceEnded,
) -> SessionState:
    match event:
        case ModelChanged():
            return evolve(state, model=event.model)
        case RuleGranted():
            return evolve(state, grants=granted(state.grants, (event.grant,), record))
        case RuleRevoked():
            return evolve(state, grants=revoked(state.grants, event.grant_id))
        case SandboxChecked():
            backend = event.backend if event.passed else ""
            return evolve(state, sandbox=backend, sandbox_says=event.says)
        case ServerChecked():
            return state
        case ServiceEnded():
            return over(state, event)
        case _:
            assert_never(event)


def _model(
    state: SessionState,
    record: Record,
    event: ModelRequested | ModelChunk | ModelReplied | ModelFailed | PlanRevised,
) -> SessionState:
    match event:
        case ModelRequested():
            open_calls = tuple(call for call in state.calls if not call.status.is_settled)
            return evolve(
                state,
                phase=Phase.THINKING,
                step=event.step,
                draft=Draft(),
                calls=open_calls,
                retry_wait_s=None,
                fault="",
            )
        case ModelChunk():
            return streamed(state, event)
        case ModelReplied():
            has_calls = any(block.kind == "call" for block in event.blocks)
            return evolve(
                state,
                phase=Phase.ACTING if has_calls else Phase.IDLE,
                answered=event.step,
                draft=None,
                totals=spend(state.totals, event.usage, event.cost_usd),
            )
        case ModelFailed():
            phase = Phase.IDLE if event.wait_s is None else state.phase
            wait, text = event.wait_s, event.error
            return evolve(
                state, phase=phase, draft=None, fault=text, retry_wait_s=wait, failed_ts=record.ts
            )
        case PlanRevised():
            return evolve(state, plan=event.items)
        case _:
            assert_never(event)


def _guards(
    state: SessionState,
    event: CheckStarted | CheckFinished | LimitWarned | LimitHit | LoopSuspected,
) -> SessionState:
    check = state.check
    match event:
        case CheckStarted():
            check = evolve(
                check or CheckView(event.command), status="running", attempts=event.attempt
            )
            return evolve(state, phase=Phase.CHECKING, check=check)
        case CheckFinished():
            status: CheckStatus = "passed" if event.ok else "failed"
            check = evolve(check or CheckView(""), status=status, output=event.output)
            return evolve(state, phase=Phase.IDLE, check=check)
        case LimitWarned() | LimitHit() | LoopSuspected():
            return state
        case _:
            assert_never(event)


def _calls(state: SessionState, record: Record, event: CallEvent) -> SessionState:
    if isinstance(event, CallOutput) and (of_service := printed(state, event)):
        return of_service
    before = state.call(event.call_id)
    view = advance_call(before, record, event)
    if view is None:
        return state
    rest = state.calls
    if isinstance(event, CallProposed):
        calls = (*(call for call in rest if call.call_id != view.call_id), view)
    else:
        calls = tuple(view if call.call_id == view.call_id else call for call in rest)
    state = evolve(state, calls=calls, totals=count(state.totals, view, event))
    match event:
        case CallJudged() if event.grant_id:
            return evolve(state, grants=used(state.grants, event.grant_id, record))
        case CallFinished():
            taint = taint_of(view)
            step = view.step if taint and not state.taint else state.taint_step
            state = evolve(state, taint=taint or state.taint, taint_step=step)
            return begun(state, before or view, event, record)
        case _:
            return state
