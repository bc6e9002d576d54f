"""The index over recorded calls: it leaves out nothing that a rule covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.learning.evidence import evidence
from loopdeck.permissions.learning.history import History
from loopdeck.permissions.rules.allowing import covering
from loopdeck.permissions.rules.language import parse_rule
from loopdeck.permissions.rules.matching import reaches
from loopdeck.permissions.shell import classify
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category, Rule
from tests.support.past import past_call

COMMANDS = (
    "git status",
    "git  add 'a b.txt'",
    "g''it add a",
    "cd src && make test",
    "make 'test'",
    "make \\\n test",
    "make>log test",
    "timeout 60 make test",
    "FOO=1 make test",
    "npm run test:unit",
    "(make test)",
    "for f in a b; do echo $f; done",
    "echo 'it; make test'",
    'git commit -m "make test"',
    "rm -rf build",
    "frobnicate --all",
)
PATHS = ("src/a.py", "./src/a.py", "src/deep/b.py", "/etc/hosts", "/home/me/x", "a[1].txt", ".env")
RULES = (
    *(
        "shell(make test)",
        "shell(make test *)",
        "shell(make *)",
        "shell(git add *)",
        "shell(git *)",
    ),
    *("shell(git add 'a b.txt')", "shell(npm run test:*)", "shell(npm run te*)", "shell(* test)"),
    *("shell(cd src && make test)", "shell(echo *)", "shell(rm *)", "shell(timeout *)", "shell"),
    *("edit_file(./src/**)", "Edit(src/*.py)", "Edit(a.py)", "Edit(//etc/**)", "Edit(~/x)"),
    *("edit_file(./a[1].txt)", "Edit(**/b.py)", "edit_file", "Read", "category(write)", "*"),
    *("fact(sensitive)", "host(*.example.com)", "mcp__a__b", "mcp__a"),
)


def shell(number: int, command: str) -> RecordedCall:
    judged = classify(command)
    args = {"command": command}
    return past_call(number, "shell", args, judged.category, facts=dict(judged.facts))


def file(number: int, path: str) -> RecordedCall:
    return past_call(number, "edit_file", {"path": path}, Category.WRITE, facts={"paths": [path]})


PAST = [
    *(shell(number, command) for number, command in enumerate(COMMANDS)),
    *(file(100 + number, path) for number, path in enumerate(PATHS)),
    past_call(200, "mcp__a__b", {}, Category.NETWORK),
    past_call(201, "shell", {"command": "make ‹redacted:token:12345678›"}, Category.WRITE),
]


@pytest.mark.parametrize("text", RULES)
def test_what_a_rule_covers_is_never_left_out(text: str) -> None:
    history, matcher = History(PAST, home="/home/me"), parse_rule(text)
    pairs = [(Rule(decide="allow", match=text), matcher)]
    dangers = (Category.DESTRUCTIVE, Category.UNKNOWN)
    covered = [
        kind.first.call_id
        for kind in history.kinds
        if (
            reaches(matcher, kind.call)
            if kind.first.category in dangers
            else covering(kind.call, pairs)
        )
    ]
    assert [call.call_id for call in evidence(text, history).all] == covered


def test_the_index_spares_most_of_the_work() -> None:
    history = History(PAST)
    near = history.near(parse_rule("shell(git add *)"))
    assert [kind.first.call_id for kind in near] == ["c1", "c2"]
    assert [kind.first.tool for kind in history.near(parse_rule("mcp__a__b"))] == ["mcp__a__b"]
    assert len(history.near(parse_rule("Edit(src/*.py)"))) == 3


@given(st.lists(st.sampled_from(PAST[:8]), max_size=30))
def test_equal_calls_are_one_kind_and_every_one_of_them_counts(calls: list[RecordedCall]) -> None:
    history = History(calls)
    assert sorted(at for kind in history.kinds for at in kind.at) == list(range(len(calls)))
    assert len(history.kinds) == len({call.call_id for call in calls})
    assert list(history) == calls
    assert evidence("shell", history) == evidence("shell", calls)
