"""The rungs of the ladder, and the grants they stand for."""

import pytest

from loopdeck.app.paint.ladder import Ladder, ladder_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.view.ladder import COUNTS, SCOPES, Rungs
from loopdeck.app.view.standing import reach
from loopdeck.permissions.learning.evidence import evidence
from loopdeck.session.values import Category
from tests.support.past import past_call

NOW = 1_000


def test_once_is_no_standing_permission() -> None:
    assert Rungs().grant(("shell(ls)",), "g1", NOW) is None


def test_each_scope_has_the_ends_that_fit_it() -> None:
    session = Rungs().reach(1)
    assert (session.scope, session.lasts) == ("session", "session")
    project = session.reach(1)
    assert (project.scope, project.lasts) == ("project", "never")
    assert project.last(1).lasts == "minutes"
    assert project.last(1).reach(-1).lasts == "minutes"
    assert project.reach(1).reach(1).scope == "user"
    assert Rungs().reach(-1) == Rungs()
    assert Rungs().last(1) == Rungs()
    assert Rungs().count(1) == Rungs()


def test_a_time_and_a_count_are_bounds_of_the_grant() -> None:
    timed = Rungs("session", "minutes").grant((" shell(ls) ",), "g1", NOW)
    assert timed is not None
    assert (timed.until, timed.calls) == (NOW + 900 * 1_000_000_000, None)
    assert (timed.rule.match, timed.rule.decide, timed.rule.scope) == (
        "shell(ls)",
        "allow",
        "session",
    )
    counted = Rungs("user").count(1).grant(("shell(ls)",), "g2", NOW)
    assert counted is not None
    assert (counted.until, counted.calls, counted.grant_id) == (None, 20, "g2")
    endless = Rungs("project", "never").grant(("shell(ls)",), "g3", NOW)
    assert endless is not None
    assert (endless.until, endless.calls) == (None, None)


def test_the_number_of_calls_stays_between_its_ends() -> None:
    rungs = Rungs("session")
    for _ in range(20):
        rungs = rungs.count(1)
    assert rungs.calls == COUNTS[-1]
    for _ in range(20):
        rungs = rungs.count(-1)
    assert rungs.calls == COUNTS[0]


def test_what_keeps_a_rule_from_being_given_is_a_sentence_of_its_own() -> None:
    ladder = Ladder(Rungs("session"), 2, ("shell(x)",), trouble="it does not cover this call")
    text = "\n".join(plain(line) for line in ladder_lines(ladder, 76))
    assert "⊘ It does not cover this call" in text


@pytest.mark.parametrize("cells", [40, 76, 96])
@pytest.mark.parametrize("scope", SCOPES)
def test_the_ladder_fits_and_names_every_choice(scope: str, cells: int) -> None:
    past = [past_call(1, "shell", {"command": "ls \x1b[2J"}, Category.READ)]
    found = evidence("shell(ls *)", past)
    ladder = Ladder(Rungs(scope), 0, ("shell(ls *)",), (("shell(ls)",), ("shell(ls *)",)), found)
    lines = ladder_lines(ladder, cells)
    text = "\n".join(plain(line) for line in lines)
    for word in ("once", "this session", "this project", "everywhere", "15 minutes", "no end"):
        assert word in text
    assert "\x1b" not in text
    assert all(width_of(line) <= cells for line in lines)


def test_the_evidence_is_a_sentence_with_examples_each_once() -> None:
    past = [
        past_call(n, "shell", {"command": "ls -l"}, Category.READ, answer="approved")
        for n in range(3)
    ]
    past.append(past_call(9, "shell", {"command": "rm x"}, Category.DESTRUCTIVE, answer="denied"))
    found = evidence("shell(ls *)", past)
    lines = ladder_lines(Ladder(Rungs("session"), 0, ("shell(ls *)",), (), found), 120)
    text = "\n".join(plain(line) for line in lines)
    assert "3 of 4 calls: 3 read, 0 write, 0 destructive" in text
    assert "You were asked about 3 of them: 3 approved, 0 denied." in text
    assert text.count("ls -l") == 1


def test_several_rules_are_one_grant_and_a_list_on_the_ladder() -> None:
    rules = ("shell(make)", "shell(git add -A)")
    grant = Rungs("project", "never").grant(rules, "g1", NOW)
    assert grant is not None
    assert grant.matches == rules
    assert [(rule.match, rule.scope, rule.grant_id) for rule in grant.rules] == [
        ("shell(make)", "project", "g1"),
        ("shell(git add -A)", "project", "g1"),
    ]
    whole = ("shell(make && git add -A)",)
    lines = ladder_lines(Ladder(Rungs("session"), 2, rules, (whole, rules)), 80)
    shown = [plain(line).strip() for line in lines]
    assert "▸ rule      shell(make)" in shown
    assert "shell(git add -A)" in shown
    assert "one permission, a rule for each part · 2 of 2 that would cover it" in shown


def test_a_rule_that_covers_more_than_it_looks_like_says_so() -> None:
    wide = ("category(write)",)
    assert reach(("shell(make)",)) == ()
    lines = ladder_lines(Ladder(Rungs("user", "never"), 2, wide, reach=reach(wide)), 120)
    shown = [plain(line) for line in lines]
    assert "! It covers everything that counts as write, whatever it is." in shown
    refused = Ladder(Rungs("user", "never"), 2, wide, trouble="it cannot", reach=reach(wide))
    assert not any("everything" in plain(line) for line in ladder_lines(refused, 120))
