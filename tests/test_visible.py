"""What acts or hides in a text is shown by a sign; all else stays as it is."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.visible import expose


def test_an_escape_and_a_direction_mark_become_signs() -> None:
    assert expose("a\x1b[31mb\u202ec") == "a␛[31mb⟨U+202E⟩c"


def test_tabs_and_line_feeds_stay() -> None:
    assert expose("a\tb\r\nc\n") == "a\tb\nc\n"


@given(st.text())
def test_nothing_that_acts_is_left_and_a_second_pass_changes_nothing(text: str) -> None:
    shown = expose(text)
    assert not any(ord(char) < 0x20 and char not in "\t\n" for char in shown)
    assert expose(shown) == shown
