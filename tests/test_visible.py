"""What acts or hides in a text is shown by a sign; all else stays as it is."""

import json
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.shell.hygiene import check_hidden
from loopdeck.permissions.shell.script import NotUnderstood
from loopdeck.visible import HOSTILE_CLASS, escape, expose


def test_an_escape_and_a_direction_mark_become_signs() -> None:
    assert expose("a\x1b[31mb\u202ec") == "a␛[31mb⟨U+202E⟩c"


def test_tabs_and_line_feeds_stay() -> None:
    assert expose("a\tb\r\nc\n") == "a\tb\nc\n"


@given(st.text())
def test_nothing_that_acts_is_left_and_a_second_pass_changes_nothing(text: str) -> None:
    shown = expose(text)
    assert not any(ord(char) < 0x20 and char not in "\t\n" for char in shown)
    assert expose(shown) == shown


def test_all_who_look_for_what_hides_look_for_the_same() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    hostile = re.findall(f"[{HOSTILE_CLASS}]", everything)
    assert {"\u061c", "\u202e", "\U0001bca0", "\U0001d173"} <= {*hostile}
    escaped = escape("".join(each for each in hostile if each >= "\x7f"))
    assert escaped.isascii()
    assert escaped.isprintable()
    for char in hostile:
        assert expose(char) != char
        with pytest.raises(NotUnderstood):
            check_hidden(f"echo {char}")


@given(st.text())
def test_json_is_read_back_as_it_was_and_says_nothing_to_a_terminal(text: str) -> None:
    line = escape(json.dumps(text, ensure_ascii=False))
    assert json.loads(line) == text
    assert not re.search(f"[{HOSTILE_CLASS}]", line)
