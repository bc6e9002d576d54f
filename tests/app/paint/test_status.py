"""The top line counts down the wait for a model that failed, and says which key ends it."""

from dataclasses import replace

import pytest

from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.paint.status import status_line
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.session.events import ModelFailed, ModelRequested, NoteAdded, SessionPaused
from loopdeck.session.reducer import project
from tests.support import stories
from tests.support.records import recording, started

FAILED = [
    started("tidy the shed"),
    ModelRequested(step=1, model="m"),
    ModelFailed(step=1, attempt=1, error="Busy.", wait_s=12),
]
SECOND = 1_000_000_000


def scene(*more: NoteAdded | SessionPaused, runner: Runner = Runner.HERE) -> Scene:
    state = project(recording([*FAILED, *more]))
    return Scene(state=state, head=state, runner=runner)


@pytest.mark.parametrize(("passed", "left"), [(0, 12), (3.5, 9), (11.2, 1), (30, 0)])
def test_the_wait_is_counted_down_to_nothing(passed: float, left: int) -> None:
    now = scene()
    line = plain(status_line(now, now.state.failed_ts + int(passed * SECOND), 118))
    assert f"model failed, again in {left} s, f5 tries now" in line


def test_what_is_noted_meanwhile_does_not_begin_it_anew() -> None:
    now = scene(NoteAdded(at=1, text="hm"))
    line = plain(status_line(now, now.state.failed_ts + 4 * SECOND, 118))
    assert "again in 8 s" in line


def test_the_key_is_the_one_it_was_moved_to_and_no_key_ends_what_is_over() -> None:
    now = scene()
    assert "f9 tries now" in plain(status_line(now, now.state.failed_ts, 118, "p", "f9"))
    past = replace(now, position=3)
    assert "tries now" not in plain(status_line(past, now.state.failed_ts, 118))
    left = scene(runner=Runner.RESTING)
    words = plain(status_line(left, now.state.failed_ts, 118))
    assert "tries now" not in words
    assert ", nobody works on it" in words


@pytest.mark.parametrize("cells", [58, 78, 118])
def test_it_fits_every_width(cells: int) -> None:
    now = scene()
    line = status_line(now, now.state.failed_ts, cells)
    assert width_of(line) <= cells
    assert "again in 12 s" in plain(line)


def test_a_run_that_paused_for_its_model_says_so() -> None:
    paused = scene(SessionPaused(reason="model", text="Busy."), runner=Runner.RESTING)
    words = plain(status_line(paused, 0, 118))
    assert "the model cannot answer" in words
    assert "nobody" not in words


@pytest.mark.parametrize("cells", [58, 78, 118])
def test_in_the_past_it_says_how_many_wait_now(cells: int) -> None:
    records = recording(stories.waiting_for_two())
    now = Scene(project(records[:9]), project(records), position=9, runner=Runner.HERE)
    line = status_line(now, 0, cells)
    assert "◐ 2 wait now" in plain(line)
    assert width_of(line) <= cells
    for calm in (replace(now, runner=Runner.RECORDING), replace(now, head=now.state)):
        assert "wait now" not in plain(status_line(calm, 0, cells))


def test_an_answer_that_the_log_does_not_know_yet_is_no_wait_for_the_human() -> None:
    state = project(recording(stories.waiting_for_two()))
    asks = Scene(state=state, head=state, runner=Runner.HERE)
    assert "waiting for you" in plain(status_line(asks, state.last_ts, 118))
    line = plain(status_line(asks, state.last_ts, 118, answered=True))
    assert "… writing your answer" in line
    assert "waiting" not in line
    past = plain(status_line(replace(asks, position=3), state.last_ts, 118, answered=True))
    assert "writing" not in past
