"""One telling: each kind of event has words, and those who tell it do not contradict each other."""

import pytest
from hypothesis import Phase, find, settings
from pydantic import BaseModel

from loopdeck.app.plain.telling import Teller
from loopdeck.app.view.history import fact_of
from loopdeck.cli.prose import Calls, sentence
from loopdeck.session.events import Event, HumanAnswered, HumanSteered, ModelReplied, SessionResumed
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from loopdeck.session.telling import WITHDRAWN, told
from loopdeck.session.values import TextBlock
from tests.support.anyevent import KINDS, values
from tests.support.records import START

SILENT = {  # kinds that a run without a screen does not tell: another event says the whole
    "model_requested", "model_chunk", "call_judged", "call_started", "call_output",
    "plan_revised", "note_added", "bookmark_added",
}  # fmt: skip
QUICK = settings(
    max_examples=60,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
)


def in_a_sentence(event: Event) -> str:
    """What a run without a screen says of an event, as the first of its session."""
    return sentence(event, Calls())


def in_plain(event: Event) -> str:
    """What is printed of an event for those who have no screen."""
    return "\n".join(Teller().tell(Record("s", 2, START, 0, event), SessionState()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_or_named_as_silent(kind: type[BaseModel]) -> None:
    if kind.model_fields["type"].default in SILENT:
        return

    def is_told(value: BaseModel) -> bool:
        return bool(in_a_sentence(value).strip())  # pyright: ignore[reportArgumentType]  made of a kind

    find(values(kind), is_told, settings=QUICK)


def test_a_fork_is_told_as_one_everywhere() -> None:
    event = SessionResumed(fork=True, new_process=True)
    fact = fact_of(event)
    assert fact is not None
    assert in_a_sentence(event) == fact.text == told(event)
    assert in_plain(event) == f"forked: {told(event)}"


def test_words_are_put_in_nobodys_mouth() -> None:
    assert (
        in_plain(HumanSteered(text="")) == in_a_sentence(HumanSteered(text="")) == "you interrupted"
    )
    withdrawn = HumanAnswered(ask_id="a", answer="withdrawn")
    assert in_plain(withdrawn) == f"answer: {WITHDRAWN}"
    assert in_a_sentence(withdrawn).strip() == WITHDRAWN


def test_a_summary_for_the_model_is_not_told_as_the_agents_words() -> None:
    event = ModelReplied(step=1, blocks=(TextBlock(text="SECRET PLAN"),), stop="compacted")
    for line in (in_plain(event), in_a_sentence(event)):
        assert "SECRET" not in line
        assert "sums up" in line
