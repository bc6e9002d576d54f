"""Everything on the screen shows the moment under the playhead: ten moments of an eventful session.

`LOOPDECK_GOLDENS=write` writes the pictures anew.
"""

import pytest

from loopdeck.app.paint.bar import sum_words
from loopdeck.app.paint.lines import Line, plain
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.payload import Payload
from loopdeck.app.panes.plan import PlanPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.invariants import problems
from tests.app.pictures import hold_text, picture
from tests.app.screens import HUGE, MEDIUM, WIDE, Desk, deck
from tests.support.eventful import eventful

TAPE = eventful()
SOME = list(TAPE.moments.values())[1::2]
READS = ("facts", "result", "answered", "colours")  # what the panes read for a moment


def test_the_story_is_a_valid_recording() -> None:
    assert list(problems(TAPE.records)) == []
    assert len(TAPE.moments) == 10


@pytest.mark.parametrize("size", [MEDIUM, WIDE, HUGE])
async def test_ten_moments(size: tuple[int, int]) -> None:
    pages: list[str] = []
    async with deck([], records=TAPE.records, size=size, accepts=False) as desk:
        for name, seq in TAPE.moments.items():
            await at(desk, seq)
            pages.append(f"== {name} ==\n{picture(desk.app)}")
    hold_text(f"moments-{size[0]}x{size[1]}", "\n".join(pages))


async def test_a_moment_shows_what_was_shown_when_it_was_now() -> None:
    past: dict[int, dict[str, list[str]]] = {}
    async with deck([], records=TAPE.records, accepts=False) as desk:
        for seq in SOME:
            await at(desk, seq)
            past[seq] = shown(desk)
    async with deck([], records=TAPE.records[:1], accepts=False) as desk:
        for seq in SOME:
            desk.journal.take(TAPE.records[len(desk.journal.records) : seq])
            await at(desk, seq)
            assert shown(desk) == past[seq]


async def test_standing_permissions_are_looked_at_in_their_moment() -> None:
    async with deck([], records=TAPE.records, accepts=False) as desk:
        desk.clock.advance(3_600)
        await at(desk, TAPE.moments["a standing permission answered"])
        await desk.press("G")
        await desk.shows("shell(ls *)")
        await desk.shows("0:00 ago")


async def at(desk: Desk, seq: int) -> None:
    """Go to an event, and wait until all of it is on the screen."""
    desk.deck.player.seek(seq if seq < len(desk.journal.records) else None)
    await desk.until(lambda: desk.deck.scene.seq == seq)
    await desk.until(lambda: desk.deck.scene.position == desk.deck.player.wanted)
    await desk.pilot.pause()
    await desk.until(lambda: not reads(desk))
    await desk.pilot.pause()


def reads(desk: Desk) -> bool:
    """Whether a pane still reads for a moment."""
    return any(one.group in READS and not one.is_finished for one in desk.deck.workers)


def shown(desk: Desk) -> dict[str, list[str]]:
    """What every pane says, apart from what is known only later."""
    deck_ = desk.deck
    loop = deck_.query_one(LoopPane)
    rows = [loop.line_at(at, 60) for at in range(loop.virtual_size.height)]
    return {
        "plan": words(deck_.query_one(PlanPane)),
        "loop": [plain(row) for row in rows],
        "result": words(deck_.query_one(ResultPane)),
        "payload": words(deck_.query_one(Payload)) if deck_.drawer.item else [],
        "sums": [plain(sum_words(deck_.scene))],
        "level": [str(deck_.scene.state.level)],
    }


def words(view: LineView) -> list[str]:
    """The lines of a view."""
    lines: list[Line] = list(view.lines)
    return [plain(line) for line in lines]
