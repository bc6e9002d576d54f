"""Numbers in words: short, rounded at no edge into the next unit, and never wrong about money."""

import math

import pytest

from loopdeck.figures import age, amount, clock, count, money, plural, span


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0.2, "<1 ms"),
        (12.4, "12 ms"),
        (999.4, "999 ms"),
        (1400, "1.4 s"),
        (59_949, "59.9 s"),
        (59_960, "1:00 min"),
        (65_000, "1:05 min"),
        (125_000, "2:05 min"),
        (3_599_900, "1:00:00 h"),
        (math.inf, "an unknown time"),
        (math.nan, "an unknown time"),
    ],
)
def test_spans_are_short(ms: float, text: str) -> None:
    assert span(ms) == text


def test_counts_are_short() -> None:
    assert [count(n) for n in (0, 999, 12_430, 99_999, 999_600, 1_300_000)] == [
        "0", "999", "12.4k", "100k", "1.0M", "1.3M",
    ]  # fmt: skip
    assert count(12_430, known=False) == "≥12.4k"
    assert plural(1, "line") == "1 line"
    assert plural(1200, "line") == "1,200 lines"
    assert plural(2, "entry", "entries") == "2 entries"
    assert plural(1, "entry", "entries") == "1 entry"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1 byte"),
        (950, "950 bytes"),
        (1_400, "1.4 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (104_900_000, "104.9 MB"),
        (1_200_000_000, "1.2 GB"),
        (2_000_000_000_000_000, "2,000.0 TB"),
    ],
)
def test_a_size_is_in_the_unit_that_keeps_it_short(size: int, text: str) -> None:
    assert amount(size) == text


def test_a_clock_runs_and_never_shows_less_than_nothing() -> None:
    assert clock(65_900_000_000) == "1:05"
    assert clock(3_723_000_000_000) == "1:02:03"
    assert clock(-5) == "0:00"


def test_an_age_is_in_its_largest_unit() -> None:
    seconds = 1_000_000_000
    assert [age(n * seconds) for n in (0, 59, 60, 7_300, 86_400, 40_000_000)] == [
        "now", "59 s", "1 min", "2 h", "1 d", "1 y",
    ]  # fmt: skip


def test_a_sum_says_what_is_unknown_and_a_little_is_not_nothing() -> None:
    assert money(1.5) == "$1.50"
    assert money(0.004) == "$0.004"
    assert money(0.2, known=False) == "≥ $0.20"
    assert money(0, known=False) == "$ unknown"
    assert money(0.00004) == "<$0.001"
    assert money(0.00004, known=False) == "$ unknown"
    assert money(math.nan) == "$ unknown"
    assert money(0) == "$0.00"
