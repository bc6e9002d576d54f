"""`replay A --compare B` writes the comparison as data where nothing can be drawn."""

import json

from tests.support.program import Program


def test_the_two_demos_are_compared_as_data(program: Program) -> None:
    ran = program("replay", "demo-bugfix", "--compare", "demo-pitches", "--json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert (told["left"]["session"], told["right"]["session"]) == ("demo-bugfix", "demo-pitches")
    assert told["first_divergence"]["match"] != "same"
    assert "durations.py" in told["files"]["only_left"]
    same = json.loads(program("replay", "demo-bugfix", "--compare", "demo-bugfix", "--json").out)
    assert same["first_divergence"] is None


def test_without_a_screen_it_says_how_to_get_the_data(program: Program) -> None:
    ran = program("replay", "demo-bugfix", "--compare", "demo-pitches")
    assert ran.code == 2
    assert "--json" in ran.err
