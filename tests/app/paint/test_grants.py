"""Standing permissions as words, with what other sessions did by them."""

from dataclasses import replace

from loopdeck.app.paint.grants import elsewhere_words
from loopdeck.session.events import RuleGranted
from loopdeck.session.values import Category, Grant, Rule
from tests.support.past import past_call, told
from tests.support.records import recorded_calls, recording, started

MINUTE = 60 * 1_000_000_000
PUSHING = Grant(
    grant_id="g1", rule=Rule(decide="allow", match="shell(git push *)", scope="project")
)
PUSH = past_call(1, "shell", {"command": "git push origin main"}, Category.NETWORK)


def test_a_permission_of_this_session_alone_says_where_it_was_given() -> None:
    used_here = replace(PUSH, grant_id="g1", session="here")
    assert elsewhere_words(PUSHING, "given in step 2", [used_here], "here", 0) == "given in step 2"
    assert elsewhere_words(PUSHING, "", [], "here", 0) == "given before this session"


def test_what_other_sessions_did_by_it_is_counted() -> None:
    past = [
        replace(PUSH, session="old", gave="g1", at=MINUTE),
        replace(PUSH, session="old", grant_id="g1", at=2 * MINUTE),
        replace(PUSH, session="older", grant_id="g1", at=MINUTE),
        replace(PUSH, session="older", grant_id="g2", at=4 * MINUTE),
    ]
    assert elsewhere_words(PUSHING, "", past, "here", 5 * MINUTE) == (
        "given in session old with shell git push origin main"
        " · 2 calls in other sessions, the last 3:00 ago"
    )


def test_a_log_remembers_which_call_gave_a_permission_and_which_it_let_run() -> None:
    first = told("c1", "shell", {"command": "git push"}, Category.NETWORK, answer="approved")
    proposed, judged = told("c2", "shell", {"command": "git push"}, Category.NETWORK)
    by_it = judged.model_copy(update={"grant_id": "g1"})
    given = RuleGranted(grant=PUSHING, call_id="c1")
    log = recording([started(), *first[:3], given, first[3], proposed, by_it])
    one, two = recorded_calls(log)
    assert (one.gave, one.grant_id, one.human_answer) == ("g1", "", "approved")
    assert (two.gave, two.grant_id) == ("", "g1")
