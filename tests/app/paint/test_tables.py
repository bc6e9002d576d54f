"""Tables, quotes and rules of Markdown."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.paint.markup import markdown_lines

TABLE = "| name | hits |\n|:--|--:|\n| 漢字 | 7 |\n| b | 1,200 |"


def shown(text: str, cells: int = 40) -> list[str]:
    """The lines of a text."""
    return [plain(line) for line in markdown_lines(text, cells)]


def test_a_table_is_aligned_by_cells_and_numbers_stand_right() -> None:
    assert shown(f"See:\n\n{TABLE}\n\nDone.") == [
        "See:",
        "",
        "name   hits",
        "───────────",
        "漢字      7",
        "b     1,200",
        "",
        "Done.",
    ]


def test_what_is_too_wide_or_no_table_stays_as_it_was_written() -> None:
    assert "".join(shown(TABLE, 8)).replace(" ", "") == TABLE.replace("\n", "").replace(" ", "")
    assert shown("| a | b |\n| c | d |") == ["| a | b |", "| c | d |"]
    assert shown("```\n| a |\n|---|\n```") == ["  | a |", "  |---|"]


def test_quotes_and_rules_are_seen() -> None:
    assert shown("> he said\n\n---\nend") == ["▏ he said", "", "─" * 24, "end"]


@given(st.text(alphabet="|-: ab\n`>", max_size=80), st.integers(4, 40))
def test_no_line_of_any_page_is_too_wide(text: str, cells: int) -> None:
    assert all(width_of(line) <= cells for line in markdown_lines(text, cells))
