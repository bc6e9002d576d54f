"""Hostile text becomes visible, and stays what it was otherwise."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from loopdeck.app.sanitize import clip, sanitize, token

BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C]
HIDDEN = [*range(0x200B, 0x200E), *range(0x2060, 0x2065), 0xFEFF, 0xAD, 0x2028, 0x2029, 0x3164]
TAGS = [*range(0xE0000, 0xE0080), 0xE0100, 0xE01EF]
CONTROLS = [*range(9), *range(11, 32), *range(127, 160)]
NEVER = {chr(code) for code in (*CONTROLS, *BIDI, *HIDDEN, *TAGS, 0xD800, 0xDFFF)}
ODD_SPACES = [one for one in map(chr, range(0x10000)) if unicodedata.category(one) == "Zs"]

wild = st.text(
    st.one_of(
        st.sampled_from(sorted(NEVER)),
        st.sampled_from("ab [/]\t\n\r✓⚠漢é\u0301\u0488\ufe0f\ufe01\xa0\u3000⟨⟩"),
        st.characters(exclude_categories=()),
    ),
    max_size=60,
)


@given(wild, st.booleans())
def test_safe_text_stays_as_it_is_when_made_safe_again(text: str, lines: bool) -> None:
    once = sanitize(text, lines=lines)
    assert sanitize(once, lines=lines) == once


@given(wild, st.booleans())
def test_nothing_that_acts_or_hides_is_left(text: str, lines: bool) -> None:
    safe = sanitize(text, lines=lines)
    assert not NEVER & set(safe)
    assert "\t" not in safe
    assert lines or "\n" not in safe
    assert not re.search("[\u0300-\u034e]{5}", safe)


@given(wild)
def test_one_line_has_no_space_but_the_plain_one(text: str) -> None:
    assert not set(ODD_SPACES) - {" "} & set(sanitize(text, lines=False))


@pytest.mark.parametrize("code", [*CONTROLS, *BIDI, *HIDDEN, *TAGS, 0xD800])
def test_each_hostile_character_leaves_a_sign_of_its_own(code: int) -> None:
    safe = sanitize(f"rm{chr(code)}x")
    assert safe == f"rm{token(chr(code))}x"
    assert cell_len(safe) > 3


@given(st.text(st.sampled_from(sorted(NEVER)), max_size=80))
def test_hostile_text_is_shown_whole_whatever_its_variety(text: str) -> None:
    text = text.replace("\r\n", "")
    assert sanitize(text) == "".join(map(token, text))


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=60))
def test_plain_words_are_not_touched(text: str) -> None:
    text = "".join(one for one in text if one not in "\u115f\u1160\u3164\uffa0")
    assert sanitize(text) == text
    assert sanitize(text, lines=False) == text


def test_the_usual_attacks_can_be_read() -> None:
    assert sanitize("\x1b]52;c;AAAA\x07") == "␛]52;c;AAAA␇"
    assert sanitize("safe\u202egnp.exe") == "safe⟨U+202E⟩gnp.exe"
    assert sanitize("\x9b31m") == "⟨U+009B⟩31m"
    assert sanitize("a\x7fb\x00") == "a␡b␀"


def test_line_ends_of_windows_are_line_ends_and_a_lone_return_is_shown() -> None:
    assert sanitize("one\r\ntwo\rthree\n") == "one\ntwo␍three\n"
    assert sanitize("one\r\ntwo", lines=False) == "one⏎two"


def test_tabs_end_at_every_fourth_column() -> None:
    assert sanitize("a\tb\n\tc") == "a   b\n    c"
    assert sanitize("漢\tb") == "漢  b"
    assert sanitize("\x1b[\tb") == "␛[  b"


def test_a_pile_of_marks_is_counted_and_capped() -> None:
    assert sanitize("e" + "\u0301" * 4) == "e" + "\u0301" * 4
    assert sanitize("e" + "\u0301" * 40 + "f") == "e" + "\u0301" * 4 + "⟨+36 marks⟩f"


def test_a_selector_may_stand_after_one_emoji_but_not_carry_data() -> None:
    assert sanitize("⚠\ufe0f ok") == "⚠\ufe0f ok"
    assert sanitize("⚠\ufe0f\ufe0e") == "⚠\ufe0f⟨U+FE0E⟩"
    assert sanitize("a\ufe0f") == "a⟨U+FE0F⟩"
    assert sanitize("⚠\ufe03") == "⚠⟨U+FE03⟩"


def test_odd_spaces_stay_in_prose_and_show_in_a_line() -> None:
    assert sanitize("rm\xa0-rf") == "rm\xa0-rf"
    assert sanitize("rm\xa0-rf", lines=False) == "rm⟨U+00A0⟩-rf"


@given(wild, st.integers(0, 30))
def test_clipped_text_fits(text: str, cells: int) -> None:
    safe = sanitize(text, lines=False)
    short = clip(safe, cells)
    assert cell_len(short) <= cells
    assert short == safe or short.endswith("…") or cells == 0


@pytest.mark.parametrize("line", ["plain words in a line\n", "wörds ─ 漢字 in a line\n"])
def test_a_clean_megabyte_is_handed_back_without_a_copy(line: str) -> None:
    text = line * (1_000_000 // len(line))
    assert sanitize(text) is text


def test_a_joiner_passes_between_two_pictures_and_nowhere_else() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    heart = "\u2764\ufe0f\u200d\U0001f525"
    assert sanitize(family) == family
    assert sanitize(heart) == heart
    for bad in ("a\u200db", "\U0001f468\u200d", "\u200d\U0001f468", "a\ufe0f\u200d\U0001f468"):
        assert "\u200d" not in sanitize(bad)
    assert "\u200d" not in sanitize("\U0001f468\u200d\u200d\U0001f469")
