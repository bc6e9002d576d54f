"""On the deck a key ends the wait for a model, and a command has the story summed up."""

from loopdeck.session.commands import Answer, Compact, Retry
from loopdeck.session.events import HumanCalled, ModelFailed, ModelReplied, ModelRequested
from loopdeck.session.events.thinking import COMPACTED, ContextCompacted
from loopdeck.session.values import TextBlock
from tests.app.screens import deck
from tests.support import stories

FAILED = [
    ModelRequested(step=6, model="m"),
    ModelFailed(step=6, attempt=1, error="It is overloaded.", wait_s=40),
]
GAVE_UP = [
    ModelFailed(step=6, attempt=2, error="It is overloaded."),
    HumanCalled(ask_id="a9", kind="model", text="Busy.", options=("try again", "stop")),
]
SUMMED_UP = [
    ModelRequested(step=6, model="m"),
    ModelReplied(step=6, blocks=(TextBlock(text="Two pitches are left."),), stop=COMPACTED),
    ContextCompacted(upto=4, summary="Two pitches are left."),
    ContextCompacted(upto=5, summary=""),
]


async def test_f5_ends_the_wait_and_then_answers_what_the_model_asks() -> None:
    async with deck([*stories.beginning(), *FAILED]) as desk:
        await desk.shows("f5 tries now")
        await desk.press("f5")
        await desk.until(lambda: desk.sink.sent == [Retry()])
        desk.journal.push(*GAVE_UP)
        await desk.shows("The model cannot go on")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await desk.press("f5")
        await desk.until(lambda: desk.sink.sent[1:] == [Answer(ask_id="a9", answer="try again")])


async def test_f5_says_nothing_to_an_agent_that_works() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("f5")
        await desk.settled()
        assert desk.sink.sent == []
        await desk.press("enter", *"/compact", "enter")
        await desk.until(lambda: desk.sink.sent == [Compact()])
        await desk.shows("Before its next step")


async def test_a_summary_is_a_step_and_a_turning_point_of_the_loop() -> None:
    async with deck([*stories.beginning(), *SUMMED_UP]) as desk:
        await desk.shows("sums up what happened")
        await desk.shows("Two pitches are left.")
        await desk.shows("long results lost their middle")
