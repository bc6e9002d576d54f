"""The end of a regular expression is found only where every program agrees."""

import pytest

from loopdeck.permissions.shell.languages.cursor import Cursor, NotUnderstood, take_pattern


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("abc/x", "x"),
        ("a\\/b/x", "x"),
        ("[/]/x", "x"),
        ("[^/]*$/x", "x"),
        ("[]/]/x", "x"),
        ("[^]/]/x", "x"),
        ("[[:alpha:]/]/x", "x"),
        ("[^\\/]/x", "x"),
        ("\\[/x/", "x/"),
        ("/x", "x"),
    ],
)
def test_the_delimiter_ends_the_expression(text: str, rest: str) -> None:
    cursor = Cursor(text)
    take_pattern(cursor, "/")
    assert cursor.text[cursor.at :] == rest


@pytest.mark.parametrize(
    "text", ["abc", "[/", "[\\]/]/x", "a\nb/", "[a/", "[^]/x", "[[.x.]/]/", "\\"]
)
def test_an_end_that_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        take_pattern(Cursor(text), "/")
