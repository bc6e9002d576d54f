"""What a name passed before it comes to an action of `find`, or is printed."""

import shlex

import pytest

from loopdeck.permissions.shell.languages.find import check, told
from loopdeck.permissions.shell.languages.findwords import common, expression
from loopdeck.permissions.shell.languages.report import UNSEEN
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (". -type f", "f"),
        (". -type f -name x -print -exec cat {} ';'", "f"),
        (". \\( -name a -o -name b \\) -type f", "f"),
        (". -type f \\( -name a -print -o -name b -print \\)", "f"),
        (". -name a -type f -o -name b -type f", "f"),
        (". -path ./.git -prune -o -type f -print", "f"),
        (". -path ./.git -prune -o -type f", ""),
        (". -type d , -type f", "f"),
        (". -name a -print , -type f", ""),
        (". -print -type f", ""),
        (". -exec cat {} ';' -type f", ""),
        (". -exec echo -type f ';'", ""),
        (". ! -type f", ""),
        (". -not -not -type f", ""),
        (". -type f -o -type l", ""),
        (". -type f -o", ""),
        (". \\( -type f", ""),
        (". -type f \\)", ""),
        (". -o -type f", ""),
        (". -strange -type f", ""),
        (". -type", ""),
        (". -type f -exec cat {}", ""),
    ],
)
def test_what_holds_for_each_name_that_is_shown_is_told(line: str, kinds: str) -> None:
    assert told(shlex.split(line), "-type") == kinds


def test_a_word_that_may_be_several_says_nothing_of_any_name() -> None:
    assert told([".", "-type", "f", "-name", UNSEEN], "-type") == ""
    assert told([".", "-type", "f", "-name", ""], "-type") == ""
    assert told([UNSEEN, "-type", "f"], "-type") == "f"


def test_too_many_ways_and_too_many_brackets_are_no_knowledge() -> None:
    ways = ["-name", "a", *["-o", "-name", "b"] * 20]
    assert common(expression(ways).passed, "-name") == ""
    assert told([*["("] * 2_000, "-type", "f", *[")"] * 2_000], "-type") == ""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (". -name '*.pyc' -delete", ("*.pyc",)),
        (". \\( -name '*.pyc' -o -name '*.pyo' \\) -delete", ("*.pyc", "*.pyo")),
        (". -name '*.pyc' -delete -o -name '*.pyo' -delete", ("*.pyc", "*.pyo")),
        (". -name '*.pyc' -delete -o -empty -delete", ("*.pyc",)),
        (". -name '*.pyc' -a -not -path './x/*' -delete", ("*.pyc",)),
        (". -delete -name '*.pyc' -delete", ()),
        (". -name '*.pyc' -o -delete", ()),
        (". \\( -name '*.pyc' -o -true \\) -delete", ()),
        (". ! -name '*.pyc' -delete", ()),
        (". -name '*' -delete", ()),
        ("-L . -name '*.pyc' -delete", ()),
        (". -name '*.pyc' -exec mv {} x ';' -delete", ()),
    ],
)
def test_what_is_deleted_has_one_of_the_names_that_it_passed(
    line: str, names: tuple[str, ...]
) -> None:
    report = check(shlex.split(line))
    assert report.picked == names
    assert Category.DESTRUCTIVE in {effect.category for effect in report.effects}


def test_only_what_is_empty_is_deleted_in_each_branch() -> None:
    (effect,) = check(shlex.split(". \\( -type d -o -empty \\) -delete")).effects
    assert effect.category is Category.WRITE
