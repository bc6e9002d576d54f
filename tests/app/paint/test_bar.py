"""The track of the playhead bar marks the same columns however long a session is."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.bar import bar_line, track_cells, track_parts
from loopdeck.app.paint.lines import plain
from loopdeck.app.scene import Scene
from loopdeck.session.records import Mark
from loopdeck.session.timeline import Timeline


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
