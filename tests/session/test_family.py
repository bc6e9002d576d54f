"""Forks stand below their parents, whatever the order."""

from dataclasses import replace

from loopdeck.session.family import family, lineage
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Summary, summarize


def line(name: str, parent: str = "") -> Summary:
    return replace(summarize(SessionState()), id=name, parent=parent)


def test_a_fork_stands_below_its_parent_and_a_fork_of_it_one_deeper() -> None:
    lines = [line("c", "b"), line("x"), line("b", "a"), line("d", "a"), line("a")]
    found = [(depth, summary.id) for depth, summary in family(lines)]
    assert found == [(0, "a"), (1, "b"), (2, "c"), (1, "d"), (0, "x")]


def test_a_fork_without_its_parent_stands_by_itself() -> None:
    assert [depth for depth, _ in family([line("b", "gone")])] == [0]


def test_a_family_stands_where_its_newest_member_does() -> None:
    assert lineage(["x", "fork", "y", "a"], {"fork": "a"}) == [
        (0, "x"),
        (0, "a"),
        (1, "fork"),
        (0, "y"),
    ]


def test_forks_of_each_other_are_all_listed_once() -> None:
    found = lineage(["a", "b", "c", "self"], {"a": "b", "b": "c", "c": "a", "self": "self"})
    assert sorted(name for _, name in found) == ["a", "b", "c", "self"]
