"""Standing permissions, outside content and made files, as a session's events tell of them."""

from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallProposed,
    Event,
    HumanMessage,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
)
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
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


def test_what_the_session_made_is_known_until_it_is_deleted() -> None:
    made = ran("c1", "write_file", Category.WRITE, {"makes": ["a.py", "b.py"]})
    gone = ran("c2", "shell", Category.WRITE, {"deletes": ["a.py"]})
    assert after(*made).made == ("a.py", "b.py")
    assert after(*made, *gone).made == ("b.py",)


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
