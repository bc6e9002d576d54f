"""Lines keep their width and lose nothing."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from loopdeck.app.paint.lines import (
    Part,
    beside,
    chop,
    columns,
    cut,
    cut_line,
    ink_of,
    plain,
    spread,
    width_of,
    wrap,
)

words = st.text(
    st.sampled_from("ab  c-日本語ß🙂\u0301")
    | st.characters(codec="utf-8", exclude_categories=["C"]),
    max_size=300,
)
widths = st.integers(min_value=4, max_value=90)


@given(words, widths)
def test_chopped_text_is_the_same_text_in_lines_that_fit(text: str, cells: int) -> None:
    pieces = chop(text, cells)
    assert "".join(pieces) == text
    assert all(cell_len(piece) <= cells for piece in pieces)


@given(words, widths)
def test_wrapped_prose_fits_and_keeps_every_word(text: str, cells: int) -> None:
    pieces = wrap(text, cells)
    assert all(cell_len(piece) <= cells for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@given(words, st.integers(min_value=0, max_value=60))
def test_cut_text_fits(text: str, cells: int) -> None:
    assert cell_len(cut(text, cells)) <= cells


@given(words, words, st.integers(min_value=1, max_value=80))
def test_a_cut_line_fits_and_columns_fill_up(one: str, other: str, cells: int) -> None:
    line = (Part(one), Part(other, "muted"))
    assert width_of(cut_line(line, cells)) <= cells
    assert width_of(columns(line, cells)) == cells


def test_both_ends_of_a_line_are_kept_apart() -> None:
    line = spread((Part("a long left side"),), (Part("12 ms", "muted"),), 18)
    assert plain(line) == "a long lef…  12 ms"
    assert width_of(line) == 18


def test_the_right_end_gives_way_where_there_is_no_room_for_it() -> None:
    assert plain(spread((Part("left"),), (Part("right"),), 10)) == "left"


def test_wide_characters_count_two_cells() -> None:
    assert chop("日本語日本語", 5) == ["日本", "語日", "本語"]
    assert cut("日本語", 5) == "日本…"


def test_a_label_stands_beside_the_first_line_only() -> None:
    lines = beside("path", [(Part("a"),), (Part("b"),)], 6)
    assert [plain(line) for line in lines] == ["path  a", "      b"]


def test_theme_variables_have_an_ink() -> None:
    assert ink_of("loop-ok") == "ok"
    assert ink_of("accent") == "accent"
    assert ink_of("nothing") == "plain"
