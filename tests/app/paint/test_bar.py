"""The track of the playhead bar marks the same columns however long a session is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.bar import bar_line, find_words, sum_words, track_cells
from loopdeck.app.paint.help import help_lines
from loopdeck.app.paint.lines import plain
from loopdeck.app.paint.track import LEGEND, track_parts
from loopdeck.app.view.scene import Find, Scene
from loopdeck.session.records import Mark
from loopdeck.session.state import AskView, SessionState, Totals
from loopdeck.session.timeline import Timeline
from loopdeck.session.values import Usage


def _track(steps: list[int], head: int, cells: int) -> str:
    timeline = Timeline()
    timeline.extend([Mark(seq, "model_requested", str(seq)) for seq in steps], head=head)
    return "".join(part.text for part in track_parts(Scene(timeline=timeline), cells))


@given(st.integers(1, 300), st.data())
def test_every_step_is_under_a_tick_and_every_tick_over_a_step(
    head: int, data: st.DataObject
) -> None:
    steps = sorted(data.draw(st.sets(st.integers(1, head))))
    cells = data.draw(st.integers(8, 98))
    inner = cells - 2
    under = {min(inner - 1, max(0, round(seq * (inner - 1) / head))) for seq in steps}
    track = _track(steps, head, cells)
    assert {column for column, glyph in enumerate(track[1:-1]) if glyph == "•"} == under


def test_the_sums_with_a_cut_reply_say_that_they_are_the_least() -> None:
    whole = Totals(usage=Usage(input=900, output=20), cost_usd=0.5)
    cut = SessionState(totals=replace(whole, cut=1))
    assert "≥" not in plain(sum_words(Scene(SessionState(totals=whole))))
    least = plain(sum_words(Scene(cut, cut)))
    assert least == "in   900  out   ≥20  ≥ $0.50"
    free = SessionState(totals=Totals(usage=Usage(output=9), cut=1))
    assert plain(sum_words(Scene(free, free))).endswith("$0.00")


def test_a_hundred_thousand_steps_fill_the_track() -> None:
    assert _track(list(range(1, 1_000_001, 10)), 1_000_000, 42) == "├" + "•" * 40 + "▲"


def test_while_it_plays_the_words_are_short_and_nothing_moves() -> None:
    timeline = Timeline()
    timeline.extend([Mark(seq, "model_requested", str(seq)) for seq in range(1, 160, 10)])
    for cells in (58, 78, 118):
        sizes: set[int] = set()
        for position, gap, speed in ((5, 0.0, 8.0), (105, 12.0, 0.5), (150, 4000.0, 16.0)):
            scene = Scene(timeline=timeline, position=position, playing=speed, gap_s=gap)
            line = plain(bar_line(scene, cells))
            assert "/16  ▶ " in line
            assert len(line) <= cells
            sizes.add(track_cells(scene, cells))
        assert len(sizes) == 1


def test_the_rarer_sign_is_shown_where_two_meet_and_the_help_names_each() -> None:
    timeline = Timeline()
    marks = [
        Mark(10, "model_requested", "1"),
        Mark(20, "call_judged", "c1", ok=True),
        Mark(30, "call_finished", "c1", ok=True),
        Mark(40, "call_asked", "c2"),
        Mark(50, "call_finished", "c2", ok=False),
        Mark(60, "bookmark_added", "50"),
    ]
    timeline.extend(marks, head=100)
    scene = Scene(timeline=timeline, position=90, find=Find("owl", (40, 70)))
    track = "".join(part.text for part in track_parts(scene, 103))
    assert {glyph: track.index(glyph) for glyph in "•+┃▼▲"} == {
        "•": 11,
        "+": 31,
        "┃": 41,
        "▼": 51,
        "▲": 91,
    }
    shown = "\n".join(plain(line) for line in help_lines(60))
    assert all(sign in shown and words in shown for sign, _, words in LEGEND)


def test_a_search_says_which_of_how_many_places_this_is() -> None:
    hits = tuple(range(10, 180, 10))
    assert plain(find_words(Find("owl", hits, at=30, whole=True))) == "┃ “owl”  3 of 17"
    assert plain(find_words(Find("owl", hits, at=30))) == "┃ “owl”  3 of 17 …"
    assert plain(find_words(Find("owl", whole=True))) == "┃ “owl” is nowhere in it"
    assert "x" * 40 not in plain(find_words(Find("x" * 400, hits)))


def test_hits_are_walked_through_in_a_ring() -> None:
    find = Find("owl", (10, 20, 30))
    assert [find.beyond(seq, 1) for seq in (1, 10, 25, 30)] == [10, 20, 30, 10]
    assert [find.beyond(seq, -1) for seq in (1, 10, 25, 31)] == [30, 30, 20, 30]
    assert Find("owl").beyond(5, 1) is None


def test_a_dragged_track_keeps_its_size() -> None:
    timeline = Timeline()
    timeline.extend([Mark(seq, "model_requested", str(seq)) for seq in range(1, 160, 10)])
    for cells in (58, 78, 118):
        live = track_cells(Scene(timeline=timeline), cells)
        for position in (1, 80, None):
            line = plain(bar_line(Scene(timeline=timeline, position=position), cells, live))
            assert len(line) <= cells
            assert max(line.find("●"), line.find("▲", live - 1)) == live - 1


@pytest.mark.parametrize("cells", [58, 78, 118, 198, 298])
def test_the_track_has_its_share_of_the_bar_and_one_size_at_every_moment(cells: int) -> None:
    timeline = Timeline()
    timeline.extend([Mark(seq, "model_requested", str(seq)) for seq in range(1, 5410, 10)])
    spent = SessionState(totals=Totals(cost_usd=1.5, cost_known=False))
    sizes: set[int] = set()
    for position in (1, 5, 995, 2_047, 5_401, 5_405, None):
        now = SessionState() if position else spent
        scene = Scene(state=now, head=spent, timeline=timeline, position=position)
        line = plain(bar_line(scene, cells))
        assert len(line) <= cells
        assert "…" not in line
        assert line.endswith("? help") is (cells >= 118)
        sizes.add(track_cells(scene, cells))
    assert len(sizes) == 1
    assert sizes.pop() >= cells * 0.3


def test_the_wait_of_a_request_is_a_shortened_gap_with_its_real_length() -> None:
    ask = AskView("a", "question", "?", (), None, 3, (0, 0))
    timeline = Timeline([Mark(2, "model_requested", "1")])
    for state, sign in ((SessionState(asks=(ask,)), "◐"), (SessionState(), "‖")):
        scene = Scene(state=state, timeline=timeline, position=2, playing=4.0, gap_s=65.0)
        assert f"▶ 4×  {sign} 1:05 min" in plain(bar_line(scene, 118))


@pytest.mark.parametrize("cells", [80, 100, 120, 160, 300])
def test_the_rows_that_alone_count_are_named_at_every_width(cells: int) -> None:
    """Explained where there is room; else the bare name, never nothing."""
    timeline = Timeline(Mark(seq, "model_requested", str(seq)) for seq in range(1, 5410, 10))
    scene = replace(Scene(timeline=timeline, position=40), only="only errors")
    shown = plain(bar_line(scene, cells))
    assert "▸ only errors" in shown
    assert ("steps, jumps, search keep to it" in shown) is (cells > 130)
