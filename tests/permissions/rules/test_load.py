"""Rules from TOML: shapes, dates, and examples that prove them."""

import tomllib
from datetime import UTC, datetime

import pytest

from loopdeck.errors import ConfigError, RuleError
from loopdeck.permissions.rules.load import load_rules

NOW = datetime(2030, 6, 1, tzinfo=UTC)


def tables(text: str) -> object:
    return tomllib.loads(text)["rule"]


def test_a_rule_is_read_with_its_reason_and_scope() -> None:
    text = '[[rule]]\ndecide = "deny"\nmatch = "shell(rm *)"\nwhy = "no"\n'
    [rule] = load_rules(tables(text), NOW)
    assert (rule.decide, rule.match, rule.why, rule.scope) == ("deny", "shell(rm *)", "no", "user")


@pytest.mark.parametrize(
    ("expires", "holds"),
    [
        ("2030-06-01", True),
        ("2030-05-31", False),
        ("2030-06-01T00:00:01Z", True),
        ("2030-05-31T23:59:59", False),
        ('"2030-12-31"', True),
        ('"2029-12-31"', False),
    ],
)
def test_a_rule_ends_when_it_expires(expires: str, *, holds: bool) -> None:
    text = f'[[rule]]\ndecide = "ask"\nmatch = "shell"\nexpires = {expires}\n'
    assert bool(load_rules(tables(text), NOW)) is holds


@pytest.mark.parametrize(
    ("match", "examples", "counterexamples"),
    [
        ("shell(git diff *)", ["git diff", "git diff HEAD"], ["git difftool", "git diff; rm x"]),
        ("Read(./docs/**)", ["docs/a.md"], ["src/a.py"]),
        ("Read(~/notes/**)", ["~/notes/a"], ["~/other"]),
        ("host(*.example.com)", ["a.example.com"], ["example.org"]),
        ("mcp__x__*", ["mcp__x__list"], ["mcp__y__list"]),
        ("category(network)", ["curl https://a.b"], ["ls"]),
        ("fact(outside_workspace)", ["cat /etc/hosts"], ["cat a"]),
    ],
)
def test_examples_prove_a_rule(match: str, examples: list[str], counterexamples: list[str]) -> None:
    good = {"decide": "allow", "match": match}
    proof = {"examples": examples, "counterexamples": counterexamples}
    assert len(load_rules([{**good, **proof}], NOW)) == 1
    for example in counterexamples:
        with pytest.raises(RuleError, match="own example"):
            load_rules([{**good, "examples": [example]}], NOW)
    for example in examples:
        with pytest.raises(RuleError, match="counterexample"):
            load_rules([{**good, "counterexamples": [example]}], NOW)


@pytest.mark.parametrize(
    "table",
    [
        "shell",
        {},
        {"decide": "maybe", "match": "shell"},
        {"decide": "ask", "match": 3},
        {"decide": "ask", "match": ""},
        {"decide": "ask", "match": "shell", "extra": 1},
        {"decide": "ask", "match": "shell", "examples": "ls"},
        {"decide": "ask", "match": "shell", "expires": "soon"},
    ],
)
def test_a_wrong_table_is_a_config_error_that_names_the_rule(table: object) -> None:
    with pytest.raises(ConfigError, match="Rule 2"):
        load_rules([{"decide": "ask", "match": "shell"}, table], NOW)


def test_rules_that_are_no_list_are_refused() -> None:
    with pytest.raises(ConfigError, match="list of tables"):
        load_rules({"decide": "ask"}, NOW)


def test_a_project_may_only_tighten() -> None:
    with pytest.raises(RuleError, match="allow"):
        load_rules([{"decide": "allow", "match": "shell"}], NOW, scope="project")
    assert load_rules([{"decide": "deny", "match": "shell"}], NOW, scope="project")


def test_a_rule_that_cannot_be_understood_is_refused() -> None:
    with pytest.raises(RuleError):
        load_rules([{"decide": "ask", "match": "shel(x)"}], NOW)
