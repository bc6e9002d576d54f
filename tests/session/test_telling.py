"""Facts that are told alike: by a turning point itself, whoever shows it."""

from loopdeck.session.events import HumanAnswered, LimitHit, LimitWarned, SessionResumed
from loopdeck.session.telling import WITHDRAWN, allowance, told


def test_a_fork_is_no_going_on() -> None:
    words = "a fork from here on; the files stayed as they were"
    assert told(SessionResumed(fork=True, new_process=True), human="a person") == words
    assert told(SessionResumed(new_process=True)) == "you went on in a new process"
    assert told(SessionResumed(by="harness")) == "went on"


def test_nobody_answered_a_question_that_was_withdrawn() -> None:
    withdrawn = HumanAnswered(ask_id="a", answer="withdrawn")
    assert told(withdrawn, human="a person") == WITHDRAWN


def test_a_limit_is_told_in_its_unit() -> None:
    hit = LimitHit(limit="cost_usd", used=0.5012, allowed=0.5)
    assert told(hit) == "limit reached: $0.5012 of $0.50 used"
    unknown = told(LimitHit(limit="cost_usd", used=0, allowed=0.001))
    assert unknown == "limit of $0.0010 cannot be kept: the price of the model is unknown"
    near = LimitWarned(limit="steps", used=1, allowed=1)
    assert told(near) == "limit near: 1 step of 1 step used"
    assert allowance("tokens", 12_000) == "12,000 tokens"
    assert allowance("minutes", 1.5) == "1.5 minutes"
    assert allowance("minutes", 0.02) == "0.02 minutes"
    assert allowance("minutes", 0) == "0 minutes"
