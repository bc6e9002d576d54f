"""Where the shell is after `cd`, `pushd` and `popd`, told by what a later read touches."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

PLACE = Place(workspace="/ws", home="/home/dev", folder={"/ws", "/ws/src"}.__contains__)


def outside(command: str) -> bool:
    said = classify(command, PLACE)
    assert said.category is Category.READ
    return bool(said.facts.get("outside_workspace"))


@pytest.mark.parametrize(
    "command",
    [
        "pushd src && ls && popd && cat a",
        "pushd src; cat x; popd; cat a",
        "cd src && cat x && cd - && cat a",
        "cd -; cat a",
        "popd; cat a",
        "cd src; cat x; cd ..; cat a",
        "cd src; cd ..; cd src; cd ..; cat a",
    ],
)
def test_the_shell_goes_back_to_where_it_was(command: str) -> None:
    assert not outside(command)


@pytest.mark.parametrize(
    "command",
    [
        "pushd /etc && popd && cat a",
        "cd /etc && cd /ws && cd - && cat a",
        "cd .. && cd ws && popd && cat a",
        "cd src; cd ..; cd ..; cat a",
        "cd other; cat x; cd ..",
        "cd s*; cat x; cd ..",
    ],
)
def test_where_it_may_have_been_outside_it_may_be_again(command: str) -> None:
    assert outside(command)


@pytest.mark.parametrize("command", ["pushd +1", "popd -n", "popd +1", "cd -x", "pushd a b"])
def test_a_walk_through_the_stack_is_not_followed(command: str) -> None:
    assert classify(command, PLACE).category is Category.UNKNOWN


def test_a_folder_that_the_command_may_take_away_may_be_missed() -> None:
    said = classify("rm -r src; cd src; cd ..; cat a", PLACE)
    assert said.facts["outside_workspace"]
