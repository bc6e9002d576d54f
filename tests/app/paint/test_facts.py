"""What a call can do, in the words a person reads before answering."""

import pytest

from loopdeck.app.paint.facts import nature
from loopdeck.app.paint.lines import plain
from loopdeck.session.calls import CallView
from loopdeck.session.values import Category


def words(category: Category | None, **facts: object) -> str:
    """The line for a call with these facts."""
    return plain(nature(CallView("c1", 1, "shell", {}, 1, category=category, facts=facts)))


def test_a_write_says_where_it_is_and_how_it_is_undone() -> None:
    assert words(Category.WRITE, undoable=True) == "write · in the workspace · can be undone"
    assert words(Category.WRITE, undoable="git").endswith("git can undo it")
    assert words(Category.WRITE, undoable="log").endswith("the log can undo it")
    assert words(Category.DESTRUCTIVE, undoable="no").endswith("cannot be undone")
    assert words(Category.DESTRUCTIVE, undoable=False).endswith("cannot be undone")


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("runs_code", "runs code"),
        ("sandboxed", "in the sandbox"),
        ("outside_sandbox", "outside the sandbox"),
        ("privileged", "acts as another user"),
        ("sensitive", "may hold secrets"),
        ("outside_workspace", "outside the workspace"),
    ],
)
def test_every_careful_fact_has_its_words(fact: str, said: str) -> None:
    assert said in words(Category.WRITE, **{fact: True})
    assert said not in words(Category.WRITE, **{fact: False})


def test_hosts_are_named_and_many_are_counted() -> None:
    one = words(Category.NETWORK, hosts=["example.com"])
    assert one == "network · talks to example.com"
    many = words(Category.NETWORK, hosts=["a.org", "b.org", "c.org", "d.org", "e.org"])
    assert many.endswith("talks to a.org, b.org, c.org and 2 more")


def test_a_call_nobody_understood_is_unknown() -> None:
    assert words(None).startswith("unknown · ")


def test_facts_from_outside_cannot_act_or_grow_without_end() -> None:
    line = words(Category.NETWORK, hosts=["\x1b]0;x\x07" + "h" * 5_000], env_set=["A\u202eB"])
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert "⟨U+202E⟩" in line
    assert len(line) < 200


def test_facts_of_a_wrong_shape_say_nothing() -> None:
    assert words(Category.READ, hosts="example.com", env_set={"a": 1}) == "read · in the workspace"
