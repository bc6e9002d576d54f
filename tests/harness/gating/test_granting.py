"""Standing permissions: refused where they reach too far, kept where they last."""

from dataclasses import replace

import pytest

from loopdeck.errors import ConfigError
from loopdeck.harness.gating.granting import Keeper, grant
from loopdeck.session.calls import CallView
from loopdeck.session.events import Event, RuleGranted, RuleRevoked
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Grant, JsonObject, Rule
from tests.support.book import NotingBook
from tests.support.records import recording, started


def given(match: str, scope: str = "session", **more: object) -> Grant:
    rule = Rule.model_validate({"decide": "allow", "match": match, "scope": scope})
    return Grant.model_validate({"grant_id": "g1", "rule": rule} | more)


def call(category: Category = Category.NETWORK, **facts: object) -> CallView:
    args: JsonObject = {"command": "git push origin main"}
    view = CallView("c1", 1, "shell", args, 2, category=category)
    return replace(view, facts={"hosts": ["origin"], **facts})


def state(*events: Event) -> SessionState:
    return project(recording([started(), *events]))


def test_a_grant_that_covers_the_call_is_given_with_it() -> None:
    wanted = given("shell(git push *)", calls=3)
    assert grant(wanted, call(), state()) == RuleGranted(grant=wanted, call_id="c1")


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("shell(git pull *)", "does not cover this call"),
        ("web_fetch", "does not cover this call"),
        ("shell", "whole tools"),
        ("shell(rm *)", "destroy"),
        ("shell(", "not of a known form"),
    ],
)
def test_a_grant_that_reaches_elsewhere_is_refused_with_a_sentence(match: str, words: str) -> None:
    answer = grant(given(match), call(), state())
    assert isinstance(answer, str)
    assert words in answer
    assert answer.endswith(".")


@pytest.mark.parametrize("category", [Category.DESTRUCTIVE, Category.UNKNOWN])
def test_a_grant_for_a_dangerous_call_is_refused(category: Category) -> None:
    assert isinstance(grant(given("shell(git push *)"), call(category), state()), str)


def test_a_grant_for_a_careful_call_has_to_name_what_needs_care() -> None:
    secret = call(sensitive=True)
    assert isinstance(grant(given("shell(git push *)"), secret, state()), str)
    exact = given("shell(git push origin main)")
    assert isinstance(grant(exact, secret, state()), RuleGranted)


@pytest.mark.parametrize("wrong", [{"scope": "cli"}, {"decide": "deny"}])
def test_only_an_allow_with_a_place_is_given(wrong: dict[str, str]) -> None:
    rule = Rule.model_validate({"decide": "allow", "match": "shell(git push *)"} | wrong)
    assert isinstance(grant(Grant(grant_id="g1", rule=rule), call(), state()), str)


def test_a_name_is_given_once() -> None:
    wanted = given("shell(git push *)")
    assert isinstance(grant(wanted, call(), state(RuleGranted(grant=wanted))), str)


def follow(keeper: Keeper, *events: Event) -> None:
    for record in recording(events):
        keeper(record)


def test_lasting_grants_are_kept_and_revoked_ones_dropped() -> None:
    book, said = NotingBook(), list[str]()
    keeper = Keeper(book, "/shed", said.append)
    follow(keeper, RuleGranted(grant=given("shell(git push *)")))
    assert book.grants == {}
    lasting = given("shell(git push *)", "project")
    follow(keeper, RuleGranted(grant=lasting))
    assert book.grants == {"g1": lasting}
    follow(keeper, RuleRevoked(grant_id="g1"))
    assert book.grants == {}
    assert said == []


def test_a_book_that_cannot_be_written_stops_nothing() -> None:
    book, said = NotingBook(), list[str]()
    book.fault = ConfigError("The book is stuck.", "Free it.")
    keeper = Keeper(book, "/shed", said.append)
    follow(keeper, RuleGranted(grant=given("shell(git push *)", "user")))
    assert said == ["The book is stuck. Free it."]


def test_several_rules_are_given_where_they_cover_the_call_together() -> None:
    args: JsonObject = {"command": "cd src && make && git add -A"}
    both = CallView("c1", 1, "shell", args, 2, category=Category.WRITE, facts={"runs_code": True})
    wanted = given("shell(make)", more=["shell(git add -A)"])
    assert grant(wanted, both, state()) == RuleGranted(grant=wanted, call_id="c1")
    assert isinstance(grant(given("shell(make)"), both, state()), str)
    worse = given("shell(make)", more=["shell(git add -A)", "shell(rm *)"])
    answer = grant(worse, both, state())
    assert isinstance(answer, str)
    assert "destroy" in answer
