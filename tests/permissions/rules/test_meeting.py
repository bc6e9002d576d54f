"""A rule that stops stops also what only may be meant: patterns, folders, files that are found."""

from pathlib import Path

import pytest

from loopdeck.permissions.policy import Policy, judge
from loopdeck.permissions.rules.meeting import may_meet
from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category, Decision, Rule

THERE = {"/ws/pkg": True, "/ws/src": True}


def decided(command: str, rule: str, *, sandboxed: bool = True) -> Decision:
    place = Place("/ws", folder=lambda path: path in THERE)
    said = classify(command, place)
    if sandboxed and said.category in (Category.READ, Category.WRITE):
        said = said.model_copy(update={"facts": {**said.facts, "sandboxed": True}})
    rules = (Rule(decide="deny", match=rule),)
    policy = Policy(4, rules, workspace=Path("/ws"), sandboxed=sandboxed)
    return judge("shell", {"command": command}, said, policy).decision


@pytest.mark.parametrize(
    "command",
    [
        "sed -i s/a/b/ s*/b.py",
        "touch sr?/x",
        "echo x | tee s*/b.py",
        "echo x | tee [st]rc/b.py",
        'find . -name "*.py" -exec sed -i s/a/b/ {} +',
        "ln -s src s2; touch s2/x",
        "ln -s src s2 && cd s2 && echo x > a.py",
        "black .",
        "patch -p1 < x.diff",
        "git apply x.diff",
        "git stash pop",
        "grep -rl a . | xargs sed -i s/a/b/",
    ],
)
def test_a_write_that_may_be_a_forbidden_one_asks(command: str) -> None:
    assert decided(command, "Edit(./src/**)") in (Decision.ASK, Decision.DENY)


@pytest.mark.parametrize(
    "command",
    ["sed -i s/a/b/ lib/*.py", "touch x", "tee t*/b.py", "find lib -name x -exec touch {} +"],
)
def test_a_write_that_cannot_be_a_forbidden_one_runs(command: str) -> None:
    assert decided(command, "Edit(./src/**)") is Decision.ALLOW


def test_a_folder_that_holds_a_forbidden_one_counts() -> None:
    assert decided("black pkg", "Edit(./pkg/secret/**)") is Decision.ASK
    assert decided("black other", "Edit(./pkg/secret/**)") is Decision.ALLOW


@pytest.mark.parametrize(
    "command",
    [
        "git -C . push",
        "git --no-pager push origin main",
        "git -c push.default=current push",
        "git --git-dir .git push",
        "git --git-dir=.git -C x push",
        "cd sub && git -C .. push -f",
    ],
)
def test_options_before_a_subcommand_hide_it_from_no_rule(command: str) -> None:
    assert decided(command, "Bash(git push:*)") is Decision.DENY


def test_another_subcommand_is_another_command() -> None:
    assert decided("git -C push status", "Bash(git push:*)") is not Decision.DENY


@pytest.mark.parametrize(
    "command",
    [
        "grep -r x .",
        "rg k",
        "cat $(git ls-files)",
        "find . -type f | xargs cat",
        "cat secrets/*",
        "cat s*/key",
        "git grep x",
        "git show",
        "git show HEAD",
        "git log -p",
        "git diff",
        "diff -r a .",
        "find . -name '*.txt' -exec cat {} +",
        "for f in $(git ls-files); do cat $f; done",
    ],
)
def test_a_read_of_whatever_is_there_asks_where_nothing_covers_it(command: str) -> None:
    rule = "Read(./secrets/**)"
    assert decided(command, rule, sandboxed=False) in (Decision.ASK, Decision.DENY)


@pytest.mark.parametrize(
    "command", ["grep -r x src", "rg k lib", "cat a.py", "git log --oneline", "find . | xargs ls"]
)
def test_a_read_elsewhere_runs(command: str) -> None:
    assert decided(command, "Read(./secrets/**)", sandboxed=False) is not Decision.DENY


def test_what_a_sandbox_covers_is_read_without_a_question_but_for_what_git_keeps() -> None:
    assert decided("grep -r x .", "Read(./secrets/**)") is Decision.ALLOW
    assert decided("git log -p", "Read(./secrets/**)") is Decision.ASK


@pytest.mark.parametrize(
    ("pattern", "path", "below", "meets"),
    [
        ("./src/**", "s*/b.py", False, True),
        ("./src/**", "t*/b.py", False, False),
        ("./src/**", ".", True, True),
        ("./src/**", "lib", True, False),
        ("*.pem", "lib", True, True),
        ("*.pem", "lib/*.py", False, False),
        ("*.pem", "lib/*", False, True),
        ("src/a?.py", "src/*b.py", False, True),
        ("src/a?.py", "src/*c", False, False),
        ("//etc/**", "/e*/hosts", False, True),
        ("//etc/**", "etc", True, False),
        ("~/x/**", "/home/me/x", True, True),
        ("src/[ab].py", "src/a*", False, True),
    ],
)
def test_patterns_meet_where_a_name_fits_both(
    pattern: str, path: str, below: bool, meets: bool
) -> None:
    assert may_meet(pattern, path, below=below, workspace="/ws", home="/home/me") is meets
