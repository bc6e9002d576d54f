"""Whatever a log holds and wherever it stops: the prompt made of it is one that the API takes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.models.history import History
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallProposed,
    CallUnknown,
    ContextCompacted,
    Event,
    HumanMessage,
    ModelReplied,
    ModelRequested,
    SessionResumed,
)
from loopdeck.session.records import Record
from loopdeck.session.values import Block, CallBlock, TextBlock, ThinkingBlock
from tests.support.anyevent import any_events
from tests.support.api_rules import objections
from tests.support.records import recording, started
from tests.support.strategies import sessions

IDS = st.sampled_from(["c1", "c1-2", "c2", "toolu:03 ✓", ""])  # foreign ones and doubled ones too
WORDS = st.sampled_from(["", " \n", "so", "x" * 5_000])
SEQS = st.integers(0, 40)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(TextBlock, text=WORDS),
    st.builds(ThinkingBlock, text=WORDS, signature=st.sampled_from(["", "signed"])),
    *[st.builds(CallBlock, call_id=IDS)] * 2,
)
STOPS = st.sampled_from(["tool_use", "end_turn", "max_tokens", "refusal", "compacted", "odd"])
TOLD: list[st.SearchStrategy[Event]] = [
    st.builds(ModelRequested, step=st.just(1), model=st.just("m"), closing=st.booleans()),
    st.builds(
        ModelReplied, step=st.just(1), blocks=st.lists(BLOCKS, max_size=3).map(tuple), stop=STOPS
    ),
    st.builds(CallProposed, call_id=IDS, step=st.just(1), tool=WORDS, args=st.just({})),
    st.builds(CallAnswered, call_id=IDS, answer=st.just("denied"), by=st.just("human")),
    st.builds(CallFinished, call_id=IDS, ok=st.booleans(), output=WORDS),
    st.builds(CallUnknown, call_id=IDS, reason=WORDS),
    st.builds(HumanMessage, text=WORDS),
    st.builds(ContextCompacted, upto=SEQS, summary=WORDS),
    st.builds(SessionResumed, new_process=st.booleans()),
]
ANY = st.one_of(*TOLD, *TOLD, any_events().filter(lambda event: event.type != "model_replied"))


@st.composite
def turns(draw: st.DrawFn) -> list[Event]:
    """A reply with calls, of which some are proposed and some have their end."""
    ids = draw(st.lists(IDS, min_size=1, max_size=3))
    blocks = tuple(CallBlock(call_id=each) for each in ids)
    events: list[Event] = [ModelReplied(step=1, blocks=blocks, stop="tool_use")]
    known = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4))
    events += [CallProposed(call_id=each, step=1, tool="look", args={}) for each in known]
    ended = draw(st.lists(st.sampled_from(ids), max_size=2))
    return events + [CallFinished(call_id=each, ok=True, output=draw(WORDS)) for each in ended]


LOGS = st.lists(st.one_of(turns(), turns(), st.lists(ANY, max_size=3)), max_size=9).map(
    lambda parts: [event for part in parts for event in part]
)


def wrong(records: list[Record]) -> list[str]:
    """Why the API would refuse the prompt of a log."""
    messages = json.loads(History().encode(Conversation(records).request()))
    return objections({"model": "m", "max_tokens": 9, "messages": messages})


@given(LOGS, st.integers(0, 50), WORDS)
def test_any_beginning_of_any_events_gives_a_prompt_that_is_taken(
    events: list[Event], upto: int, goal: str
) -> None:
    assert wrong(recording([started(goal), *events])[: upto + 1]) == []
    assert wrong(recording(events)) == []


@given(sessions(), st.integers(0, 90))
def test_any_beginning_of_a_session_gives_a_prompt_that_is_taken(
    records: list[Record], upto: int
) -> None:
    assert wrong(records[: upto + 1]) == []
