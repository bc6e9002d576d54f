"""A sed script only reads, or it is known what it does beyond that."""

import pytest

from loopdeck.permissions.shell.languages.sed import check
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    "script",
    [
        "1,5p",
        "1,200 p",
        "$!N;P;D",
        "5q",
        "10,$d",
        "$=",
        "",
        "#n\np",
        "0~3p",
        "2,+4p",
        "/x/I,~4p",
        "/^class/,/^$/{p;=}",
        "/x/!{p}",
        "s/[^/]*$//",
        "s/[]/]x/y/",
        "s/[[:space:]]*$//;s/\\[/x/g",
        "s|a|b|gp",
        "s/a/b/2;t;p",
        "s/x/\\\ny/",
        "\\%usr/bin%d",
        "y/ab/cd/",
        ":a;N;$!ba;s/\\n/ /g",
        "a a new line; w looks like a command",
        "1i\\\nfirst\\\nsecond\np",
        "3i\\    indented",
    ],
)
def test_an_editing_script_only_reads(script: str) -> None:
    report = check(script)
    assert not report.effects
    assert not report.writes


@pytest.mark.parametrize(
    "script",
    [
        "e",
        "1e id",
        "s/a/b/e",
        "s/a/b/ge",
        "n;e id",
        "/x/{e id",
        "1!{e id\n}",
        "p e",
        "p;}",
        "{p",
        "s/a/b",
        "s/a/b/q",
        "s/a\nb/c/",
        "y/a/b",
        "/x",
        "k",
        "v 4.2",
        "1,p",
        "a",
        "s/[\\]/]/x/",
        "sxaxbx",
        "r",
        "s/a/\0/",
        "a foo\\\\\n1e id",
        "# note\\\n1e id",
        "a\\  \n1e id",
        "s/[/]/x/;e id",
        "/[^]/a foo]/e id",
        "a\\\\\ne id",
        "i x\\y\\\\\ne id",
        "1c \\x\\\\\\\\\ne id",
        "a\\ \ne id",
    ],
)
def test_what_is_not_understood_is_unknown(script: str) -> None:
    assert [effect.category for effect in check(script).effects] == [Category.UNKNOWN]


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ("w out", "out"),
        ("1,3w out.txt", "out.txt"),
        ("s/a/b/w out", "out"),
        ("s/a/b/gpw out", "out"),
        ("a foo\\\\\nw out", "out"),
        ("W out;p }", "out;p }"),
        ("s/[/]/x/;w out", "out"),
    ],
)
def test_a_file_that_is_written_is_named(script: str, path: str) -> None:
    report = check(script)
    assert [effect.category for effect in report.effects] == [Category.WRITE]
    assert report.writes == [path]


def test_a_file_that_is_read_is_named() -> None:
    report = check("1r /etc/passwd\nR .env")
    assert report.reads == ["/etc/passwd", ".env"]
    assert not report.effects


def test_writing_to_the_output_is_no_write() -> None:
    assert not check("w /dev/stdout").effects


def test_the_place_of_the_trouble_is_told() -> None:
    (effect,) = check("p;1e id").effects
    assert effect.span == (3, 4)


def test_many_brackets_are_read_in_no_time() -> None:
    assert check("s/" + "[a" * 5_000).effects
    assert check("s/" + "[a]" * 5_000).effects
