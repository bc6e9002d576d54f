"""The lines of a comparison fit, and hide nothing that came from outside."""

import pytest

from loopdeck.app.paint.comparing import bar_line, head_line, pair_line, step_lines, sum_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.session.comparing import Comparison, Pair, compare
from loopdeck.session.sketch import CallSketch, StepSketch
from tests.support import stories
from tests.support.records import recording

HOSTILE = StepSketch(
    1, 1, 9, "\x1b]0;owned\x07 say", (CallSketch("\x1b[2Jtool", {"path": "\x9b1m", "n": 2}),)
)


def found() -> Comparison:
    one = recording(stories.beginning(), session="left1")
    return compare(one, one[:20])


@pytest.mark.parametrize("cells", [30, 58, 78, 118, 198])
def test_every_line_fits(cells: int) -> None:
    comparison = found()
    pair = Pair(HOSTILE, comparison.left.steps[1])
    lines = [
        head_line(comparison, cells),
        *(pair_line(each, cells) for each in (*comparison.pairs, pair)),
        *step_lines(HOSTILE, None, cells),
        *step_lines(comparison.left.steps[2], comparison.right.steps[0], cells),
        *sum_lines(comparison, cells),
        bar_line(comparison, 1, "← → step", cells),
    ]
    assert max(width_of(line) for line in lines) <= cells


def test_what_the_other_run_has_not_is_marked() -> None:
    step = found().left.steps[2]
    text = "\n".join(plain(line) for line in step_lines(step, None, 80))
    assert text.count("only here") == len(step.calls)
    again = "\n".join(plain(line) for line in step_lines(step, step, 80))
    assert "only here" not in again


def test_controls_are_shown_and_not_obeyed() -> None:
    lines = [*step_lines(HOSTILE, None, 80), pair_line(Pair(HOSTILE, HOSTILE), 80)]
    text = "\n".join(plain(line) for line in lines)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text if char != "\n")
