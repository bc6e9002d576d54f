"""What a call can do, in the words a person reads before answering."""

import pytest

from loopdeck.app.paint.facts import listed_facts, nature
from loopdeck.app.paint.lines import plain
from loopdeck.session.calls import CallView
from loopdeck.session.values import Category, JsonObject, Reason


def words(category: Category | None, **facts: object) -> str:
    """The line for a call with these facts."""
    return plain(nature(CallView("c1", 1, "shell", {}, 1, category=category, facts=facts)))


def test_a_write_says_where_it_is_and_how_it_is_undone() -> None:
    assert words(Category.WRITE, undoable=True) == "write · in the workspace · can be undone"
    assert words(Category.WRITE, undoable="git").endswith("git can undo it")
    assert words(Category.WRITE, undoable="log").endswith("the log can undo it")
    assert words(Category.DESTRUCTIVE, undoable="no").endswith("cannot be undone")
    assert words(Category.DESTRUCTIVE, undoable=False).endswith("cannot be undone")


def test_where_a_server_acts_is_not_claimed_but_what_its_call_names() -> None:
    assert words(Category.WRITE, server="memory") == "write"
    assert words(Category.WRITE, server="fs", paths=["a.md"]) == "write · in the workspace"
    outside = words(Category.WRITE, server="fs", paths=["/a"], outside_workspace=True)
    assert outside == "write · outside the workspace"


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


def about(facts: JsonObject, *reasons: str) -> list[str]:
    """What is said of the lists among these facts."""
    why = tuple(Reason(text=text) for text in reasons)
    call = CallView("c1", 1, "shell", {"command": "x"}, 1, reasons=why, facts=facts)
    return listed_facts(call)


def test_lists_become_sentences_and_marks_of_the_log_are_not_shown() -> None:
    facts: JsonObject = {
        "programs": ["cp", "sed"],
        "paths": ["a.py", "b.py", "c.py"],
        "reads": ["a.py"],
        "writes": ["b.py"],
        "makes": ["b.py"],
        "made_as": ["120 3f9a"],
        "sandbox": "bubblewrap",
        "what_comes_later": ["x"],
    }
    assert about(facts) == ["starts cp and sed", "reads a.py", "writes to b.py", "is about c.py"]
    assert about({"makes": ["n.py"], "made_as": ["1 2"]}) == [
        "can be made again from the log: n.py"
    ]


def test_what_a_reason_names_is_not_said_twice() -> None:
    facts: JsonObject = {"programs": ["git", "rm"], "deletes": ["build"], "paths": ["build"]}
    assert about(facts, "`build` is deleted", "`git add` writes the index") == ["starts rm"]


def test_many_paths_are_counted_and_none_can_act() -> None:
    (text,) = about({"reads": ["a\x1b[2J", *(f"f{n}" for n in range(30))]})
    assert "\x1b" not in text
    assert text.endswith("f10 and 19 others")
