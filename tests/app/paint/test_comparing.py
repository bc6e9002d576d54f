"""The lines of a comparison fit, and hide nothing that came from outside."""

from dataclasses import replace

import pytest

from loopdeck.app.paint.comparing import (
    bar_line,
    gist_line,
    head_line,
    pair_line,
    run_title,
    step_lines,
    sum_lines,
)
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.session.comparing import Comparison, Pair, compare
from loopdeck.session.events import ModelChunk, ModelReplied, ModelRequested
from loopdeck.session.sketch import CallSketch, StepSketch
from loopdeck.session.values import Usage
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
        bar_line(comparison, 1, cells),
    ]
    assert max(width_of(line) for line in lines) <= cells


def test_long_words_of_two_runs_do_not_touch() -> None:
    same = found()
    long = replace(
        same,
        left=replace(same.left, goal="Make the failing tests in this project pass, all of them"),
        right=replace(same.right, goal="Make the failing test pass without changing the tests"),
    )
    for cells in range(60, 100):
        words = plain(sum_lines(long, cells)[0])
        assert "… " in words
        assert "…Make" not in words


def test_what_the_other_run_has_not_is_marked() -> None:
    step = found().left.steps[2]
    text = "\n".join(plain(line) for line in step_lines(step, None, 80))
    assert text.count("only here") == len(step.calls)
    again = "\n".join(plain(line) for line in step_lines(step, step, 80))
    assert "only here" not in again
    assert "another result" not in again


def test_the_same_call_with_another_result_is_marked() -> None:
    step = found().left.steps[2]
    calls = tuple(replace(call, output=f"{call.output}!") for call in step.calls[:1])
    other = replace(step, calls=(*calls, *step.calls[1:]))
    text = "\n".join(plain(line) for line in step_lines(step, other, 80))
    assert text.count("another result") == 1
    assert "only here" not in text


def test_an_unknown_price_is_unknown_in_a_step_too() -> None:
    events = [
        event.model_copy(update={"cost_usd": None}) if isinstance(event, ModelReplied) else event
        for event in stories.beginning()
    ]
    records = recording(events)
    step = compare(records, records).left.steps[0]
    assert plain(step_lines(step, None, 80)[0]).endswith("$ unknown")
    assert "$0.006" in plain(step_lines(found().left.steps[0], None, 80)[0])


def test_a_cost_that_a_cut_reply_makes_the_least_is_said_as_one() -> None:
    ask = ModelRequested(step=1, model="m")
    cut = ModelChunk(kind="text", text="", usage=Usage(input=9), cost_usd=0.25)
    whole = ModelReplied(step=1, blocks=(), stop="end_turn", cost_usd=0.5)
    least = compare(recording([ask, cut, whole]), recording([ask, whole]))
    assert plain(step_lines(least.left.steps[0], None, 80)[0]).endswith("≥ $0.75")
    assert "cost ≥ $0.75 ≠ $0.50" in plain(gist_line(least, 80))
    sums = next(line for line in map(plain, sum_lines(least, 80)) if line.startswith("cost"))
    assert "≥ $0.75" in sums
    assert "≥ $0.50" not in sums
    assert "≥9 tokens" in plain(step_lines(least.left.steps[0], None, 80)[0])
    tokens = [line for line in map(plain, sum_lines(least, 80)) if line.startswith("tokens")]
    assert tokens[0].split() == ["tokens", "≠", "≥9", "0"]


def test_goals_stand_beside_ids_and_one_that_both_have_is_said_once() -> None:
    same = found()
    assert plain(head_line(same, 120)).count(same.left.goal[:12]) == 1
    other = replace(same, right=replace(same.right, session="right1", goal="Another goal"))
    text = plain(head_line(other, 118))
    assert f"A left1 {same.left.goal[:12]}" in text
    assert "B right1 Another goal" in text
    assert run_title("b", other.right) == "B · right1 · Another goal"


@pytest.mark.parametrize("cells", [58, 78, 118])
def test_the_bar_says_its_place_whole_and_leaves_out_keys(cells: int) -> None:
    text = plain(bar_line(found(), 1, cells))
    assert "pair 2 of" in text
    assert "differ" in text
    assert text.endswith("? help")
    assert ("esc leaves" in text) is (cells == 118)


def test_controls_are_shown_and_not_obeyed() -> None:
    lines = [*step_lines(HOSTILE, None, 80), pair_line(Pair(HOSTILE, HOSTILE), 80)]
    text = "\n".join(plain(line) for line in lines)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text if char != "\n")
