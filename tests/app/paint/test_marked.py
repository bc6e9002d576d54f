"""A command with the places marked in it that its verdict speaks of."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.lines import Line, plain, width_of
from loopdeck.app.paint.marked import marked_lines, merged, spans_of
from loopdeck.app.sanitize import sanitize
from loopdeck.session.calls import CallView
from loopdeck.session.values import Category, Reason

COMMAND = "ls -l && rm -rf build"


def marks(lines: list[Line]) -> list[str]:
    """Every marked piece."""
    return [part.text for line in lines for part in line if part.ink == "mark"]


def call(command: str, *spans: tuple[int, int] | None) -> CallView:
    """A command whose reasons point at places."""
    reasons = tuple(Reason(text="because", span=span) for span in spans)
    args = {"command": command}
    return CallView("c1", 1, "shell", args, 1, category=Category.DESTRUCTIVE, reasons=reasons)


def test_the_place_a_reason_points_at_is_marked() -> None:
    lines = marked_lines(COMMAND, spans_of(call(COMMAND, (9, 21)), COMMAND), 80)
    assert [plain(line) for line in lines] == [COMMAND]
    assert marks(lines) == ["rm -rf build"]


def test_carets_stand_below_what_is_marked() -> None:
    lines = marked_lines(COMMAND, [(9, 11)], 80, carets=True)
    assert [plain(line) for line in lines] == [COMMAND, "         ^^"]


def test_carets_are_as_wide_as_what_they_point_at() -> None:
    lines = marked_lines("日本 rm x", [(3, 5)], 80, carets=True)
    assert plain(lines[1]) == "     ^^"


def test_a_mark_goes_on_over_wrapped_lines_and_line_breaks() -> None:
    text = "echo one\nrm " + "x" * 30
    lines = marked_lines(text, [(9, len(text))], 20)
    assert "".join(marks(lines)) == "rm " + "x" * 30
    assert plain(lines[0]) == "echo one"


def test_the_command_is_found_inside_what_is_shown() -> None:
    shown = f"cd sub\n{COMMAND}"
    assert spans_of(call(COMMAND, (9, 11)), shown) == [(16, 18)]
    assert spans_of(call(COMMAND, (9, 11)), "something else") == []


def test_spans_that_make_no_sense_mark_nothing_wrong() -> None:
    assert spans_of(call(COMMAND, (-4, 2), (50, 60), (5, 5), None), COMMAND) == [(0, 2)]
    assert merged([(4, 6), (1, 5), (8, 9)]) == [(1, 6), (8, 9)]


def test_what_hides_is_shown_inside_a_mark() -> None:
    text = "echo \u202e\x1b[2J"
    lines = marked_lines(text, [(5, len(text))], 80)
    assert marks(lines) == ["⟨U+202E⟩␛[2J"]


@given(
    st.text(alphabet="ab \n日\u202e\x1b", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
    st.integers(4, 30),
)
def test_nothing_is_lost_and_every_line_fits(
    text: str, spans: list[tuple[int, int]], cells: int
) -> None:
    inside = [(low, min(high, len(text))) for low, high in spans if low < min(high, len(text))]
    lines = marked_lines(text, merged(inside), cells)
    assert "".join(plain(line) for line in lines) == sanitize(text).replace("\n", "")
    assert all(width_of(line) <= max(cells, 8) for line in lines)
