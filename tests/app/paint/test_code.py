"""Code in colour: which language it is in, and that colours change no character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.paint.code import code_lines
from loopdeck.app.paint.lines import plain
from loopdeck.app.paint.tints import LARGEST, LONGEST, language_of

CODE = '''@cached
def total(names: list[str]) -> int:  # all of them
    """How many."""
    return len(names) or 42
'''


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("src/Main.PY", "", "python"),
        ("Makefile", "", "make"),
        ("tool", "#!/usr/bin/env -S python3.12 -u\n", "python"),
        ("tool", "#!/bin/sh\n", "bash"),
        ("tool", "#!/usr/bin/env node", "javascript"),
        ("notes.txt", "def f(): pass", ""),
        ("a.py", "x" * (LARGEST + 1), ""),
    ],
)
def test_the_language_is_told_by_name_or_shebang(name: str, text: str, language: str) -> None:
    assert language_of(name, text) == language


def test_words_strings_and_numbers_have_their_inks() -> None:
    inks = {part.text.strip(): part.ink for line in code_lines(CODE, "python") for part in line}
    assert inks["def"] == inks["return"] == "word"
    assert inks["total"] == "strong"
    assert inks["# all of them"] == "muted"
    assert inks["42"] == inks["@cached"] == "value"
    assert inks['"""How many."""'] == "string"


@given(st.sampled_from(["python", "json", "bash", "html", "yaml"]), st.text(max_size=200))
def test_no_character_is_lost_or_moved(language: str, text: str) -> None:
    assert [plain(line) for line in code_lines(text, language)] == text.split("\n")


def test_what_no_lexer_knows_or_no_person_wrote_is_plain() -> None:
    assert code_lines("x = 1", "no such language") == [(("x = 1", "plain"),)]
    long = f"x = '{'a' * LONGEST}'"
    assert code_lines(long, "python") == [((long, "plain"),)]
