"""What a row says of an event: prose without its Markdown, everything else to the letter."""

import pytest

from loopdeck.app.view.history import fact_of
from loopdeck.session.events import BookmarkAdded, CallAnswered, CheckStarted, Event, RuleGranted
from loopdeck.session.values import Grant, Rule

RULE = Rule(decide="allow", match="write_file(drafts/**)", scope="session")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (RuleGranted(grant=Grant(grant_id="g1", rule=RULE), call_id="c1"), "write_file(drafts/**)"),
        (CheckStarted(attempt=1, command="# all\nls **/*.py"), "# all"),
        (CheckStarted(attempt=1, command="echo `date` > **/x"), "echo `date` > **/x"),
        (BookmarkAdded(at=3, label="**here**"), "**here**"),
        (CallAnswered(call_id="c1", answer="denied", by="human", reason="**no**"), "no"),
    ],
)
def test_only_prose_loses_its_stars(event: Event, words: str) -> None:
    fact = fact_of(event)
    assert fact is not None
    assert fact.text.startswith(words)
