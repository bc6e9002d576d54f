"""A jq filter computes, and what it could load is never let through."""

import pytest

from loopdeck.permissions.shell.languages.jq import check
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    "filter_text",
    [
        ".",
        ".a.b[]|{a,b:.c}",
        '.foo["bar"]?',
        ".. | .x? // empty",
        ".[2:4], .[-1]",
        "map(select(.x > 1)) | length",
        '.[] | "\\(.a)-\\(.b | tostring)"',
        "to_entries[] | [.key, .value] | @tsv",
        "reduce .[] as $x (0; . + $x)",
        ".a as {b: $c, d: [$e]} | $c + $e",
        "if .a then 1 elif .b then 2 else 3 end",
        "def twice(f): f | f; twice(. * 2)",
        "def add2($n): $n + 2; add2(1)",
        '{(.a): 1, "b": 2, $x, include: 3, system: .system}',
        "env.HOME, $ENV.PATH",
        "del(.a) | .b |= 3 | .c += 1",
        'try error("x") catch .',
        "# a note\n.a",
        '"import and include and load"',
        ".import, .include",
    ],
)
def test_a_filter_only_reads(filter_text: str) -> None:
    assert not check(filter_text).effects


@pytest.mark.parametrize(
    "filter_text",
    [
        'import "a" as a; .',
        'include "a"; .',
        'import "../../secret" as $s; $s',
        "input_filename",
        "$__loc__",
        "$__prog_args",
        "get_search_list",
        'load("/etc/passwd")',
        'system("id")',
        '"def system:" | system("id")',
        '"\\(system("id"))"',
        "{a: system}",
        "{(system): 1}",
        'def import: 1; import "a"',
        "{a",
        '"open',
        "a]",
        "\0",
        "`id`",
    ],
)
def test_what_is_not_known_is_unknown(filter_text: str) -> None:
    assert [effect.category for effect in check(filter_text).effects] == [Category.UNKNOWN]


def test_the_place_of_the_unknown_word_is_told() -> None:
    (effect,) = check(".a | nosuch").effects
    assert effect.span == (5, 11)
