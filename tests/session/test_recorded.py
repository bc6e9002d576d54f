"""What is left of recorded calls for rules to be held against."""

from hypothesis import given

from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    HumanMessage,
    HumanSteered,
    SandboxChecked,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.standing import IMPORTED
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Decision
from tests.support.past import told
from tests.support.records import recorded_calls, recording, started
from tests.support.strategies import sessions


def test_a_call_is_folded_with_its_verdict_and_its_humans_answer() -> None:
    events = [
        started(),
        *told("c1", "write_file", {"path": "a"}, answer="approved", facts={"paths": ["a"]}),
        *told("c2", "shell", {"command": "ls"}, Category.READ),
    ]
    one, two = recorded_calls(recording(events))
    assert (one.tool, one.args, one.category) == ("write_file", {"path": "a"}, Category.WRITE)
    assert (one.verdict, one.human_answer, one.asked) == (Decision.ASK, "approved", True)
    assert (one.workspace, one.facts) == ("/demo/shed", {"paths": ["a"]})
    assert (two.verdict, two.human_answer, two.asked) == (Decision.ALLOW, "", False)


def test_an_edited_call_keeps_what_the_model_wanted() -> None:
    events = told("c1", "shell", {"command": "a"}, answer="approved", edited={"command": "b"})
    (call,) = recorded_calls(recording([started(), *events]))
    assert (call.args, call.human_answer) == ({"command": "a"}, "edited")


def test_only_the_first_verdict_counts_and_a_call_without_one_is_left_out() -> None:
    asked = told("c1", "shell", {"command": "a"}, Category.NETWORK)
    again = asked[1].model_copy(update={"category": Category.READ})
    proposed = told("c2", "shell", {})[0]
    (call,) = recorded_calls(recording([started(), *asked, again, proposed]))
    assert call.category is Category.NETWORK


def test_a_call_with_a_secret_taken_out_cannot_be_decided_again() -> None:
    args = {"command": "curl -H ‹redacted:token:0badcafe› https://a.example"}
    whole, redacted = recorded_calls(
        recording([started(), *told("c1", "shell", {"command": "ls"}), *told("c2", "shell", args)])
    )
    assert whole.decidable
    assert not redacted.decidable


def test_what_was_around_a_call_when_it_was_judged_is_known() -> None:
    fetch = [
        *told("c1", "shell", {"command": "curl a.example"}, Category.NETWORK),
        CallFinished(call_id="c1", ok=True, output=""),
    ]
    events = [
        started(),
        *told("c0", "shell", {"command": "ls"}, Category.READ),
        SandboxChecked(backend="landlock", passed=True),
        *fetch,
        *told("c2", "shell", {"command": "rm a"}, Category.DESTRUCTIVE),
        HumanSteered(),
        *told("c3", "shell", {"command": "rm b"}, Category.DESTRUCTIVE),
        HumanMessage(text="go on"),
        *told("c4", "shell", {"command": "rm c"}, Category.DESTRUCTIVE),
        SessionResumed(new_process=True, foreign=True),
        *told("c5", "shell", {"command": "rm d"}, Category.DESTRUCTIVE),
    ]
    calls = recorded_calls(recording(events))
    assert [call.tainted for call in calls] == ["", "", "shell", "shell", "", IMPORTED]
    assert [call.sandboxed for call in calls] == [False, *[True] * 5]


@given(sessions())
def test_a_call_is_tainted_by_what_the_fold_before_its_verdict_is_tainted_by(
    records: list[Record],
) -> None:
    before: dict[str, str] = {}
    state = SessionState()
    for record in records:
        if isinstance(record.event, CallJudged):
            before.setdefault(record.event.call_id, state.taint)
        state = advance(state, record)
    assert {call.call_id: call.tainted for call in recorded_calls(records)} == before
