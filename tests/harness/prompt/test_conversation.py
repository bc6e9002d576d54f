"""The prompt is a projection: valid after any history, and told once."""

from hypothesis import given

from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.words import NO_RESULT
from loopdeck.ports import AssistantTurn, CallResult, ToolUse, Turn, UserTurn
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallProposed,
    CheckFinished,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    ModelReplied,
    ModelRequested,
)
from loopdeck.session.records import Record
from loopdeck.session.values import CallBlock, TextBlock, ThinkingBlock
from tests.support.records import recording, started
from tests.support.strategies import sessions


def turns(*events: Event) -> list[Turn]:
    """What the model would be sent after these events."""
    return Conversation(recording([started(), *events])).request()


def reply(*ids: str, step: int = 1, stop: str = "tool_use", text: str = "so") -> ModelReplied:
    """A reply with calls."""
    blocks = (TextBlock(text=text), *(CallBlock(call_id=call_id) for call_id in ids))
    return ModelReplied(step=step, blocks=blocks, stop=stop)


def proposed(call_id: str) -> CallProposed:
    """A call of the fake tool."""
    return CallProposed(call_id=call_id, step=1, tool="look", args={})


ASK = ModelRequested(step=1, model="m")
GOAL = UserTurn((), ("tidy the shed",))


def uses_of(turn: Turn) -> list[str]:
    """The calls of an assistant's turn."""
    blocks = turn.blocks if isinstance(turn, AssistantTurn) else ()
    return [block.call_id for block in blocks if isinstance(block, ToolUse)]


@given(sessions())
def test_any_history_gives_a_valid_prompt(records: list[Record]) -> None:
    request = Conversation(records).request()
    for turn, after in zip(request, [*request[1:], None], strict=True):
        expected = uses_of(turn)
        if not expected:
            continue
        assert isinstance(after, UserTurn), "calls at the very end have no results"
        assert [result.call_id for result in after.results] == expected
    told = [call for turn in request if isinstance(turn, UserTurn) for call in turn.results]
    assert len(told) == sum(len(uses_of(turn)) for turn in request)


@given(sessions())
def test_folding_in_two_goes_is_folding_at_once(records: list[Record]) -> None:
    middle = len(records) // 2
    conversation = Conversation(records[:middle])
    conversation.request()
    for record in records[middle:]:
        conversation.apply(record)
    assert conversation.request() == Conversation(records).request()


@given(sessions())
def test_what_was_sent_is_never_changed_afterwards(records: list[Record]) -> None:
    conversation = Conversation()
    seen: list[Turn] = []
    for record in records:
        if isinstance(record.event, ContextCompacted):
            return
        conversation.apply(record)
        assert conversation.turns[: len(seen)] == seen
        seen = list(conversation.turns)


def test_results_come_back_in_the_order_of_the_calls() -> None:
    request = turns(
        ASK,
        reply("c1", "c2"),
        proposed("c1"),
        proposed("c2"),
        CallFinished(call_id="c2", ok=True, output="second"),
        CallFinished(call_id="c1", ok=False, output="first"),
    )
    assert request[-1] == UserTurn(
        (CallResult("c1", "first", is_error=True), CallResult("c2", "second"))
    )


def test_a_call_without_a_result_is_told_as_not_run() -> None:
    request = turns(ASK, reply("c1"), proposed("c1"))
    assert request[-1] == UserTurn((CallResult("c1", NO_RESULT, is_error=True),))


def test_words_during_a_reply_come_after_it() -> None:
    request = turns(ASK, HumanMessage(text="wait"), reply(stop="end_turn"))
    assert request == [GOAL, AssistantTurn((TextBlock(text="so"),)), UserTurn((), ("wait",))]


def test_words_between_two_attempts_go_with_the_second() -> None:
    again = ModelRequested(step=1, attempt=2, model="m")
    request = turns(ASK, HumanMessage(text="wait"), again, reply(stop="end_turn"))
    assert request[0] == UserTurn((), ("tidy the shed", "wait"))
    assert isinstance(request[1], AssistantTurn)


def test_a_refused_reply_does_not_go_back() -> None:
    assert turns(ASK, reply(stop="refusal")) == [GOAL]


def test_a_thinking_signature_goes_back_unchanged() -> None:
    thought = ThinkingBlock(text="hm", signature="sealed")
    replied = ModelReplied(step=1, blocks=(thought, TextBlock(text="so")), stop="end_turn")
    assert turns(ASK, replied)[1] == AssistantTurn((thought, TextBlock(text="so")))


def test_a_denial_says_who_and_why() -> None:
    denied = CallAnswered(call_id="c1", answer="denied", by="human", reason="not today")
    (turn,) = turns(ASK, reply("c1"), proposed("c1"), denied)[2:]
    assert isinstance(turn, UserTurn)
    assert turn.results[0].is_error
    assert turn.results[0].text.startswith("Denied by your human: not today")


def test_a_failed_check_is_told_with_its_output() -> None:
    failed = CheckFinished(attempt=1, ok=False, exit_code=2, output="line 4: wrong")
    assert "line 4: wrong" in str(turns(ASK, reply(stop="end_turn"), failed)[-1])


def test_an_answer_to_a_question_is_told_once_as_its_result() -> None:
    request = turns(
        ASK,
        reply("c1"),
        proposed("c1"),
        HumanCalled(ask_id="a", kind="question", text="which?", call_id="c1"),
        HumanAnswered(ask_id="a", answer="", text="that"),
        CallFinished(call_id="c1", ok=True, output="that"),
    )
    assert request[-1] == UserTurn((CallResult("c1", "that"),))


def test_words_with_the_answer_to_a_halt_are_told() -> None:
    request = turns(
        ASK,
        reply(stop="end_turn"),
        HumanCalled(ask_id="a", kind="loop", text="again?"),
        HumanAnswered(ask_id="a", answer="tell", text="look elsewhere"),
    )
    assert request[-1] == UserTurn((), ("look elsewhere",))


def test_a_compaction_replaces_what_was_before_it() -> None:
    request = turns(
        ASK, reply(stop="end_turn"), ContextCompacted(upto=3, summary="all tidy but the bench")
    )
    assert len(request) == 1
    assert "all tidy but the bench" in str(request[0])
