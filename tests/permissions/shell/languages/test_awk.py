"""An awk program only prints, or it is known what it does beyond that."""

import pytest

from loopdeck.permissions.shell.languages.awk import check
from loopdeck.session.values import Category


@pytest.mark.parametrize(
    "program",
    [
        "{print $1}",
        "NR==5",
        "NR>=10 && NR<=20",
        'NR%2==0 {print NR": "$0}',
        "$3 > 5 {print}",
        "$3 > 5",
        "!seen[$0]++",
        "/foo/,/bar/",
        "/foo/{c++} END{print c/NR}",
        "$1 ~ /=/ {print}",
        "{x = y /2/ 3; x /= 2}",
        "{print ($1 > 2), (a)(b)}",
        '{print /x/ ? "a" : "b"}',
        '{ if ($1>3) print "a"; else print "b" }',
        "{for (i = 1; i <= NF; i++) if ($i > max) max = $i} END {print max}",
        '{a[$1]++} END {for (k in a) printf "%s %d\\n", k, a[k]}',
        '{gsub(/[/]/, "x"); print substr($0, 1, 10), length($0)/2}',
        "function f(x) {return x*2}\n{print f($1)}",
        '{print $1 > "/dev/stderr"}',
        '{print $1} # > "out"',
        'BEGIN {FS=":"}\n$3 > 100 {print "a | b > c"}',
        "{split($0, p, /[,;]/); print toupper(p[1])}",
        "{print \\\n  $1}",
        "/x/ {getline; print}",
        "/x/ {getline line; print line}",
    ],
)
def test_a_program_that_prints_only_reads(program: str) -> None:
    report = check(program)
    assert not report.effects
    assert not report.writes


@pytest.mark.parametrize(
    "program",
    [
        'BEGIN {system("id")}',
        '{"id" | getline x}',
        '{getline x < "/etc/passwd"}',
        '{getline < "/etc/passwd"}',
        "{while ((getline x) > 0) print x}",
        '{getline x\\\n< "/etc/passwd"}',
        '{print | "sh"}',
        '{print |& "sh"}',
        '@load "filefuncs"',
        'BEGIN {f = "system"; @f("id")}',
        'BEGIN {ARGV[1] = "/etc/shadow"; ARGC = 2}',
        '{print > $1".txt"}',
        '{print > "a" "b"}',
        "{print $1 > 2}",
        'END {print NR > "/inet/tcp/0/host/80"}',
        '{x >> "f"}',
        '{print "open}',
        "/open",
        "{print (1}",
        "{print 1)}",
        "{print \0}",
        "{print 'x'}",
    ],
)
def test_what_is_not_understood_is_unknown(program: str) -> None:
    assert [effect.category for effect in check(program).effects] == [Category.UNKNOWN]


@pytest.mark.parametrize(
    "program",
    [
        'BEGIN {if (1) /"/; system("id"); /"/}',
        'BEGIN {print length /"/; system("id") #"/\n}',
        'BEGIN {x = 4; print x++ /"/; system("id") #"/\n}',
        'BEGIN {while (0) /"/; system("id"); /"/}',
        'BEGIN {x = $/"/; system("id"); /"/}',
        '/[^]/"]/ {system("id")} /"/',
    ],
)
def test_a_pattern_that_could_be_a_division_hides_nothing(program: str) -> None:
    assert check(program).effects


@pytest.mark.parametrize(
    ("program", "path"),
    [
        ('{print > "out"}', "out"),
        ('{print $1 >> "log"}', "log"),
        ('{print a,\n b > "out"}', "out"),
        ('{print (1)(2) > "out"}', "out"),
        ('{printf("%s", $1) > "out"}', "out"),
        ('BEGIN {for (print "x" > "out"; 0;);}', "out"),
        ('{print; print > "out"}', "out"),
        ('{print -x > "out"}', "out"),
        ('/[/]/ {print > "out"} #]/', "out"),
    ],
)
def test_a_file_that_is_written_is_named(program: str, path: str) -> None:
    report = check(program)
    assert [effect.category for effect in report.effects] == [Category.WRITE]
    assert report.writes == [path]


def test_a_comparison_after_a_finished_print_is_no_write() -> None:
    assert not check("{print $1\n}\n$2 > 3").effects
    assert not check("{print $1; if ($2 > 3) x = 1}").effects
