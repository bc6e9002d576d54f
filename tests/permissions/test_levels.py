"""The table of the five levels."""

import pytest

from loopdeck.permissions.levels import default, offers
from loopdeck.ports import ToolSpec
from loopdeck.session.values import Assessment, Category, Decision

A, Q, D, P = Decision.ALLOW, Decision.ASK, Decision.DENY, Decision.PARK

TABLE = {
    Category.READ: (D, A, A, A, A),
    Category.WRITE: (D, D, Q, A, A),
    Category.NETWORK: (D, D, Q, Q, P),
    Category.DESTRUCTIVE: (D, D, Q, Q, P),
    Category.UNKNOWN: (D, D, Q, Q, P),
}


@pytest.mark.parametrize("category", list(Category))
def test_each_level_decides_as_the_table_says(category: Category) -> None:
    assessment = Assessment(category=category)
    got = tuple(default(level, assessment, held=True)[0] for level in range(1, 6))
    assert got == TABLE[category]


@pytest.mark.parametrize("fact", ["sensitive", "outside_workspace"])
@pytest.mark.parametrize("category", [Category.READ, Category.WRITE])
def test_a_careful_fact_always_asks(fact: str, category: Category) -> None:
    assessment = Assessment(category=category, facts={fact: True})
    assert default(3, assessment)[0] is Q
    assert default(4, assessment)[0] is Q
    assert default(5, assessment)[0] is P


def test_a_write_that_nothing_holds_asks_at_every_level() -> None:
    for level, decision in ((3, Q), (4, Q), (5, P)):
        found, words = default(level, Assessment(category=Category.WRITE))
        assert found is decision
    assert "sandbox" in words


def test_the_sentence_names_the_level() -> None:
    assert "level 3 Human in the loop" in default(3, Assessment(category=Category.WRITE))[1]


def _spec(mildest: Category) -> ToolSpec:
    return ToolSpec("x", "", {}, mildest=mildest)


def test_level_one_offers_nothing_and_level_two_only_reads() -> None:
    offered = {
        level: [category for category in Category if offers(level, _spec(category))]
        for level in range(1, 6)
    }
    assert offered[1] == []
    assert offered[2] == [Category.READ]
    assert offered[3] == offered[4] == offered[5] == list(Category)


def test_a_whole_home_has_no_write_that_runs_unasked() -> None:
    for level, decision in ((3, Q), (4, Q), (5, P)):
        found, _ = default(level, Assessment(category=Category.WRITE), held=True, home=True)
        assert found is decision
    assert "home" in default(4, Assessment(category=Category.WRITE), held=True, home=True)[1]
