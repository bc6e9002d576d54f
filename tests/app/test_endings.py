"""What the deck says once the run is over, paused, or was never finished."""

from dataclasses import replace

import pytest

from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.message import MessageBox
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.session.commands import Answer, Pause, Say
from loopdeck.session.events import (
    CallProposed,
    CallStarted,
    CheckStarted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanSteered,
    ModelRequested,
    SessionEnded,
    SessionPaused,
    SessionResumed,
)
from tests.app.deck.test_answering import armed
from tests.app.screens import MEDIUM, WIDE, deck
from tests.support import stories

STOPPED = SessionEnded(outcome="stopped", verified="unchecked", text="Stopped.")


def unfinished() -> list[Event]:
    """Everything that can be open, left open."""
    return [
        *stories.waiting_for_two(),
        CallProposed(call_id="c9", step=5, tool="shell", args={"command": "make"}),
        CallStarted(call_id="c9"),
        CheckStarted(attempt=1, command="check.py"),
        HumanCalled(ask_id="a1", kind="question", text="Which one?"),
        ModelRequested(step=6, model="m"),
    ]


async def test_nothing_runs_or_waits_on_the_screen_after_the_end() -> None:
    async with deck([*unfinished(), STOPPED]) as desk:
        await desk.shows("■ stopped by you")
        await desk.shows("cut off before it answered")
        screen = desk.screen()
        for word in ("thinking …", "running", "asks you", "waiting", "Approve?"):
            assert word not in screen
        assert screen.count("not run") == 2
        assert screen.count("not answered") == 1
        await desk.press("shift+left")
        await desk.shows("Approve? 1 of 3")


async def test_a_signal_cuts_off_what_ran_and_leaves_what_waits() -> None:
    story = [*unfinished(), SessionPaused(reason="signal")]
    async with deck(story, accepts=False) as desk:
        await desk.shows("cut off before it answered")
        await desk.shows("asks you")
        assert "running" not in desk.screen()


async def test_what_goes_on_after_a_pause_is_no_longer_cut_off() -> None:
    story: list[Event] = [
        *stories.beginning(),
        ModelRequested(step=5, model="m"),
        SessionPaused(reason="signal"),
        SessionResumed(by="human"),
        ModelRequested(step=5, model="m", attempt=2),
    ]
    async with deck(story) as desk:
        await desk.shows("thinking …")
        assert "cut off" not in desk.screen()


async def test_the_message_line_says_that_the_run_is_over_and_so_does_enter() -> None:
    async with deck([*stories.beginning(), STOPPED]) as desk:
        await desk.shows("the run is over · loopdeck resume goes on")
        await desk.press("enter")
        await desk.shows("The run is over · loopdeck resume goes on")
        await desk.press("escape", "escape")  # the list of commands, then their box
        assert isinstance(desk.app.focused, LoopPane)


async def test_a_draft_is_kept_until_it_is_sent() -> None:
    async with deck(stories.beginning()) as desk:
        box = desk.deck.query_one(MessageBox)
        await desk.press("enter", *"half", "escape")
        await desk.shows("your draft is kept")
        assert desk.sink.sent == []
        await desk.press("enter")
        await desk.until(lambda: box.text == "half")
        await desk.press("s", "enter")
        await desk.until(lambda: desk.sink.sent == [Say(text="halfs")])
        await desk.until(lambda: "your draft is kept" not in desk.screen())


async def test_a_pause_says_which_key_goes_on() -> None:
    story = [*stories.beginning(), SessionPaused(reason="human")]
    async with deck(story, keys={"pause": "f7"}) as desk:
        await desk.shows("‖ paused, f7 goes on")


async def test_p_pauses_again_once_somebody_else_has_gone_on() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("p")
        desk.journal.push(SessionPaused(reason="human"))
        await desk.shows("‖ paused")
        desk.journal.push(ModelRequested(step=7, model="m"))
        await desk.shows("▶ thinking")
        await desk.press("p")
        await desk.until(lambda: desk.sink.sent == [Pause(), Pause()])


async def test_the_past_says_that_it_was_then() -> None:
    async with deck(stories.beginning(), position=3) as desk:
        await desk.shows("then: ")


async def test_an_interruption_and_a_withdrawn_question_are_named() -> None:
    story: list[Event] = [
        *stories.beginning(),
        HumanCalled(ask_id="a1", kind="question", text="Which one?"),
        HumanAnswered(ask_id="a1", answer="withdrawn"),
        HumanSteered(),
    ]
    async with deck(story, size=WIDE) as desk:
        await desk.shows("❯  you interrupted")
        await desk.shows("withdrawn: the turn was")


async def test_the_list_follows_to_the_end_after_a_closing_turn() -> None:
    story = [
        *stories.beginning(),
        HumanCalled(ask_id="a1", kind="limit", text="Steps.", options=("raise", "finish", "stop")),
    ]
    async with deck(story, size=MEDIUM) as desk:
        await armed(desk)
        await desk.press("up", "up", "up", "f")
        await desk.until(lambda: desk.sink.sent == [Answer(ask_id="a1", answer="finish")])
        desk.journal.push(
            HumanAnswered(ask_id="a1", answer="finish"), *stories.turn(5, "In short."), STOPPED
        )
        loop = desk.deck.query_one(LoopPane)
        await desk.until(lambda: loop.row is not None and loop.row.kind == "ended")
        await desk.shows("■  stopped by you")


async def test_the_request_that_waits_is_in_sight_until_the_cursor_is_moved() -> None:
    more = [
        CallProposed(call_id=f"d{at}", step=5, tool="read_file", args={"path": f"f{at}"})
        for at in range(30)
    ]
    async with deck([*stories.waiting_for_two(), *more], size=MEDIUM) as desk:
        loop = desk.deck.query_one(LoopPane)
        await desk.until(lambda: loop.row is not None and loop.row.ref == "c7")
        await desk.press("j")
        await desk.until(lambda: loop.row is not None and loop.row.ref == "c8")
        await desk.press("up", "up")
        here = loop.cursor
        await desk.press("k")
        await desk.settled()
        assert loop.cursor == here


@pytest.mark.parametrize(
    ("ours", "says"), [(True, "nobody works on it: loopdeck resume"), (False, "recording ends")]
)
async def test_a_session_that_nobody_runs_is_not_shown_as_live(ours: bool, says: str) -> None:
    async with deck(unfinished(), accepts=False, ours=ours) as desk:
        await desk.shows("END")
        await desk.shows(says)
        assert "LIVE" not in desk.screen()


async def test_a_session_that_runs_elsewhere_is_watched_until_its_process_has_gone() -> None:
    async with deck(unfinished(), elsewhere="process 4242", ours=True) as desk:
        await desk.shows("LIVE, watching")
        await desk.shows("to the agent in process 4242")
        await armed(desk)
        desk.sink.accepts = False
        await desk.shows("END")
        await desk.shows("nobody works on it: loopdeck resume goes on")
        await desk.shows("0:00, nobody works on it")
        await desk.press("y", "l")
        await desk.settled()
        await desk.shows("Nobody works on it · loopdeck resume goes on")
        assert desk.sink.sent == []


@pytest.mark.parametrize(
    ("runner", "says"),
    [
        (Runner.HERE, ""),
        (Runner.ELSEWHERE, ""),
        (Runner.RESTING, "loopdeck resume goes on"),
        (Runner.OVER, "the run is over"),
        (Runner.RECORDING, "this is a recording"),
    ],
)
def test_who_runs_it_decides_whether_a_key_answers_and_what_is_said(
    runner: Runner, says: str
) -> None:
    scene = Scene(runner=runner)
    assert scene.can_answer is scene.goes_on is (says == "")
    assert says in scene.refusal
    assert not replace(scene, position=1).can_answer
