"""What `test` looks at, and what in it could run code."""

import pytest

from loopdeck.permissions.shell.languages.report import UNSEEN
from loopdeck.permissions.shell.languages.test import check
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        ("", []),
        ("x", []),
        ("-f a", ["a"]),
        ("! -d b", ["b"]),
        ("-n x", []),
        ("a = b", []),
        ("! a != b", []),
        ("3 -gt 2", []),
        ("-e a -a ! -e b", ["a", "b"]),
        ("-e a -o x = y", ["a"]),
        ("( -f a ) -a -f b", ["a", "b"]),
        ("-f a && ( -r b || -z c )", ["a", "b"]),
        ("a -nt b", ["a", "b"]),
        ("-t 1", []),
        ("= = =", []),
        ("! = x", []),
        ("x =~ y.*", []),
    ],
)
def test_a_look_only_looks(line: str, looks: list[str]) -> None:
    report = check(line.split())
    assert not report.effects
    assert report.looks == looks
    assert not report.reads


@pytest.mark.parametrize(
    "line",
    [
        "-v a[$(id)]",
        "-R a",
        "x -eq 3",
        "a[$(id)] -eq 1",
        "3 -lt y",
        "a b c",
        "-k a b",
        "-Z a",
        "-f a b",
    ],
)
def test_what_could_run_code_is_unknown(line: str) -> None:
    effects = check(line.split()).effects
    assert effects
    assert {effect.category for effect in effects} == {Category.UNKNOWN}


@pytest.mark.parametrize(
    ("words", "certain"),
    [
        (["-n", UNSEEN], True),
        (["-f", f"a/{UNSEEN}"], True),
        ([UNSEEN, "=", "x"], True),
        ([UNSEEN], True),
        (["!", UNSEEN], True),
        ([UNSEEN, "a[$(id)]"], False),
        ([UNSEEN, "-eq", "1"], True),
        ([UNSEEN, "-eq", "a[$(id)]"], False),
        (["a", UNSEEN, "b"], False),
    ],
)
def test_an_unseen_word_is_fine_where_it_cannot_be_an_operator(
    words: list[str], *, certain: bool
) -> None:
    assert bool(check(words).effects) is not certain
