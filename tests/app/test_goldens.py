"""The deck as text at five sizes. `LOOPDECK_GOLDENS=write` writes the pictures anew."""

import pytest

from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallStarted,
    CheckFinished,
    CheckStarted,
    Event,
    HumanMessage,
    SessionEnded,
)
from tests.app.pictures import hold
from tests.app.screens import HUGE, MEDIUM, NARROW, WIDE, deck
from tests.support import stories

SIZES = [NARROW, MEDIUM, WIDE, HUGE, (300, 80)]


def finished() -> list[Event]:
    """The story to its good end."""
    return [
        *stories.waiting_for_two(),
        stories.approved("c7"),
        CallStarted(call_id="c7"),
        CallFinished(call_id="c7", ok=True, output="written", duration_ms=7, diff=stories.DRAFT),
        CallAnswered(call_id="c8", answer="denied", by="human", reason="shorter, please"),
        HumanMessage(text="Write to Mira instead."),
        CheckStarted(attempt=1, command="python3 check.py"),
        CheckFinished(attempt=1, ok=True, exit_code=0, output="all good", duration_ms=212),
        SessionEnded(outcome="done", verified="checked", text="Three drafts are written."),
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_two_drafts_wait_below_the_goal_and_the_step(size: tuple[int, int]) -> None:
    async with deck(stories.waiting_for_two(), size=size) as desk:
        await desk.shows("Approve? 1 of 2")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await desk.shows("% seen")
        await desk.pilot.pause()
        for text in ("draft three po", "step 5 of 5", "ada-hour.md", "n deny"):
            assert text in desk.screen()
        hold(desk.app, "waiting")


@pytest.mark.parametrize("size", SIZES)
async def test_a_step_in_the_past(size: tuple[int, int]) -> None:
    async with deck(stories.waiting_for_two(), size=size) as desk:
        await desk.press("left", "left")
        await desk.shows("then: acting" if size == NARROW else "There is no file")
        hold(desk.app, "past")


@pytest.mark.parametrize("size", SIZES)
async def test_a_finished_recording(size: tuple[int, int]) -> None:
    async with deck(finished(), size=size, accepts=False) as desk:
        await desk.shows("done, checked")
        await desk.shows("Three drafts are written.")
        await desk.pilot.pause()
        hold(desk.app, "finished")
