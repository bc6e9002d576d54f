"""The sparing compositor sends the terminal what textual's sends, and asks fewer for lines."""

import random
import re

import pytest
from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from loopdeck.app.compositing import Span, SparingCompositor
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories

CHANGES = 12
IDLE_MOVE = re.compile(r"\x1b\[\d+;\d+H(?=\x1b\[\d+;\d+H|\n|\Z)")  # nothing is drawn where it goes


def drawer_of(desk: Desk) -> SparingCompositor:
    """What puts the deck together."""
    found = desk.deck._compositor  # pyright: ignore[reportPrivateUsage] - it has no public name
    assert isinstance(found, SparingCompositor)
    return found


def change(compositor: Compositor, regions: set[Region]) -> None:
    """Say that these have changed, and nothing else."""
    compositor._dirty_regions = set(regions)  # pyright: ignore[reportPrivateUsage] - widgets say it so


def updates(desk: Desk, dirty: set[Region]) -> tuple[str, str]:
    """What textual's compositor makes of these regions, and what ours does."""
    compositor, texts = drawer_of(desk), list[str]()
    for render in (Compositor.render_partial_update, SparingCompositor.render_partial_update):
        change(compositor, dirty)
        update = render(compositor)
        assert update is not None
        texts.append(IDLE_MOVE.sub("", update.render_segments(desk.app.console)))
    return texts[0], texts[1]


def test_a_span_is_what_no_region_in_front_of_it_shows() -> None:
    span = Span(3, 10, 20)
    assert span.without(Region(0, 0, 12, 4)) == [Span(3, 12, 20)]
    assert span.without(Region(12, 3, 4, 1)) == [Span(3, 10, 12), Span(3, 16, 20)]
    assert span.without(Region(10, 3, 10, 1)) == []
    for beside in (Region(0, 0, 10, 9), Region(20, 0, 9, 9), Region(0, 4, 40, 2)):
        assert span.without(beside) == [span]


async def test_any_change_of_the_deck_is_drawn_as_textual_draws_it() -> None:
    chance = random.Random(3)
    async with deck(stories.waiting_for_two(), size=WIDE) as desk:
        await desk.shows("Approve? 1 of 2")
        for width, height in (WIDE, MEDIUM, NARROW):
            await desk.pilot.resize_terminal(width, height)
            await desk.pilot.pause()
            for _ in range(CHANGES):
                dirty = {
                    Region(
                        x := chance.randrange(width),
                        y := chance.randrange(height),
                        chance.randint(1, width - x),
                        chance.randint(1, min(9, height - y)),
                    )
                    for _ in range(chance.randint(1, 4))
                } - {desk.deck.size.region}
                textuals, ours = updates(desk, dirty)
                assert ours == textuals


async def test_only_who_shows_a_change_is_asked_for_lines_and_only_for_those(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str | None, int]] = []
    async with deck(stories.waiting_for_two(), size=WIDE) as desk:
        await desk.shows("Approve? 1 of 2")
        compositor = drawer_of(desk)

        def watch(widget: Widget) -> None:
            real = widget.render_lines

            def render_lines(crop: Region) -> list[Strip]:
                asked.append((widget.id, crop.height))
                return real(crop)

            monkeypatch.setattr(widget, "render_lines", render_lines)

        for widget in desk.deck.walk_children(Widget):
            watch(widget)
        plan = desk.deck.query_one("#plan").region
        change(compositor, {Region(plan.x, plan.y + 2, 5, 1)})
        compositor.render_partial_update()
        assert asked == [("plan", 1)]
        asked.clear()
        change(compositor, {Region(plan.right - 1, plan.y + 2, 2, 3)})
        compositor.render_partial_update()
        assert sorted(asked, key=str) == [("middle", 3), ("plan", 3)]


async def test_what_is_kept_is_the_screen_and_then_the_rows_that_change() -> None:
    async with deck(stories.waiting_for_two(), size=MEDIUM) as desk:
        await desk.shows("Approve? 1 of 2")
        compositor, screen = drawer_of(desk), desk.deck
        compositor.keep()
        screen.refresh()
        screen.catch_up()
        whole = {at: strip.text for at, strip in compositor.taken().items()}
        assert list(whole.values()) == [strip.text for strip in compositor.render_strips()]
        await desk.pilot.pause()
        compositor.taken()
        screen.bar.refresh()
        await desk.pilot.pause()
        assert list(compositor.taken()) == [screen.size.height - 1]
