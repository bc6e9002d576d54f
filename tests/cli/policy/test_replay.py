"""Recorded calls are decided again as they would have been then, sandbox and taint and all."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from loopdeck.cli.places import Places, places
from loopdeck.cli.policy.replay import decide_again
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category, Decision, Rule
from tests.support.past import past_call


@pytest.fixture
def spots(tmp_path: Path) -> Places:
    """A home of its own."""
    return places(Namespace(db=None, config=None), {"LOOPDECK_HOME": str(tmp_path)})


def again(call: RecordedCall, level: int, spots: Places, *rules: Rule) -> Decision:
    """What would have been decided."""
    _, counts = decide_again([call], level, rules, spots)
    (decision,) = (word for word in Decision if counts[word.value])
    return decision


def test_outside_content_that_had_come_in_still_asks(spots: Places) -> None:
    push = past_call(1, "shell", {"command": "git push origin main"}, Category.NETWORK)
    allows = Rule(decide="allow", match="shell(git push *)")
    assert again(push, 3, spots, allows) is Decision.ALLOW
    assert again(replace(push, tainted="web_fetch"), 3, spots, allows) is Decision.ASK


def test_a_session_without_a_sandbox_is_not_given_one(spots: Places) -> None:
    tests = past_call(
        1, "shell", {"command": "pytest -q"}, Category.WRITE, facts={"runs_code": True}
    )
    assert again(tests, 4, spots) is Decision.ASK
    assert again(replace(tests, sandboxed=True), 4, spots) is Decision.ALLOW


def test_equal_calls_are_told_apart_by_what_was_around_them(spots: Places) -> None:
    push = past_call(1, "shell", {"command": "git push origin main"}, Category.NETWORK)
    allows = Rule(decide="allow", match="shell(git push *)")
    _, counts = decide_again([push, replace(push, tainted="shell")], 3, (allows,), spots)
    assert (counts["allow"], counts["ask"]) == (1, 1)
