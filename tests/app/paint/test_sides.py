"""A diff beside itself: which rows stand beside which, and that nothing is lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.diff import diff_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.paint.sides import SIDES_FROM, side_lines, styled_lines, why_no_sides

CHANGE = """\
--- a/notes.md
+++ b/notes.md
@@ -8,3 +8,4 @@
 same
-old
+new
+newer
 end
@@ -40,2 +41,2 @@ def there():
-gone
 kept
+come
\\ No newline at end of file
"""


def halves(text: str, cells: int = 43) -> list[tuple[str, str]]:
    """What stands on the left and on the right, without the blanks that fill up."""
    shown = [plain(line).split(" │ ") for line in side_lines(text, cells)]
    return [(row[0].rstrip(), row[1].rstrip() if len(row) > 1 else "") for row in shown]


def test_what_was_replaced_stands_beside_what_replaces_it() -> None:
    assert halves(CHANGE, 83) == [
        (" 8   same", " 8   same"),
        (" 9 - old", " 9 + new"),
        ("", "10 + newer"),
        ("10   end", "11   end"),
        ("   ┄ def there():", ""),
        ("40 - gone", ""),
        ("41   kept", "41   kept"),
        ("", "42 + come"),
        ("", "     No newline at end of file"),
    ]


def test_long_lines_are_wrapped_on_their_own_side() -> None:
    text = "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-" + "a" * 40 + "\n+b\n"
    rows = halves(text)
    assert "".join(left[5:] for left, _ in rows) == "a" * 40
    assert [right for _, right in rows] == [" 1 + b", "", ""]


@given(
    st.lists(st.tuples(st.sampled_from(" +-"), st.text("ab漢 ", max_size=70)), max_size=30),
    st.integers(SIDES_FROM, 160),
)
def test_no_character_of_any_diff_is_lost_and_no_line_is_too_wide(
    rows: list[tuple[str, str]], cells: int
) -> None:
    body = "".join(f"{sign}{text}\n" for sign, text in rows)
    text = f"--- a/x\n+++ b/x\n@@ -1,{len(rows)} +1,{len(rows)} @@\n{body}@@ -99,0 +99,0 @@\n"
    lines = side_lines(text, cells)
    assert all(width_of(line) <= cells for line in lines)
    for ink, sign in (("add", "+"), ("del", "-")):
        inks = (ink, f"{ink}-mark")
        sides = ["".join(part.text for part in line if part.ink in inks) for line in lines]
        shown = "".join(side[2:] for side in sides)
        assert shown == "".join(text for one, text in rows if one == sign)


@pytest.mark.parametrize(
    ("text", "cells", "why"),
    [
        (CHANGE, SIDES_FROM - 1, "needs 100 columns, and here are 99"),
        ("--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n", 200, "one side only"),
    ],
)
def test_where_it_cannot_be_it_says_why_and_is_one_column(text: str, cells: int, why: str) -> None:
    assert why in why_no_sides(text, cells)
    assert styled_lines(text, cells, "sides") == diff_lines(text, cells)


def test_it_is_side_by_side_only_where_that_is_wanted() -> None:
    assert styled_lines(CHANGE, 120, "sides") == side_lines(CHANGE, 120)
    assert styled_lines(CHANGE, 120, "unified") == diff_lines(CHANGE, 120)
