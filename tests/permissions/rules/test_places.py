"""Rules about places: which calls they speak of, and which they cover."""

from datetime import UTC, datetime

import pytest

from loopdeck.errors import RuleError
from loopdeck.permissions.rules.language import Call, parse_rule
from loopdeck.permissions.rules.load import load_rules
from loopdeck.permissions.rules.matching import loosens, tightens
from loopdeck.permissions.rules.reaching import holding_back, names_host
from loopdeck.permissions.urls import address
from loopdeck.session.values import Assessment, Category, Rule


def fetch(url: str) -> Call:
    facts = {"hosts": [address(url).host]}
    return Call("web_fetch", {"url": url}, Assessment(category=Category.NETWORK, facts=facts), "")


def allow(match: str, **more: object) -> Rule:
    return Rule.model_validate({"decide": "allow", "match": match, **more})


@pytest.mark.parametrize(
    ("rule", "url", "fits"),
    [
        ("web_fetch(https://docs.python.org/*)", "https://docs.python.org/3/", True),
        ("WebFetch(https://docs.python.org/3/*)", "https://docs.python.org/2/", False),
        ("web_fetch(domain:docs.python.org)", "http://docs.python.org/x", True),
        ("web_fetch(domain:*.python.org)", "https://docs.python.org/", True),
        ("host(docs.python.org)", "https://docs.python.org/", True),
        ("host(python.org)", "https://docs.python.org/", False),
        ("web_fetch", "https://anywhere.example/", True),
    ],
)
def test_a_rule_about_a_place_fits_what_goes_there(rule: str, url: str, fits: bool) -> None:
    assert loosens(parse_rule(rule), fetch(url)) is fits
    assert tightens(parse_rule(rule), fetch(url)) is fits


@pytest.mark.parametrize(
    "text", ["web_fetch(docs)", "web_fetch(https://a*b.org/)", "WebFetch(x y)"]
)
def test_a_rule_that_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="is not"):
        parse_rule(text)


def test_a_rule_about_an_address_is_proven_by_addresses() -> None:
    table = {
        "decide": "allow",
        "match": "web_fetch(https://docs.python.org/3/*)",
        "examples": ["https://docs.python.org/3/library/"],
        "counterexamples": [
            "https://docs.python.org/2/",
            "https://docs.python.org.evil.example/3/",
        ],
    }
    assert len(load_rules([table], datetime(2026, 1, 1, tzinfo=UTC))) == 1


def test_a_redirect_is_held_back_by_what_denies_or_asks() -> None:
    rules = [
        allow("host(h.example)"),
        Rule(decide="ask", match="web_fetch(https://h.example/me/*)"),
        Rule(decide="deny", match="category(network)"),
    ]
    assert "ask" in holding_back(rules, address("https://h.example/me/x"))
    assert holding_back(rules, address("https://h.example/you")) == ""


def test_a_redirect_is_held_back_where_a_rule_allows_only_other_addresses_there() -> None:
    narrow = allow("web_fetch(https://h.example/docs/*)")
    assert "docs" in holding_back([narrow], address("https://h.example/me"))
    assert holding_back([narrow], address("https://h.example/docs/b")) == ""
    assert holding_back([narrow], address("https://other.example/")) == ""
    assert holding_back([narrow, allow("host(h.example)")], address("https://h.example/me")) == ""


@pytest.mark.parametrize(
    ("match", "host", "named"),
    [
        ("host(localhost)", "localhost", True),
        ("web_fetch(domain:wiki.corp.example)", "wiki.corp.example", True),
        ("web_fetch(http://localhost:8000/*)", "localhost", True),
        ("host(*.corp.example)", "wiki.corp.example", True),
        ("host([::1])", "::1", True),
        ("host(*)", "localhost", False),
        ("host(10.*)", "10.0.0.1", False),
        ("web_fetch", "localhost", False),
        ("category(network)", "localhost", False),
        ("host(corp.example)", "wiki.corp.example", False),
    ],
)
def test_only_a_rule_with_the_name_in_it_names_a_host(
    match: str, host: str, *, named: bool
) -> None:
    assert names_host([allow(match)], host) is named


def test_neither_a_project_nor_a_grant_names_a_host() -> None:
    assert not names_host([allow("host(localhost)", scope="project")], "localhost")
    assert not names_host([allow("host(localhost)", grant_id="g1")], "localhost")
    assert not names_host([Rule(decide="ask", match="host(localhost)")], "localhost")
