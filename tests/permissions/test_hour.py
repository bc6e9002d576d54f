"""An ordinary hour: a bug is fixed, and only what a careful person wants to see asks."""

import json
from pathlib import Path

import pytest

from loopdeck.permissions.policy import Policy, judge
from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Assessment, Category, Decision
from tests.permissions.corpus import FOLDER, HOME, WORKSPACE

Command = dict[str, str | list[str]]


def hour() -> list[Command]:
    """The commands in their order; `makes` names the files that each leaves as its own."""
    lines = (FOLDER / "hour.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def decisions(level: int, *, sandboxed: bool = True) -> list[tuple[Command, Decision, str]]:
    """What happens to each command, and why."""
    policy = Policy(level, workspace=Path(WORKSPACE), home=Path(HOME), sandboxed=sandboxed)
    made: set[str] = set()
    place = Place(workspace=WORKSPACE, home=HOME, made=made.__contains__)
    seen: list[tuple[Command, Decision, str]] = []
    for command in hour():
        text = str(command["command"])
        said = classify(text, place)
        said = _in_the_sandbox(said) if sandboxed else said
        verdict = judge("shell", {"command": text}, said, policy)
        seen.append((command, verdict.decision, f"{said.category}, {verdict.rule}"))
        made.update(command.get("makes", []))
    return seen


def _in_the_sandbox(said: Assessment) -> Assessment:
    """What the shell tool adds where a sandbox passed its test."""
    if said.category not in (Category.READ, Category.WRITE):
        return said
    return said.model_copy(update={"facts": {**said.facts, "sandboxed": True}})


@pytest.mark.parametrize(("level", "name"), [(3, "three"), (4, "four")])
def test_only_what_a_careful_person_wants_to_see_asks(level: int, name: str):
    other = [
        f"{decision}, wanted {command[name]} ({why}): {command['command']!r}"
        for command, decision, why in decisions(level)
        if decision != command[name]
    ]
    assert not other, f"\n{len(other)}:\n" + "\n".join(other)


def test_in_the_sandbox_an_hour_asks_hardly_at_all():
    answers = [decision for _, decision, _ in decisions(4)]
    assert len(answers) >= 110
    assert answers.count(Decision.ASK) <= 3


def test_without_a_sandbox_level_four_asks_as_often_as_three():
    three = [decision for _, decision, _ in decisions(3)]
    assert [decision for _, decision, _ in decisions(4, sandboxed=False)] == three
