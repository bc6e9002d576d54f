"""Rules, standing permissions and outside content, as a session's events tell of them."""

from typing import Literal

import pytest

from loopdeck.permissions.shell import classify
from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallProposed,
    CheckFinished,
    CheckStarted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    SessionPaused,
    SessionResumed,
)
from loopdeck.session.reducer import project
from loopdeck.session.standing import IMPORTED
from loopdeck.session.state import CheckView, SessionState
from loopdeck.session.values import Category, Decision, Grant, JsonObject, Rule
from tests.support.records import recording, started

LISTING = Rule(decide="allow", match="shell(ls *)", scope="session")


def after(*events: Event) -> SessionState:
    """The fold of a session with these events."""
    return project(recording([started(), *events]))


def judged(call: str, *, grant: str = "", category: Category = Category.READ) -> CallJudged:
    return CallJudged(
        call_id=call, verdict=Decision.ALLOW, category=category, level=3, rule="", grant_id=grant
    )


def ran(call: str, tool: str, category: Category, facts: JsonObject) -> list[Event]:
    return [
        CallProposed(call_id=call, step=1, tool=tool, args={}),
        judged(call, category=category).model_copy(update={"facts": facts}),
        CallFinished(call_id=call, ok=True, output=""),
    ]


def test_a_grant_stands_until_its_time_its_calls_or_a_human_end_it() -> None:
    grant = Grant(grant_id="g1", rule=LISTING, until=10**30, calls=2)
    state = after(RuleGranted(grant=grant))
    (view,) = state.grants
    assert [rule.grant_id for rule in state.standing(view.at)] == ["g1"]
    assert state.standing(10**30) == ()
    proposed = CallProposed(call_id="c1", step=1, tool="shell", args={})
    once = after(RuleGranted(grant=grant), proposed, judged("c1", grant="g1"))
    assert once.grants[0].hits == 1
    assert once.standing(view.at)
    twice = after(
        RuleGranted(grant=grant), proposed, judged("c1", grant="g1"), judged("c1", grant="g1")
    )
    assert twice.standing(view.at) == ()
    assert after(RuleGranted(grant=grant), RuleRevoked(grant_id="g1")).grants == ()


def test_outside_content_taints_until_the_human_writes_again() -> None:
    fetched = ran("c1", "shell", Category.NETWORK, {})
    assert after(*fetched).taint == "shell"
    assert after(*ran("c1", "mcp__issues__get", Category.READ, {})).taint == "mcp__issues__get"
    assert after(*ran("c1", "shell", Category.WRITE, {})).taint == ""
    assert after(*fetched, HumanMessage(text="go on")).taint == ""
    assert after(*fetched, HumanSteered(text="no, the other one")).taint == ""


def test_an_interruption_without_words_leaves_outside_content_what_it_is() -> None:
    fetched = ran("c1", "shell", Category.NETWORK, {})
    assert after(*fetched, HumanSteered()).taint == "shell"
    assert after(*fetched, HumanMessage(text=" \n")).taint == "shell"


@pytest.mark.parametrize(
    "command",
    [
        "curl https://example.org/a; rm b",
        "curl https://example.org/a | sh",
        "git fetch && git reset --hard",
        "git pull; rm -r build",
        "git clone https://example.org/c d && rm -r d/.git",
        "pip install x; rm y",
        "python fetch.py",
        "make docs",
    ],
)
def test_what_may_have_brought_something_in_taints_whatever_its_category(command: str) -> None:
    found = classify(command)
    assert after(*ran("c1", "shell", found.category, found.facts)).taint == "shell"


@pytest.mark.parametrize("command", ["rm b", "git reset --hard", "ls; cat a.py", "mv a b"])
def test_what_talks_to_nobody_brings_nothing_in(command: str) -> None:
    found = classify(command)
    assert after(*ran("c1", "shell", found.category, found.facts)).taint == ""


def test_walls_without_a_way_out_keep_what_others_wrote_outside() -> None:
    runs: JsonObject = {"runs_code": True, "sandboxed": True}
    assert after(*ran("c1", "shell", Category.WRITE, runs)).taint == ""
    let_out: JsonObject = {"outside_sandbox": True}
    assert after(*ran("c1", "shell", Category.WRITE, let_out)).taint == "shell"


def rule(
    match: str, scope: Literal["cli", "user", "project", "session"], until: int | None = None
) -> Rule:
    return Rule(decide="allow", match=match, scope=scope, until=until)


def test_a_rule_holds_until_its_time() -> None:
    opening = started().model_copy(update={"rules": (rule("shell(ls)", "user", until=100),)})
    state = project(recording([opening]))
    assert [each.match for each in state.standing(99)] == ["shell(ls)"]
    assert state.standing(100) == ()


def test_going_on_reads_the_rules_of_files_anew_and_keeps_those_given_to_the_session() -> None:
    given, config, project_own = (
        rule("shell(a)", "cli"),
        rule("shell(b)", "user"),
        rule("shell(c)", "project"),
    )
    opening = started().model_copy(update={"rules": (given, config, project_own)})
    later = rule("shell(d)", "user")
    again = SessionResumed(new_process=True, rules=(given, later))
    state = project(recording([opening, again]))
    assert state.rules == (given, later)
    assert project(recording([opening, *[again] * 9])).rules == (given, later)
    paused = project(recording([opening, SessionPaused(reason="human"), SessionResumed()]))
    assert paused.rules == (given, config, project_own)


def test_what_came_from_elsewhere_brings_no_permission_along() -> None:
    opening = started().model_copy(
        update={"rules": (rule("category(network)", "cli"),), "check": "make test", "level": 5}
    )
    grant = RuleGranted(grant=Grant(grant_id="g1", rule=LISTING))
    checked = [
        CheckStarted(attempt=1, command="make test"),
        CheckFinished(attempt=1, ok=True, output=""),
    ]
    ours = rule("shell(ls)", "user")
    taken_up = SessionResumed(new_process=True, rules=(ours,), foreign=True)
    state = project(recording([opening, grant, *checked, taken_up]))
    assert state.standing(0) == (ours,)
    assert state.taint == IMPORTED
    assert state.check == CheckView("make test", accepted=False)
    assert state.foreign == state.last_seq


def test_a_check_from_elsewhere_is_taken_over_or_left_out_by_a_question_of_ours() -> None:
    def answered(answer: str, *before: Event) -> CheckView | None:
        opening = started().model_copy(update={"check": "make test"})
        taken_up = SessionResumed(new_process=True, foreign=True)
        asked = HumanCalled(ask_id="a1", kind="check", text="Run it?", options=("run it",))
        told = HumanAnswered(ask_id="a1", answer=answer)
        story = [opening, *before, taken_up, *([] if before else [asked]), told]
        return project(recording(story)).check

    assert answered("run it") == CheckView("make test")
    assert answered("leave it out") is None
    theirs = HumanCalled(ask_id="a1", kind="check", text="Shall I say hello?", options=("run it",))
    assert answered("run it", theirs) == CheckView("make test", accepted=False)


def test_a_sandbox_that_did_not_pass_is_none() -> None:
    assert after().sandbox is None
    assert after(SandboxChecked(backend="landlock", passed=True)).sandbox == "landlock"
    failed = after(SandboxChecked(backend="bubblewrap", passed=False, says="no namespaces"))
    assert (failed.sandbox, failed.sandbox_says) == ("", "no namespaces")


def test_a_grant_of_several_rules_stands_and_ends_as_one() -> None:
    both = Grant(grant_id="g1", rule=LISTING, more=("shell(make)",), calls=1)
    state = after(RuleGranted(grant=both))
    rules = [(rule.match, rule.grant_id) for rule in state.standing(0)]
    assert rules == [(LISTING.match, "g1"), ("shell(make)", "g1")]
    assert after(RuleGranted(grant=both), RuleRevoked(grant_id="g1")).standing(0) == ()


def test_a_grant_written_before_there_could_be_several_is_read() -> None:
    old = {"grant_id": "g1", "rule": {"decide": "allow", "match": "shell(ls)"}}
    assert Grant.model_validate(old).matches == ("shell(ls)",)
