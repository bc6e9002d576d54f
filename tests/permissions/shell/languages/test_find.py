"""What a `find` reads, deletes, writes and runs."""

import shlex

import pytest

from loopdeck.permissions.shell.languages.find import check
from loopdeck.permissions.shell.languages.report import UNSEEN
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    ("line", "folders"),
    [
        ("", ["."]),
        (". -name '*.py'", ["."]),
        ("-L a b -type f -maxdepth 2 -print0", ["a", "b"]),
        (". \\( -name a -o -name b \\) -prune -o -print", ["."]),
        ("src ! -path '*/x/*' -size +10k -printf '%p %s\\n'", ["src"]),
        ("-O3 . -newermt '2 days ago' -empty", ["."]),
        (". -regextype posix-extended -iregex '.*(a|b)' -ls", ["."]),
        (". -mindepth 1 -not -user root -mtime -3 -quit", ["."]),
        ("- -name x", ["-"]),
    ],
)
def test_looking_for_files_only_reads(line: str, folders: list[str]) -> None:
    report = check(shlex.split(line))
    assert report.reads == folders
    assert not report.effects
    assert not report.commands


@pytest.mark.parametrize(
    "line",
    [
        "-D tree .",
        ". -ok rm {} ';'",
        ". -okdir rm {} ';'",
        ". -files0-from list",
        ". -exec rm {}",
        ". -exec {} ';'",
        ". -exec ./{}.sh ';'",
        ". -exec ';'",
        ". -exec sh -c {} ';'",
        ". -exec env bash -xc {} ';'",
        ". -exec sh -c 'cat \"{}\"' ';'",
        ". -name",
        ". -nam x",
        ". -name a b",
        ". -delete=1 -x",
    ],
)
def test_what_is_not_understood_is_unknown(line: str) -> None:
    effects = check(shlex.split(line)).effects
    assert effects
    assert {effect.category for effect in effects} == {Category.UNKNOWN}


def test_deleting_is_destructive_and_says_where() -> None:
    report = check(["a", "b", "-newer", "c", "-delete"])
    assert [effect.category for effect in report.effects] == [Category.DESTRUCTIVE]
    assert report.deletes == ["a", "b"]
    assert report.effects[0].span == (4, 5)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (". -fprint out", "out"),
        (". -fls out -print", "out"),
        (". -fprintf out %p -name x", "out"),
        (". -fprint0 out", "out"),
    ],
)
def test_a_list_that_is_written_is_named(line: str, path: str) -> None:
    report = check(line.split())
    assert [effect.category for effect in report.effects] == [Category.WRITE]
    assert report.writes == [path]


def test_a_compared_file_is_read() -> None:
    report = check(shlex.split(". -newer a -samefile b -newerac c -anewer d"))
    assert report.reads == [".", "a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        (". -exec wc -l {} ;", [("wc", "-l", "./found")]),
        (". -exec wc -c {} ;", [("wc", "-c", "./found")]),
        ("src -type f -exec grep -n x {} +", [("grep", "-n", "x", "src/found")]),
        ("a b -execdir cat {} ;", [("cat", "a/found"), ("cat", "b/found")]),
        ("/ -name id_rsa -exec cat {} ;", [("cat", "/id_rsa")]),
        (". -name .env* -exec cat {} +", [("cat", "./.env")]),
        (". -name *.pem -exec cp {} {}.bak ;", [("cp", "./.pem", "./.pem.bak")]),
        (". -exec echo + ; -exec true ;", [("echo", "+"), ("true",)]),
        (". -exec rm -rf x ;", [("rm", "-rf", "x")]),
    ],
)
def test_a_command_is_told_with_what_it_may_be_given(
    line: str, commands: list[tuple[str, ...]]
) -> None:
    report = check(line.split())
    assert not report.effects
    assert [nested.words for nested in report.commands] == commands


def test_the_place_of_a_command_is_told() -> None:
    (nested,) = check(shlex.split(". -exec wc -l {} ';'")).commands
    assert nested.span == (2, 5)


def test_too_many_kinds_of_found_files_are_unknown() -> None:
    words = [f"d{at}" for at in range(20)] + ["-exec", "cat", "{}", ";"]
    assert Category.UNKNOWN in {effect.category for effect in check(words).effects}


def test_an_unseen_word_is_fine_as_a_value_and_nowhere_else() -> None:
    assert not check([".", "-name", UNSEEN]).effects
    assert not check([f"src/{UNSEEN}", "-name", "a"]).effects
    assert check([UNSEEN, "-name", "a"]).effects
    assert check([".", UNSEEN]).effects
