"""Rules that can never match, and rules that cover more than they look like, are said to."""

import pytest

from loopdeck.permissions.rules.warnings import all_warnings, warnings
from loopdeck.session.values import Rule


def rule(text: str) -> Rule:
    decide, _, match = text.partition(" ")
    return Rule.model_validate({"decide": decide, "match": match})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deny NotebookEdit", "no such tool"),
        ("deny NotebookEdit(x)", "no such tool"),
        ("allow Bash(:*)", "empty"),
        ("deny Read(a//b)", "never matches"),
        ("deny Read(../secrets/**)", "`..`"),
        ("deny Bahs(x)", "names no known tool"),
        ("deny update_plan(x)", "cannot have a specifier"),
        ("allow Bash()", "nothing between"),
        ("deny Bash(make) && Bash(ls *)", "several rules in one"),
        ("allow Bash(git add *), Bash(make)", "several rules in one"),
    ],
)
def test_a_rule_that_can_never_match_is_said_to(text: str, words: str) -> None:
    (found,) = warnings(rule(text))
    assert words in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("allow Bash(*)", "every command"),
        ("allow Bash", "every command"),
        ("allow *", "every tool"),
        ("allow mcp__github", "every tool of that server"),
        ("allow mcp__*", "every tool of every server"),
        ("allow mcp__github__*", "every tool of that server"),
        ("allow Bash(npm run te*)", "and it alone"),
        ("allow Bash(git * main)", "star before its end"),
        ("allow Bash(* --version)", "every program"),
        ("allow Bash(python:*)", "runs whatever"),
        ("allow Bash(bash *)", "runs whatever"),
        ("allow Bash(xargs *)", "runs whatever"),
        ("allow Bash(ls*)", "begins with `ls`"),
        ("allow category(network)", "counts as network"),
        ("allow host(*)", "every host"),
        ("allow Edit(**)", "every file"),
        ("allow Read(//**)", "every file"),
    ],
)
def test_an_allow_that_is_broader_than_it_looks_is_said_to_be(text: str, words: str) -> None:
    found = warnings(rule(text))
    assert any(words in sentence for sentence in found), found
    strict = rule(text.replace("allow", "deny"))
    assert not any(words in sentence for sentence in warnings(strict))


@pytest.mark.parametrize(
    "text",
    [
        "allow Bash(git diff *)",
        "allow Bash(npm run test:*)",
        "allow Bash(python -m pytest *)",
        "allow Read(//etc/hosts)",
        "allow Read(~/notes/**)",
        "allow Edit(/src/**)",
        "allow WebFetch(domain:example.com)",
        "allow mcp__github__get_issue",
        "deny Read(./secrets/**)",
        "deny mcp__github",
        "deny Bash",
    ],
)
def test_a_plain_rule_is_nothing_to_talk_about(text: str) -> None:
    assert warnings(rule(text)) == ()


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("allow Bash(git push *)", "deny Bash(git *)"),
        ("allow Bash(git push)", "ask Bash(git push:*)"),
        ("ask Bash(git push *)", "deny Bash"),
        ("allow Read(secrets/a)", "deny Read(secrets/**)"),
        ("allow write_file", "deny Edit"),
        ("allow mcp__github__get", "deny mcp__github"),
        ("allow host(a.example)", "deny *"),
    ],
)
def test_a_rule_that_a_stricter_one_always_precedes_is_said_to_be(narrow: str, wide: str) -> None:
    rules = (rule(narrow), rule(wide))
    (found,) = all_warnings(rules)
    assert found.startswith(f"`{narrow}`")
    assert wide in found


def test_a_stricter_rule_about_something_else_shadows_nothing() -> None:
    for other in ("deny Bash(gitk *)", "deny Read(src/**)", "deny WebFetch", "allow Bash"):
        assert warnings(rule("allow Bash(git push *)"), (rule(other),)) == ()
