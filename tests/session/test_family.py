"""Forks stand below their parents, whatever the order."""

from dataclasses import replace

from loopdeck.session.family import family
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Summary, summarize


def line(name: str, parent: str = "") -> Summary:
    return replace(summarize(SessionState()), id=name, parent=parent)


def test_a_fork_stands_below_its_parent_and_a_fork_of_it_one_deeper() -> None:
    lines = [line("c", "b"), line("x"), line("b", "a"), line("d", "a"), line("a")]
    found = [(depth, summary.id) for depth, summary in family(lines)]
    assert found == [(0, "x"), (0, "a"), (1, "b"), (2, "c"), (1, "d")]


def test_a_fork_without_its_parent_stands_by_itself() -> None:
    assert [depth for depth, _ in family([line("b", "gone")])] == [0]
