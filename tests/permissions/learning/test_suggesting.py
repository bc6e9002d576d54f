"""Suggestions: what is asked about most comes first, and nothing that was ever refused."""

from itertools import count

from loopdeck.permissions.learning import suggesting
from loopdeck.permissions.learning.history import History
from loopdeck.permissions.learning.suggesting import suggest
from loopdeck.permissions.shell import classify
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category
from tests.support.past import past_call

NUMBERS = count()


def ran(command: str, answer: str = "approved") -> RecordedCall:
    judged = classify(command)
    facts = dict(judged.facts)
    args = {"command": command}
    return past_call(next(NUMBERS), "shell", args, judged.category, answer=answer, facts=facts)


def wrote(path: str) -> RecordedCall:
    facts = {"paths": [path], "writes": [path]}
    return past_call(
        next(NUMBERS), "edit_file", {"path": path}, Category.WRITE, answer="approved", facts=facts
    )


def test_the_rule_that_saves_the_most_comes_first_and_counts_all_it_covers() -> None:
    calls = [
        *(wrote(f"src/a{number}.py") for number in range(5)),
        *(ran(f"mkdir -p out/{number}") for number in range(3)),
        ran("touch once"),
    ]
    found = suggest(calls)
    assert [one.rule for one in found] == ["edit_file(./src/**)", "shell(mkdir *)"]
    assert [one.evidence.saved for one in found] == [5, 3]


def test_a_rule_that_was_refused_once_gives_way_to_the_narrower_one() -> None:
    calls = [
        *(ran("mkdir -p out") for _ in range(3)),
        ran("mkdir -p elsewhere"),
        ran("mkdir /srv/x", "denied"),
        ran("mkdir -m 700 secret", "denied"),
    ]
    assert [one.rule for one in suggest(calls)] == ["shell(mkdir -p out)"]


def test_what_another_suggestion_saves_already_is_not_suggested_again() -> None:
    calls = [*(ran("mkdir -p out") for _ in range(4)), *(ran(f"mkdir -p a{n}") for n in range(2))]
    assert [one.rule for one in suggest(calls)] == ["shell(mkdir *)"]


def test_each_of_many_commands_that_were_often_asked_about_is_found() -> None:
    refused = ran("mkdir refused", "denied")
    calls = [ran(f"mkdir -p out/{number % 7}") for number in range(35)]
    found = suggest([*calls, refused])
    assert {one.rule for one in found} == {f"shell(mkdir -p out/{number})" for number in range(7)}


def test_hundreds_of_different_commands_are_not_all_taken_apart() -> None:
    calls = [ran(f"mkdir -p out/{number}") for number in range(500)]
    learned = suggesting.telling(History(calls))
    assert len(learned) <= suggesting.REPEATED + 1
    (one,) = suggest(calls)
    assert (one.rule, one.evidence.saved) == ("shell(mkdir *)", 500)
