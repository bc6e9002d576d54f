"""The grammar's tree becomes a script of ours, or nothing."""

import pytest

from loopdeck.permissions.shell.build import read_script
from loopdeck.permissions.shell.script import (
    Choice,
    Command,
    Node,
    NotUnderstood,
    Pipeline,
    Redirected,
    plain_text,
)


def only(text: str) -> Node:
    [part] = read_script(text).parts
    return part


def words(text: str) -> list[str]:
    node = only(text)
    assert isinstance(node, Command)
    return [plain_text(word) for word in node.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo a'b'\"c\"d", ["echo", "abcd"]),
        ("echo 'a\\b'", ["echo", "a\\b"]),
        ('echo "a\\b\\"\\$"', ["echo", 'a\\b"$']),
        ("echo \\\n b", ["echo", "b"]),
        ('echo "a\\\nb"', ["echo", "ab"]),
        ("echo $'a\\n\\'b'", ["echo", "a\n'b"]),
        ("echo {}", ["echo", "{}"]),
        ("echo a#b", ["echo", "a#b"]),
        ("\u00e9cho '\u00fc' b", ["\u00e9cho", "\u00fc", "b"]),
    ],
)
def test_words_are_what_bash_makes_of_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_spans_count_characters_of_the_text() -> None:
    text = "echo '\u00fc\u20ac\U0001f600' ziel"
    node = only(text)
    assert isinstance(node, Command)
    assert text[slice(*node.words[2].span)] == "ziel"


def test_a_redirect_belongs_to_the_last_command() -> None:
    node = only("a && b > x")
    assert isinstance(node, Choice)
    assert isinstance(node.second, Command)
    assert [redirect.operator for redirect in node.second.redirects] == [">"]
    assert isinstance(only("{ a; } > x"), Redirected)


def test_a_pipe_binds_tighter_than_and() -> None:
    node = only("a && b 2>&1 | c")
    assert isinstance(node, Choice)
    assert isinstance(node.second, Pipeline)


@pytest.mark.parametrize(
    "text",
    [
        "sort -\\\no x",
        "ls a\\\n# ; rm x",
        "ls a\\\n",
        '"$\\\n(rm x)"',
        "ls $\\\n(rm x)",
        "sort '-'\\o x",
        "[\ntouch ] && ls",
        "[ a\nb ]",
        "ls )",
        "ls ;; ls",
        "f() { ls; }",
        "a=(1)",
        "a[1]=2",
        "local x=1",
        "coproc ls; (( 1 ))",
        "echo {a,{b,c}}",
        'echo {a,"b",c}',
        "echo {1..999}",
        "echo ${x@Q}",
        "echo ${!x*}",
        "echo `echo \\`ls\\``",
        "echo `cat <<E\nx\nE\n`",
        "x=$(cat <<'E'\n)\nE\n)",
        "ls " + "; ls" * 64,
        "\ue000",
        "ls\u200b",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_script(text)
