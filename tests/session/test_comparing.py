"""Runs are aligned by what they do; a run beside itself has no difference."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.comparing import Comparison, Match, align, as_json, compare
from loopdeck.session.events import Event, ModelChunk, ModelReplied, ModelRequested
from loopdeck.session.records import Record
from loopdeck.session.values import Usage
from tests.support import stories
from tests.support.records import recording
from tests.support.strategies import sessions

SIGNATURES = st.lists(st.sampled_from([("a",), ("b",), ("a", "b"), ()]), max_size=12)


def run(*events: Event, name: str = "s1") -> list[Record]:
    return recording(events, session=name)


def look(step: int, path: str, *, ok: bool = True) -> list[Event]:
    call = f"c{step}"
    return [
        *stories.turn(step, "Look.", (call, "read_file", {"path": path})),
        *stories.ran(call, "text", 5, ok=ok),
    ]


def story(*paths: str, fails: int = 0) -> list[Record]:
    steps = [look(n, path, ok=n != fails) for n, path in enumerate(paths, start=1)]
    return run(stories.beginning()[0], *(event for step in steps for event in step))


def kinds(found: Comparison) -> list[Match]:
    return [pair.match for pair in found.pairs]


@given(sessions())
def test_a_run_beside_itself_has_no_difference(records: list[Record]) -> None:
    found = compare(records, records)
    assert found.first is None
    assert found.only_left == found.only_right == ()
    assert len(found.pairs) == len(found.left.steps)


@given(SIGNATURES, SIGNATURES)
def test_the_other_way_round_gives_the_same_pairs(
    left: list[tuple[str, ...]], right: list[tuple[str, ...]]
) -> None:
    pairs = align(left, right)
    assert sorted(pairs, key=str) == sorted(((i, j) for j, i in align(right, left)), key=str)
    assert [i for i, _ in pairs if i is not None] == list(range(len(left)))
    assert [j for _, j in pairs if j is not None] == list(range(len(right)))


def test_an_end_in_other_words_is_not_the_same() -> None:
    def ending(words: str) -> list[Record]:
        return run(stories.beginning()[0], *look(1, "a"), *stories.turn(2, words))

    assert kinds(compare(ending("Two wait."), ending("Two wait."))) == [Match.SAME, Match.SAME]
    found = compare(ending("Three letters wait."), ending("0 of 3 letters."))
    assert kinds(found) == [Match.SAME, Match.SAID]
    assert found.differences == (1,)


def test_a_step_that_one_run_has_more_stands_alone() -> None:
    found = compare(story("a", "b", "c"), story("a", "c"))
    assert kinds(found) == [Match.SAME, Match.LEFT, Match.SAME]
    assert found.first == 1


def test_a_step_that_does_something_else_stands_beside_what_it_replaces() -> None:
    found = compare(story("a", "b", "c"), story("a", "x", "c"))
    assert kinds(found) == [Match.SAME, Match.OTHER, Match.SAME]


def test_the_same_call_that_ended_otherwise_is_a_difference() -> None:
    found = compare(story("a", "b"), story("a", "b", fails=2))
    assert kinds(found) == [Match.SAME, Match.ENDED]


def test_the_json_has_both_sides_and_the_first_divergence() -> None:
    told = as_json(compare(story("a", "b"), story("a", "x", "y")))
    assert told["first_divergence"]["left"]["calls"][0]["args"] == {"path": "b"}
    assert told["first_divergence"]["right"]["step"] == 2
    assert [pair["match"] for pair in told["pairs"]] == ["same", "other calls", "only right"]
    assert (told["left"]["steps"], told["right"]["calls"]) == (2, {"read_file": 3})


def test_the_json_says_where_a_cost_is_the_least() -> None:
    ask = ModelRequested(step=1, model="m")
    cut = ModelChunk(kind="text", text="", usage=Usage(input=90), cost_usd=0.25)
    whole = ModelReplied(step=1, blocks=(), stop="end_turn", cost_usd=0.5)
    told = as_json(compare(run(ask, cut, whole), run(ask, whole)))
    sides = [(told[side], told["pairs"][0][side]) for side in ("left", "right")]
    assert [(one["cost_usd"], one["cost_is_all"]) for one, _ in sides] == [
        (0.75, False),
        (0.5, True),
    ]
    assert [step["cost_is_all"] for _, step in sides] == [False, True]
    assert [(one["tokens_are_all"], step["tokens_are_all"]) for one, step in sides] == [
        (False, False),
        (True, True),
    ]
