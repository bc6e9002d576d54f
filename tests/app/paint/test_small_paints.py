"""Numbers, Markdown, the bar, keys: small paints, looked at one by one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.approval import foot_line
from loopdeck.app.paint.bar import bar_line, track_cells
from loopdeck.app.paint.calls import call_lines
from loopdeck.app.paint.chart import bar, running_sums, spark_lines, step_line, sum_line
from loopdeck.app.paint.keys import KeyWord, key_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.paint.markup import markdown_lines
from loopdeck.app.paint.plan import plan_lines, plan_strip
from loopdeck.app.paint.status import status_line
from loopdeck.app.paint.track import seq_at, track_parts
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.app.view.words import target
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.outline import Outline
from loopdeck.session.records import mark
from loopdeck.session.reducer import project
from loopdeck.session.spent import StepTime
from loopdeck.session.state import SessionState
from loopdeck.session.timeline import Timeline
from loopdeck.session.values import PlanItem
from tests.support import stories
from tests.support.records import recording


def scene(position: int | None = None) -> Scene:
    """The story at a playhead."""
    records = recording(stories.waiting_for_two())
    marks = [line for record in records if (line := mark(record))]
    head = project(records)
    state = head if position is None else project(records[:position])
    return Scene(state, head, Outline(marks), Timeline(marks), position, runner=Runner.HERE)


def call(tool: str = "shell", **args: object) -> CallView:
    """A call with arguments."""
    return CallView("c1", 1, tool, dict(args), 1)


def test_markdown_becomes_lines_and_links_stay_text() -> None:
    text = "# Title\nsome **bold** and `code`\nflows on\n\n- one\n- two\n```\nx  = 1\n```\n[a](http://b)"
    assert [plain(line) for line in markdown_lines(text, 40)] == [
        "Title",
        "some bold and code flows on",
        "",
        "• one",
        "• two",
        "  x  = 1",
        "[a](http://b)",
    ]
    bold = markdown_lines("some **bold** words", 40)[0]
    assert [(part.text, part.ink) for part in bold] == [
        ("some ", "plain"), ("bold", "strong"), (" words", "plain"),
    ]  # fmt: skip


def test_the_track_shows_steps_approvals_errors_and_the_playhead() -> None:
    track = plain(track_parts(scene(), 40))
    assert len(track) == 40
    assert track.startswith("├")
    assert track.endswith("▲")
    assert track.count("◆") == 2
    assert "✗" in track
    past = plain(track_parts(scene(10), 40))
    assert past.count("▲") == 1
    assert past.endswith("●")


@pytest.mark.parametrize("cells", [58, 78, 118, 198])
def test_the_bar_fits_its_width(cells: int) -> None:
    for position in (None, 1, 20):
        line = bar_line(scene(position), cells)
        assert width_of(line) <= cells
        assert "step" in plain(line)


def test_a_click_on_the_track_means_the_event_under_it() -> None:
    head = scene().timeline.head
    size = track_cells(scene(), 118)
    assert seq_at(size - 1, size, head) is None
    assert seq_at(1, size, head) == 1
    assert seq_at(size // 2, size, head) in range(head // 2 - 2, head // 2 + 3)


@pytest.mark.parametrize("cells", [58, 78, 118])
def test_tokens_and_an_unknown_price_stand_apart_in_the_chart(cells: int) -> None:
    step = StepTime(1, 1, 9, model=10**9, tokens=99_900, cost_known=False)
    text = plain(step_line(step, (99_900, 0.0, False), 10**9, cells))
    assert text.endswith(" $ unknown")
    assert len(text) == cells


@pytest.mark.parametrize(("model", "tool"), [(750, 35), (682, 191)])
def test_the_one_cell_of_a_short_step_is_of_what_took_most_of_it(model: int, tool: int) -> None:
    step = StepTime(6, 1, 9, model=model * 10**6, tool=tool * 10**6)
    assert plain(bar(step, 60 * 10**9, 50)) == "█"


@given(st.tuples(*[st.integers(0, 10**11)] * 3), st.integers(10**9, 10**11), st.integers(4, 90))
def test_a_bar_is_as_long_as_its_step_and_each_side_is_off_by_less_than_a_cell(
    spent: tuple[int, int, int], scale: int, room: int
) -> None:
    model, tool, wait = spent
    drawn = plain(bar(StepTime(1, 1, 9, model=model, tool=tool, wait=wait), scale, room))
    if sum(spent) <= scale:
        assert len(drawn) == max(1, round(sum(side / scale * room for side in spent)))
        for side, fill in zip(spent, "█▓░", strict=True):
            assert abs(drawn.count(fill) - side / scale * room) < 1
    assert len(drawn) <= room


def test_from_a_cut_reply_on_the_chart_says_that_its_sums_are_the_least() -> None:
    steps = [StepTime(1, 1, 2, tokens=10, cost=0.5), StepTime(2, 3, 4, tokens=90, cost=0.25)]
    steps = [steps[0], replace(steps[1], cut=True), replace(steps[0], step=3)]
    sums = running_sums(steps)
    assert [all_of_it for *_, all_of_it in sums] == [True, False, False]
    lines = [plain(step_line(step, upto, 1, 78)) for step, upto in zip(steps, sums, strict=True)]
    tails = ("10     $0.50", "≥90   ≥ $0.75", "10   ≥ $1.25")
    assert [line.endswith(f" {tail}") for line, tail in zip(lines, tails, strict=True)] == [
        True
    ] * 3
    assert plain(spark_lines(steps, 0, 78)[-1]).endswith("≥ $1.25")


@pytest.mark.parametrize("cells", [58, 78, 118, 198])
def test_the_status_line_fits_and_keeps_what_waits(cells: int) -> None:
    line = status_line(scene(), 0, cells)
    assert width_of(line) <= cells
    assert "waiting for you" in plain(line)


def test_a_scripted_model_is_named_as_one_and_a_real_one_by_its_name() -> None:
    assert "scripted model" in plain(status_line(scene(), 0, 118))
    real = replace(scene(), state=SessionState(goal="g", model="some-model", last_seq=1))
    assert "some-model" in plain(status_line(real, 0, 118))


def test_the_plan_is_a_list_or_a_strip() -> None:
    items = [PlanItem(text="one", state="done"), PlanItem(text="two", state="doing")]
    assert [plain(line) for line in plan_lines(items, 20)] == ["✓ one", "▶ two"]
    assert plain(plan_strip(items, 40)).startswith("▶ two")
    assert plain(plan_strip(items, 40)).endswith("1 of 2 done")
    assert "all done" in plain(plan_strip(items[:1], 40))


def test_an_item_that_was_dropped_is_not_counted_as_done() -> None:
    items = [PlanItem(text="one", state="done"), PlanItem(text="two", state="dropped")]
    assert plain(plan_lines(items, 20)[1]) == "⊘ two, dropped"
    strip = plain(plan_strip(items, 40))
    assert "all done" not in strip
    assert strip.startswith("⊘ over, 1 dropped")
    assert strip.endswith("1 of 2 done")


def test_the_telling_argument_is_on_one_line_and_safe() -> None:
    assert target({"path": "a.txt", "content": "x"}) == "a.txt"
    assert target({"command": "a\nb\x1b"}) == "a⏎b␛"
    assert target({"items": [1, 2, 3]}) == "3 items"
    assert target({}) == ""


def test_a_call_shows_numbered_output_beside_its_numbers() -> None:
    view = replace(
        call("read_file", path="a"), status=CallStatus.DONE, output="     9\tx\n    10\ty"
    )
    assert [plain(line) for line in call_lines(view, 40)][-2:] == [" 9  x", "10  y"]


def test_no_key_is_left_out_however_little_room_there_is() -> None:
    keys = [KeyWord("y", "approve"), KeyWord("n", "deny"), KeyWord("x", "explain")]
    assert [plain(line) for line in key_lines(keys, 90)] == ["y approve   n deny   x explain"]
    assert [plain(line) for line in key_lines(keys, 28)] == ["y approve  n deny  x explain"]
    assert [plain(line) for line in key_lines(keys, 27)] == ["y approve  n deny", "x explain"]
    assert [plain(line) for line in key_lines(keys, 8)] == ["y appro…", "n deny", "x expla…"]
    assert key_lines([], 40) == []


def test_the_foot_of_a_request_says_what_is_missing_before_how_much_there_is() -> None:
    item = call("write_file", path="a")
    hint = "pgdn to its end for y"
    assert plain(foot_line(item, 0.5, "", hint, 80)) == f"1 line, 7 characters, 50 % seen · {hint}"
    assert plain(foot_line(item, 0.5, "", hint, 40)) == f"50 % seen · {hint}"
    assert plain(foot_line(item, 0.5, "", hint, 24)) == hint
    assert plain(foot_line(item, 1.0, "", hint, 80)) == "1 line, 7 characters, 100 % seen"
    assert plain(foot_line(item, 0.0, "", hint, 80)) == "1 line, 7 characters"  # not painted yet
    assert plain(foot_line(item, 0.004, "", hint, 80)).endswith(f"1 % seen · {hint}")
    assert plain(foot_line(item, 1.0, "look first", hint, 80)).endswith("100 % seen · look first")


@pytest.mark.parametrize("cells", [44, 57, 60, 116])
def test_the_sums_of_the_chart_say_every_side_in_whole_words(cells: int) -> None:
    steps = [StepTime(1, 1, 9, model=21_800_000_000, tool=633_000_000, wait=13_600_000_000)]
    words = plain(sum_line(steps, cells))
    assert words.endswith("you 13.6 s 38 %" if cells > 56 else "you 13.6 s")
    assert "tools 633 ms" in words
