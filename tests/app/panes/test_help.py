"""The help shows every key at any size, and closes with the key that opened it."""

import pytest
from textual.pilot import Pilot

from loopdeck.app.keys.keymap import TABLE, Scope, remap
from loopdeck.app.look.themed import ThemedApp
from loopdeck.app.paint.help import help_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.panes.help import HelpScreen
from loopdeck.app.panes.lines import LineView

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]


async def opened(pilot: Pilot[None], changes: dict[str, str] | None = None) -> HelpScreen:
    screen = HelpScreen(changes)
    await pilot.app.push_screen(screen)
    await pilot.pause()
    return screen


@pytest.mark.parametrize("cells", [30, 54, 100, 110, 160, 190])
def test_every_key_is_there_once_and_fits_where_there_is_room(cells: int) -> None:
    lines = help_lines(cells)
    text = "\n".join(plain(line) for line in lines)
    assert max(width_of(line) for line in lines) <= cells
    if cells >= 48:
        for key in TABLE:
            times = 0 if key.scope is Scope.COMPARE else 1
            assert text.count(f"{key.label:<12}  {key.words}") == times


def test_more_room_makes_fewer_lines() -> None:
    heights = [len(help_lines(cells)) for cells in (54, 110, 160)]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] < 36


def test_it_begins_with_the_keys_of_the_screen_it_was_asked_on() -> None:
    lines = [plain(line) for line in help_lines(54, first=(Scope.PLAYHEAD, Scope.SEARCH))]
    heads = [at for at, text in enumerate(lines) if text.startswith(("Playhead ", "Search "))]
    assert heads[0] == 0
    assert heads[1] < lines.index("Everywhere")
    assert len(lines) == len(help_lines(54))


def test_the_keys_of_the_user_are_shown() -> None:
    text = "\n".join(plain(line) for line in help_lines(60, {"approve": "f2"}))
    assert f"{'f2':<12}  approve once" in text


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_of_the_table_can_be_reached(size: tuple[int, int]) -> None:
    app = ThemedApp[None]()
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        view = screen.query_one(LineView)
        await pilot.press("end")
        await pilot.wait_for_animation()
        assert view.last_visible >= len(view.lines)
        assert view.region.right <= size[0]
        assert view.region.bottom <= size[1]


@pytest.mark.parametrize("key", ["escape", "question_mark", "q"])
async def test_it_closes(key: str) -> None:
    app = ThemedApp[None]()
    async with app.run_test() as pilot:
        screen = await opened(pilot)
        assert app.screen is screen
        await pilot.press(key)
        assert app.screen is not screen


async def test_a_remapped_help_key_closes_it_too() -> None:
    app = ThemedApp[None]()
    async with app.run_test() as pilot:
        app.set_keymap(remap({"help": "f1"}))
        screen = await opened(pilot, {"help": "f1"})
        await pilot.press("f1")
        assert app.screen is not screen


async def test_the_theme_can_be_turned_while_it_is_open() -> None:
    app = ThemedApp[None]()
    async with app.run_test() as pilot:
        await opened(pilot)
        before = app.theme
        await pilot.press("t")
        assert app.theme != before
