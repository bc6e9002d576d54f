"""What `dd` reads and writes, by the words that it is given."""

import pytest

from loopdeck.permissions.shell.languages.dd import check
from loopdeck.permissions.shell.languages.report import UNSEEN
from loopdeck.session.values import Category


def test_it_copies_from_one_file_to_another() -> None:
    report = check(["if=a", "of=b", "bs=1M", "count=4", "conv=notrunc", "status=none"])
    assert (report.reads, report.writes, report.effects) == (["a"], ["b"], [])


def test_without_a_file_to_write_it_prints() -> None:
    report = check(["if=a", "bs=512", "skip=1"])
    assert (report.reads, report.writes, report.effects) == (["a"], [], [])


@pytest.mark.parametrize(
    ("words", "category"),
    [
        (["if=/dev/zero"], Category.UNKNOWN),
        (["if=/dev/urandom", "of=x"], Category.DESTRUCTIVE),
        (["of=/dev/sda"], Category.DESTRUCTIVE),
        (["if=a", f"of={UNSEEN}"], Category.UNKNOWN),
        (["iff=a"], Category.UNKNOWN),
        (["count=$n"], Category.UNKNOWN),
        (["a"], Category.UNKNOWN),
    ],
)
def test_what_never_ends_or_is_not_known_is_said(words: list[str], category: Category) -> None:
    assert [effect.category for effect in check(words).effects] == [category]


def test_what_only_passes_text_on_is_no_device() -> None:
    assert not check(["if=a", "of=/dev/null"]).effects
    assert not check(["if=/dev/zero", "count=1"]).effects
