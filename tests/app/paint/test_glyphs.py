"""Every state has a sign, a colour and a word."""

from typing import Literal, get_args

from rich.cells import cell_len

from loopdeck.app.paint.glyphs import plan_glyph, session_glyph, status_glyph
from loopdeck.app.paint.lines import plain
from loopdeck.app.paint.status import phase_words
from loopdeck.session.calls import CallStatus
from loopdeck.session.state import Phase, SessionState, Status
from loopdeck.session.summary import Seen
from loopdeck.session.values import Outcome, PauseReason, PlanItem, Verified

SESSIONS: tuple[Seen, ...] = (*get_args(Status), "crashed", "unknown")


def test_states_can_be_told_apart_without_colour() -> None:
    for family in (
        [status_glyph(status) for status in CallStatus],
        [session_glyph(state) for state in SESSIONS],
    ):
        assert len({word for _, _, word in family}) == len(family)


def test_a_sign_takes_one_cell() -> None:
    signs = [status_glyph(status)[0] for status in CallStatus]
    signs += [session_glyph(state)[0] for state in SESSIONS]
    assert {cell_len(sign) for sign in signs} == {1}


def test_every_state_of_a_plan_has_a_sign() -> None:
    states: tuple[Literal["todo", "doing", "done", "dropped"], ...] = get_args(
        PlanItem.model_fields["state"].annotation
    )
    assert [plan_glyph(state)[2] for state in states] == ["to do", "now", "done", "dropped"]


def test_what_waits_is_in_the_colour_of_waiting() -> None:
    assert status_glyph(CallStatus.WAITING)[:2] == ("◐", "loop-waiting")
    assert session_glyph("waiting")[:2] == ("◐", "loop-waiting")


def test_every_end_and_every_pause_has_words_of_its_own_in_the_top_line() -> None:
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    sure: tuple[Verified, ...] = get_args(Verified)
    ends = [
        phase_words(SessionState(phase=Phase.ENDED, outcome=outcome, verified=verified), 0)
        for outcome in outcomes
        for verified in sure
    ]
    pauses = [
        phase_words(SessionState(phase=Phase.PAUSED, pause_reason=reason), 0)
        for reason in get_args(PauseReason)
    ]
    assert len({plain(line) for line in (*ends, *pauses)}) == 6 + 4
